package io.odradek.server.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.tools.attach.VirtualMachine;
import io.odradek.server.zookeeper.TestEnsemble;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Apache Kafka 3.9.2 shows what {@code watched-of-kafka-3.9.2.txt} says that it does, after the load that {@code
 * KafkaMetricsTest} puts on a broker of ours: a broker of two, over JMX. By hand, with {@code -Dmetrics.kafka=true}.
 */
@EnabledIfSystemProperty(named = "metrics.kafka", matches = "true")
class WatchedOfKafkaTest {
    private static final int RECORDS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    Path folder;

    @Test
    @SuppressWarnings("try") // Brokers that are only closed.
    void kafkaShowsWhatWasRecordedOfIt() throws Exception {
        Peer peer = new Peer("3.9.2", folder.resolve("peer"));
        try (TestEnsemble ensemble = new TestEnsemble(folder.resolve("zookeeper"), 3_000)) {
            int port = freePort();
            try (KafkaBroker one = start(peer, ensemble, 1, port);
                    KafkaBroker two = start(peer, ensemble, 2, freePort())) {
                load("127.0.0.1:" + port);
                VirtualMachine machine =
                        VirtualMachine.attach(Long.toString(one.process().pid()));
                String address = machine.startLocalManagementAgent();
                machine.detach();
                try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address))) {
                    compare(connector.getMBeanServerConnection());
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private KafkaBroker start(Peer peer, TestEnsemble ensemble, int id, int port) throws IOException {
        return KafkaBroker.start(
                peer,
                folder.resolve("broker-" + id),
                List.of(
                        "broker.id=" + id,
                        "zookeeper.connect=" + ensemble.connect(),
                        "listeners=PLAINTEXT://127.0.0.1:" + port,
                        "log.dirs=" + folder.resolve("data-" + id),
                        "offsets.topic.num.partitions=1",
                        "offsets.topic.replication.factor=2",
                        "group.initial.rebalance.delay.ms=0"));
    }

    private static void load(String address) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            await().atMost(PATIENCE)
                    .until(() -> admin.describeCluster().nodes().get().size() == 2);
            admin.createTopics(List.of(new NewTopic("t", Map.of(0, List.of(1, 2), 1, List.of(2, 1)))))
                    .all()
                    .get();
        }
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", address, "acks", "all"), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>("t", i % 2, "key", "value-" + i));
            }
        }
        Map<String, Object> settings =
                Map.of("bootstrap.servers", address, "group.id", "g", "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("t"));
            int[] seen = new int[1];
            await().atMost(PATIENCE).until(() -> {
                seen[0] += consumer.poll(Duration.ofMillis(50)).count();
                return seen[0] == RECORDS;
            });
        }
    }

    private static void compare(MBeanServerConnection server) throws Exception {
        List<String> lines;
        try (InputStream in =
                WatchedOfKafkaTest.class.getResourceAsStream("/io/odradek/server/metrics/watched-of-kafka-3.9.2.txt")) {
            lines = new String(in.readAllBytes(), UTF_8).lines().toList();
        }
        for (String line : lines) {
            int space = line.indexOf(' ');
            Set<ObjectName> found = server.queryNames(new ObjectName(line.substring(0, space)), null);
            assertThat(found).as("%s", line).isNotEmpty();
            for (ObjectName name : found) {
                assertThat(attributes(server, name))
                        .as("%s", name)
                        .contains(line.substring(space + 1).split(","));
            }
        }
        long in = (long) server.getAttribute(
                new ObjectName("kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec,topic=t"), "Count");
        assertThat(in).isEqualTo(RECORDS / 2);
    }

    private static Set<String> attributes(MBeanServerConnection server, ObjectName name) throws Exception {
        Set<String> attributes = new TreeSet<>();
        for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
            boolean said = Set.of("EventType", "RateUnit", "LatencyUnit").contains(attribute.getName());
            attributes.add(attribute.getName() + (said ? "=" + server.getAttribute(name, attribute.getName()) : ""));
        }
        return attributes;
    }
}
