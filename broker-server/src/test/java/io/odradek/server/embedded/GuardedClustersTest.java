package io.odradek.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three brokers that are guarded by a line of their builder: they know each other as clients are known. */
@Timeout(120)
class GuardedClustersTest {
    private static EmbeddedCluster.Builder cluster() {
        return EmbeddedCluster.builder(3)
                .topic("orders", 3, Map.of("min.insync.replicas", "3"))
                .acls(Acl.of("alice may WRITE topic orders"));
    }

    private static void write(Map<String, Object> client) throws Exception {
        client.put("acks", "all");
        client.put("enable.idempotence", "false");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
            for (int partition = 0; partition < 3; partition++) {
                producer.send(new ProducerRecord<>("orders", partition, "k", "v"))
                        .get();
            }
        }
    }

    private static void onlyAliceWrites(EmbeddedCluster cluster) throws Exception {
        write(cluster.clientProperties("alice"));
        assertThat(cluster.records("orders")).hasSize(3);
        assertThatThrownBy(() -> write(cluster.clientProperties("bob")))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TopicAuthorizationException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
    void brokersLogInWithEachOtherThroughTls(String mechanism) throws Exception {
        try (EmbeddedCluster cluster = cluster()
                .tls()
                .sasl(mechanism, "alice", "her secret")
                .sasl(mechanism, "bob", "another")
                .start()) {
            onlyAliceWrites(cluster);
            cluster.kill(2);
            cluster.restart(2);
            write(cluster.clientProperties());
        }
    }

    @Test
    void brokersLogInWithTokens() throws Exception {
        try (EmbeddedCluster cluster = cluster()
                .sasl("OAUTHBEARER", "alice")
                .sasl("OAUTHBEARER", "bob")
                .start()) {
            onlyAliceWrites(cluster);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void brokersShowEachOtherTheirCertificates(boolean clientsHaveTo) throws Exception {
        EmbeddedCluster.Builder builder =
                clientsHaveTo ? cluster().mutualTls() : cluster().tls();
        try (EmbeddedCluster cluster = builder.start()) {
            onlyAliceWrites(cluster);
            assertThat(List.copyOf(cluster.up())).containsExactly(1, 2, 3);
        }
    }
}
