package io.odradek.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SecurityPlanTest {
    @Test
    void whatCannotBeIsRefusedBeforeAnythingStarts() {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder().sasl("PLAIN", "alice", "secret");

        assertThatThrownBy(() -> builder.sasl("GSSAPI", "alice", "secret"))
                .hasMessage("There is no mechanism GSSAPI, only PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 and OAUTHBEARER");
        assertThatThrownBy(() -> builder.sasl("PLAIN", "alice", "other"))
                .hasMessage("alice may log in by PLAIN already");
        assertThatThrownBy(() -> builder.sasl("PLAIN", "bob")).hasMessage("bob needs a password for PLAIN");
        assertThatThrownBy(() -> builder.sasl("OAUTHBEARER", "bob", "secret"))
                .hasMessage("OAUTHBEARER has no passwords, only users");
        assertThatThrownBy(() -> builder.sasl("PLAIN", " ", "secret")).hasMessageContaining("has a name");
        assertThatThrownBy(() ->
                        builder.setting("listeners", "PLAINTEXT://127.0.0.1:0").start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("listeners is set, and so is tls(), mutualTls() or sasl()");
        assertThatThrownBy(() -> EmbeddedCluster.builder(3).acls().start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tell each other from clients");
    }

    @Test
    void whatTheBuilderWasToldToSetStays() {
        TreeMap<String, String> all = new TreeMap<>();
        all.put("ssl.client.auth", "requested");
        all.put("super.users", "User:alice");
        SecurityPlan plan = new SecurityPlan();
        plan.mutualTls();
        plan.acls(List.of());

        plan.guard(all, 0, true).close();

        assertThat(all)
                .containsEntry("ssl.client.auth", "requested")
                .containsEntry("super.users", "User:alice;User:odradek")
                .containsEntry("listeners", "SSL://127.0.0.1:0");
    }

    @Test
    void passwordsAreInNoText() {
        assertThat(new SecurityPlan.Login("PLAIN", "alice", "secret")).hasToString("alice by PLAIN");
    }

    @Test
    void aBrokerSaysWhoThereIsWhenSomebodyElseIsAskedFor() {
        try (EmbeddedBroker broker =
                EmbeddedBroker.builder().sasl("PLAIN", "alice", "secret").start()) {
            assertThatThrownBy(() -> broker.clientProperties("bob"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("There is no user bob, only [alice]");
        }
        try (EmbeddedBroker broker = EmbeddedBroker.builder().mutualTls().start()) {
            assertThatThrownBy(() -> broker.clientProperties(BrokerGuard.ITSELF))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("No client has the name of the brokers, odradek");
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            assertThatThrownBy(() -> broker.clientProperties("bob")).isInstanceOf(IllegalStateException.class);
        }
    }
}
