package io.odradek.core.security.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.apache.kafka.common.security.ssl.SslPrincipalMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of certificates, beside those that Kafka makes of the same. */
class CertificateNamesTest {
    private static final List<String> NAMES = List.of(
            "CN=Alice,OU=ServiceUsers,O=Unknown,L=Unknown,ST=Unknown,C=Unknown",
            "CN=bob.example.org,OU=adminUsers",
            "CN=kafka1.example.org",
            "OU=only",
            "CN=\\,comma\\/slash,O=x",
            "");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DEFAULT",
                "RULE:^CN=(.*?),OU=ServiceUsers.*$/$1/",
                "RULE:^CN=(.*?),OU=ServiceUsers.*$/$1/L,DEFAULT",
                " RULE:^CN=(.*?),OU=(.*?),O=(.*?).*$/$1@$2/U , RULE:^.*[Cc][Nn]=([a-zA-Z0-9.]*).*$/$1/L , DEFAULT ",
                "RULE:^cn=(.*?),ou=(.*?)$/$1/L",
                "RULE:^.*[Cc][Nn]=([a-zA-Z0-9.]*).*$/$1@$2/",
                "RULE:^.*[Cc][Nn]=([a-zA-Z0-9.]*).*$/$12$0/",
                "RULE:CN=(.*)/\\$1\\/$1/,DEFAULT",
                "RULE:^CN=([^,ADEFLTU,]+)(,.*|$)/$1/,DEFAULT",
                "RULE:^CN=(\\w*)\\.(\\w*)\\/?.*$/$1-$2/U",
                "RULE:.*/x/",
                "RULE:^.*$/no $1 group/",
                ",DEFAULT,,",
                ""
            })
    void areAsKafkaMakesThem(String rules) {
        for (String name : NAMES) {
            assertThat(CertificateNames.read(rules).of(name)).as(name).isEqualTo(kafkas(rules, name));
        }
    }

    private static String kafkas(String rules, String name) {
        try {
            return SslPrincipalMapper.fromRules(rules).getName(name);
        } catch (IOException | IndexOutOfBoundsException noRuleApplies) {
            return null;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "default",
                "DEFAULT/L",
                "RULE:",
                "RULE:a/b",
                "RULE:a/b/l",
                "RULE:a/b/LU",
                "RULE:a/b/c/",
                "RULE:a/b/L DEFAULT",
                "DEFAULT,RULE:^CN=(.*),OU=x",
                "RULE:^CN=(.*/$1/",
                "RULE:a\\/b/c"
            })
    void rulesThatKafkaRefusesAreRefusedWithOneLine(String rules) {
        assertThatThrownBy(() -> SslPrincipalMapper.fromRules(rules)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CertificateNames.read(rules))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("\n")
                .isNotBlank();
    }

    @Test
    void sayWhichRuleIsBad() {
        assertThatThrownBy(() -> CertificateNames.read("DEFAULT, RULE:^(/$1/"))
                .hasMessage("'RULE:^(/$1/': its pattern is none: Unclosed group");
    }
}
