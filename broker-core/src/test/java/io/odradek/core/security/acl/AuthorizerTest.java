package io.odradek.core.security.acl;

import static io.odradek.core.security.acl.AclOperation.READ;
import static io.odradek.core.security.acl.AclOperation.WRITE;
import static io.odradek.core.security.acl.AclPermission.ALLOW;
import static io.odradek.core.security.acl.AclPermission.DENY;
import static io.odradek.core.security.acl.PatternType.LITERAL;
import static io.odradek.core.security.acl.PatternType.PREFIXED;
import static io.odradek.core.security.acl.ResourceType.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.core.transport.Peer;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorizerTest {
    private static final Peer ALICE =
            Peer.anonymous(InetAddress.getLoopbackAddress(), "PLAINTEXT").as("User:alice", false);

    private final Map<ResourcePattern, List<AclEntry>> entries = new TreeMap<>();

    private void add(String name, PatternType pattern, AclPermission permission, String host) {
        entries.computeIfAbsent(new ResourcePattern(TOPIC, name, pattern), any -> new ArrayList<>())
                .add(new AclEntry("User:alice", host, WRITE, permission));
    }

    private Authorizer authorizer(String... settings) {
        Map<String, String> all = new TreeMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return Authorizer.of(BrokerConfig.of(all), AclImage.EMPTY.with(entries));
    }

    @Test
    void superUsersMayDoWhatIsForbidden() {
        add("t", LITERAL, DENY, "*");
        assertThat(authorizer("super.users", "User:bob; User:alice").allows(ALICE, WRITE, TOPIC, "t"))
                .isTrue();
        assertThat(authorizer("super.users", "User:bob").allows(ALICE, WRITE, TOPIC, "t"))
                .isFalse();
    }

    @Test
    void superUsersArePrincipals() {
        assertThatThrownBy(() -> authorizer("super.users", "User:bob;alice"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("super.users");
    }

    @Test
    void whereNoEntryIsEverybodyMayOnlyIfThatIsSet() {
        assertThat(authorizer().allows(ALICE, WRITE, TOPIC, "t")).isFalse();
        assertThat(authorizer("allow.everyone.if.no.acl.found", "true").allows(ALICE, WRITE, TOPIC, "t"))
                .isTrue();
        add("t", LITERAL, ALLOW, "*");
        assertThat(authorizer("allow.everyone.if.no.acl.found", "true").allows(ALICE, READ, TOPIC, "t"))
                .as("an entry for something else is one")
                .isFalse();
    }

    @Test
    void oneThatDoesNotKnowTheEntriesYetLetsInNobody() {
        Authorizer closed = Authorizer.closed(
                BrokerConfig.of(Map.of("allow.everyone.if.no.acl.found", "true", "super.users", "User:bob")));
        assertThat(closed.allows(ALICE, WRITE, TOPIC, "t")).isFalse();
        assertThat(closed.allowsForAny(ALICE, WRITE, TOPIC)).isFalse();
        assertThat(closed.allows(ALICE.as("User:bob", false), WRITE, TOPIC, "t"))
                .isTrue();
    }

    @Test
    void entriesHoldForTheirHosts() {
        add("t", LITERAL, ALLOW, "127.0.0.1");
        add("u", LITERAL, ALLOW, "10.1.2.3");
        assertThat(authorizer().allows(ALICE, WRITE, TOPIC, "t")).isTrue();
        assertThat(authorizer().allows(ALICE, WRITE, TOPIC, "u")).isFalse();
    }

    /** As Kafka's own tests have it: what is allowed, what is denied, whether there is a topic that may be written. */
    @ParameterizedTest
    @CsvSource({
        "'',     '',          false",
        "a,      '',          true",
        "a,      a,           false",
        "a b,    a,           true",
        "a,      *,           false",
        "*,      a,           true",
        "*,      *,           false",
        "ab..,   '',          true",
        "ab..,   ab..,        false",
        "ab..,   a..,         false",
        "ab..,   abc..,       true",
        "ab..,   ab,          true",
        "abc,    ab..,        false",
        "abc x,  ab..,        true",
        "*,      a.. b,       true",
    })
    void whetherSomethingMayBeWrittenIsFoundFromAllEntries(String allowed, String denied, boolean may) {
        for (String name : allowed.isEmpty() ? new String[0] : allowed.split(" ")) {
            add(name.replace("..", ""), name.endsWith("..") ? PREFIXED : LITERAL, ALLOW, "*");
        }
        for (String name : denied.isEmpty() ? new String[0] : denied.split(" ")) {
            add(name.replace("..", ""), name.endsWith("..") ? PREFIXED : LITERAL, DENY, "*");
        }
        assertThat(authorizer().allowsForAny(ALICE, WRITE, TOPIC)).isEqualTo(may);
        assertThat(authorizer("allow.everyone.if.no.acl.found", "true").allowsForAny(ALICE, WRITE, TOPIC))
                .isEqualTo(!denied.equals("*"));
        assertThat(authorizer().allowsForAny(ALICE, READ, TOPIC)).isFalse();
    }
}
