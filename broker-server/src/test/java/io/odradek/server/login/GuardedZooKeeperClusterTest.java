package io.odradek.server.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.certificates.Identity;
import io.odradek.server.certificates.Issuer;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.zookeeper.TestEnsemble;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers over a ZooKeeper, which copy over TLS and whose controller gives its orders over TLS with a login. */
@Timeout(240)
class GuardedZooKeeperClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration VALID = Duration.ofDays(1);
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required"
            + " username=\"controller\" password=\"orders\" user_controller=\"orders\";";

    @TempDir
    private Path folder;

    private Map<String, String> settings(TestEnsemble ensemble) throws Exception {
        Issuer root = new Issuer("CN=root", VALID);
        Identity broker = root.issue("CN=broker", List.of("127.0.0.1", "localhost"), VALID);
        Map<String, String> settings = new TreeMap<>(Map.of(
                "zookeeper.connect", ensemble.connect() + "/guarded",
                "zookeeper.session.timeout.ms", "8000",
                "listeners", "OPEN://127.0.0.1:0,COPIES://127.0.0.1:0,ORDERS://127.0.0.1:0",
                "listener.security.protocol.map", "OPEN:PLAINTEXT,COPIES:SSL,ORDERS:SASL_SSL",
                "inter.broker.listener.name", "COPIES",
                "control.plane.listener.name", "ORDERS"));
        settings.putAll(Map.of(
                "ssl.keystore.type", "PEM",
                "ssl.keystore.key", oneLine(broker.keyPem()),
                "ssl.keystore.certificate.chain", oneLine(broker.chainPem()),
                "ssl.truststore.type", "PEM",
                "ssl.truststore.certificates", oneLine(Identity.pem(root.certificate())),
                "listener.name.copies.ssl.client.auth", "required",
                "sasl.mechanism.inter.broker.protocol", "PLAIN",
                "listener.name.orders.sasl.enabled.mechanisms", "PLAIN",
                "listener.name.orders.plain.sasl.jaas.config", PLAIN));
        return settings;
    }

    private static String oneLine(String pem) {
        return pem.strip();
    }

    private EmbeddedBroker start(int id, Map<String, String> settings) {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder()
                .logFolder(folder.resolve("broker-" + id))
                .setting("broker.id", Integer.toString(id));
        settings.forEach(builder::setting);
        return builder.start();
    }

    private static Map<String, Object> client(List<EmbeddedBroker> brokers) {
        return Map.of(
                "bootstrap.servers",
                brokers.stream().map(broker -> broker.bootstrapServers("OPEN")).collect(Collectors.joining(",")),
                "acks",
                "all");
    }

    @Test
    void ordersAndCopiesGoTheirGuardedWaysWhoeverIsController() throws Exception {
        try (TestEnsemble ensemble = new TestEnsemble(folder.resolve("zookeeper"))) {
            Map<String, String> settings = settings(ensemble);
            List<EmbeddedBroker> brokers = new ArrayList<>();
            try {
                for (int id = 1; id <= 3; id++) {
                    brokers.add(start(id, settings));
                }
                try (Admin admin = Admin.create(client(brokers));
                        KafkaProducer<String, String> producer =
                                new KafkaProducer<>(client(brokers), new StringSerializer(), new StringSerializer())) {
                    await().atMost(PATIENCE)
                            .until(() -> admin.describeCluster().nodes().get().size() == 3);
                    admin.createTopics(List.of(
                                    new NewTopic("t", 6, (short) 3).configs(Map.of("min.insync.replicas", "2"))))
                            .all()
                            .get();
                    for (int i = 0; i < 50; i++) {
                        producer.send(new ProducerRecord<>("t", "k" + i, "v" + i))
                                .get();
                    }
                    await().atMost(PATIENCE).until(() -> inSync(admin) == 18);

                    int controller = admin.describeCluster().controller().get().id();
                    brokers.get(controller - 1).close();
                    for (int i = 50; i < 100; i++) {
                        producer.send(new ProducerRecord<>("t", "k" + i, "v" + i))
                                .get();
                    }
                    assertThat(admin.describeCluster().controller().get().id()).isNotEqualTo(controller);
                    brokers.set(controller - 1, start(controller, settings));
                    await().atMost(PATIENCE).until(() -> inSync(admin) == 18);
                }
            } finally {
                brokers.forEach(EmbeddedBroker::close);
            }
        }
    }

    private static int inSync(Admin admin) throws Exception {
        TopicDescription topic =
                admin.describeTopics(List.of("t")).allTopicNames().get().get("t");
        return topic.partitions().stream()
                .mapToInt(partition -> partition.isr().size())
                .sum();
    }
}
