package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.EmbeddedCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The Java client sets quotas and sees them; run with each of its versions that can. */
@Timeout(120)
@DisabledIfSystemProperty(named = "kafka.clients.version", matches = "2\\.5.*", disabledReason = "KIP-546 is of 2.6")
class KafkaClientsQuotaApisTest {
    private static final String BYTES = "producer_byte_rate";

    @TempDir
    Path folder;

    private EmbeddedBroker start() {
        return EmbeddedBroker.builder().logFolder(folder).start();
    }

    private static Map<String, String> part(String type, String name) {
        Map<String, String> part = new HashMap<>();
        part.put(type, name);
        return part;
    }

    private static Map<String, String> both(String user, String clientId) {
        Map<String, String> both = part("user", user);
        both.put("client-id", clientId);
        return both;
    }

    @Test
    void quotasOfEveryKindAreThereUntilTheyAreRemovedAndOutliveTheBroker() throws Exception {
        try (EmbeddedBroker broker = start();
                QuotaAdmin quotas = new QuotaAdmin(broker.bootstrapServers())) {
            assertThat(quotas.all()).isEmpty();
            quotas.set(BYTES, 1024.0, "user", "CN=alice, O=*");
            quotas.set("request_percentage", 12.5, "user", "CN=alice, O=*");
            quotas.set("consumer_byte_rate", 2048.0, "user", "bob", "client-id", "app");
            quotas.set("controller_mutation_rate", 5.0, "user", null, "client-id", null);
            quotas.set(BYTES, 1.0, "user", "bob", "client-id", null);
            quotas.set(BYTES, 2.0, "client-id", "app");
            quotas.set(BYTES, 3.0, "client-id", null);
            quotas.set(BYTES, 4.0, "user", null);
            quotas.set("connection_creation_rate", 7.0, "ip", "10.0.0.1");
            quotas.set("connection_creation_rate", 8.0, "ip", null);
        }
        try (EmbeddedBroker broker = start();
                QuotaAdmin quotas = new QuotaAdmin(broker.bootstrapServers())) {
            assertThat(quotas.all()).hasSize(9);
            assertThat(quotas.exactly("user", "CN=alice, O=*"))
                    .isEqualTo(
                            Map.of(part("user", "CN=alice, O=*"), Map.of(BYTES, 1024.0, "request_percentage", 12.5)));
            assertThat(quotas.exactly("user", "bob")).isEmpty();
            assertThat(quotas.exactly("user", "bob", "client-id", "app"))
                    .isEqualTo(Map.of(both("bob", "app"), Map.of("consumer_byte_rate", 2048.0)));
            assertThat(quotas.exactly("user", null, "client-id", null))
                    .isEqualTo(Map.of(both(null, null), Map.of("controller_mutation_rate", 5.0)));
            assertThat(quotas.exactly("ip", null))
                    .isEqualTo(Map.of(part("ip", null), Map.of("connection_creation_rate", 8.0)));

            quotas.set(BYTES, null, "user", "CN=alice, O=*");
            quotas.set("request_percentage", null, "user", "CN=alice, O=*");
            quotas.set("connection_creation_rate", null, "ip", null);
            quotas.set(BYTES, null, "user", "nobody");
            assertThat(quotas.all())
                    .hasSize(7)
                    .doesNotContainKeys(part("user", "CN=alice, O=*"), part("ip", null), part("user", "nobody"));
        }
    }

    @Test
    void whatThereCannotBeIsRefusedAndWhatIsOnlyTriedChangesNothing() throws Exception {
        try (EmbeddedBroker broker = start();
                QuotaAdmin quotas = new QuotaAdmin(broker.bootstrapServers())) {
            quotas.check(BYTES, 1.0, "user", "alice");
            assertThatThrownBy(() -> quotas.check(BYTES, 1.5, "user", "alice"))
                    .hasCauseInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("Configuration producer_byte_rate must be a LONG value");
            assertThatThrownBy(() -> quotas.set("bytes", 1.0, "user", "alice"))
                    .hasCauseInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("Invalid configuration key bytes");
            assertThatThrownBy(() -> quotas.set("connection_creation_rate", 1.0, "ip", "nowhere.invalid"))
                    .hasCauseInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("nowhere.invalid is not a valid IP or resolvable host");
            assertThat(quotas.all()).isEmpty();
        }
    }

    @Test
    void everyBrokerOfAClusterKnowsWhatOneWasTold() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3);
                QuotaAdmin quotas = new QuotaAdmin(cluster.broker(1).bootstrapServers())) {
            quotas.set(BYTES, 1024.0, "user", "alice");
            for (int id = 1; id <= 3; id++) {
                try (QuotaAdmin other = new QuotaAdmin(cluster.broker(id).bootstrapServers())) {
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> other.all().equals(Map.of(part("user", "alice"), Map.of(BYTES, 1024.0))));
                }
            }
        }
    }
}
