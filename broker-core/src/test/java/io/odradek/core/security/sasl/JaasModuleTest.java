package io.odradek.core.security.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JaasModuleTest {
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "required username=\"admin\" password=\"admin-secret\" user_admin=\"admin-secret\" user_bob=\"x\";",
                "REQUIRED\n  username=\"a b\"\n  password=\"semi;colon=, 'quote' \\\"double\\\" \\\\back\";",
                "required /* who */ username=\"alice\" // and how\n password=word;",
                "sufficient;",
                "optional serviceName=\"kafka\" useKeyTab=true;",
            })
    void whatKafkaReadsIsReadAlike(String options) {
        JaasModule module = JaasModule.readOne(PLAIN + " " + options);

        Map<String, Object> settings = new HashMap<>(Map.of("sasl.jaas.config", new Password(PLAIN + " " + options)));
        AppConfigurationEntry kafkas =
                JaasContext.loadClientContext(settings).configurationEntries().get(0);
        assertThat(module.className()).isEqualTo(kafkas.getLoginModuleName());
        Map<String, Object> read = new HashMap<>(module.options());
        assertThat(read).isEqualTo(new HashMap<>(kafkas.getOptions()));
    }

    @Test
    void usersAreOptionsOfOneKind() {
        JaasModule module = JaasModule.readOne(PLAIN + " required username=\"a\" user_alice=\"1\" user_bob=\"2\";");

        assertThat(module.optionsOf("user_")).isEqualTo(Map.of("alice", "1", "bob", "2"));
        assertThat(module.option("username")).isEqualTo("a");
        assertThat(module.option("password")).isNull();
        assertThat(module.toString()).isEqualTo(PLAIN + " [user_alice, user_bob, username]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|it has no login module",
                "a.B|it ends where a flag after the class of module 1 has to come",
                "a.B username=\"x\";|after the class of module 1 has to come one of required, requisite, sufficient, optional",
                "a.B required|it ends where a semicolon at its end has to come",
                "a.B required username;|option 1 of module 1 has no value",
                "a.B required username=;|option 1 of module 1 has no value",
                "a.B required username=\"x\" password=my secret;|option 3 of module 1 has no value",
                "a.B required password=\"my\"secret\"\" other=\"x\";|option 2 of module 1 has no value",
                "a.B required password=my;secret;|after the class of module 2 has to come one of required, requisite,"
                        + " sufficient, optional",
                "a.B required password=my;secret|it ends where a flag after the class of module 2 has to come",
                "a.B required username=\"secret|it has a quotation mark that nothing closes",
                "a.B required; c.D required;|it has 2 login modules where there can be one",
            })
    void whatIsNoneIsRefusedWithoutItsSecrets(String text, String why) {
        assertThatThrownBy(() -> JaasModule.readOne(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }
}
