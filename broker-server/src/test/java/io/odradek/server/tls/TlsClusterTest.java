package io.odradek.server.tls;

import io.odradek.server.certificates.Identity;
import io.odradek.server.certificates.Issuer;
import io.odradek.server.embedded.EmbeddedCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three brokers that talk over TLS, and show each other their certificates. */
@Timeout(180)
class TlsClusterTest {
    private static final Duration VALID = Duration.ofDays(1);
    private static final Issuer ROOT = new Issuer("CN=root", VALID);
    private static final String MODULES = "org.apache.kafka.common.security.";

    private static EmbeddedCluster.Builder cluster(String protocol, String host) {
        Identity identity = ROOT.issue("CN=broker", List.of(host), VALID);
        return EmbeddedCluster.builder(3)
                .setting("listeners", "OPEN://127.0.0.1:0,BROKERS://127.0.0.1:0")
                .setting("listener.security.protocol.map", "OPEN:PLAINTEXT,BROKERS:" + protocol)
                .setting("inter.broker.listener.name", "BROKERS")
                .setting("ssl.keystore.type", "PEM")
                .setting("ssl.keystore.certificate.chain", identity.chainPem())
                .setting("ssl.keystore.key", identity.keyPem())
                .setting("ssl.truststore.type", "PEM")
                .setting("ssl.truststore.certificates", Identity.pem(ROOT.certificate()))
                .setting("ssl.client.auth", "required");
    }

    private static void writeOverADeath(EmbeddedCluster cluster) throws Exception {
        List<String> addresses = new ArrayList<>();
        cluster.up().forEach(id -> addresses.add(cluster.broker(id).bootstrapServers("OPEN")));
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", String.join(",", addresses));
        settings.put("acks", "all");
        settings.put("key.serializer", StringSerializer.class.getName());
        settings.put("value.serializer", StringSerializer.class.getName());
        try (Admin admin = Admin.create(settings)) {
            NewTopic topic = new NewTopic("t", 3, (short) 3).configs(Map.of("min.insync.replicas", "2"));
            admin.createTopics(List.of(topic)).all().get();
        }
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings)) {
            for (int i = 0; i < 60; i++) {
                producer.send(new ProducerRecord<>("t", "k" + i, "v".repeat(10_000)))
                        .get();
                if (i == 30) {
                    cluster.kill(2);
                }
            }
        }
    }

    @Test
    void copyRecordsAndChooseLeaders() throws Exception {
        try (EmbeddedCluster cluster = cluster("SSL", "127.0.0.1").start()) {
            writeOverADeath(cluster);
        }
    }

    @Test
    void logInWithEachOtherThroughIt() throws Exception {
        try (EmbeddedCluster cluster = cluster("SASL_SSL", "127.0.0.1")
                .setting("sasl.mechanism.inter.broker.protocol", "PLAIN")
                .setting("sasl.enabled.mechanisms", "PLAIN")
                .setting(
                        "listener.name.brokers.plain.sasl.jaas.config",
                        MODULES + "plain.PlainLoginModule required username=\"broker\" password=\"among brokers\""
                                + " user_broker=\"among brokers\";")
                .start()) {
            writeOverADeath(cluster);
        }
    }
}
