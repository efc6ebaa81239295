package io.odradek.server.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.coordination.InProcessHome;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.server.Broker;
import io.odradek.server.BrokerOptions;
import io.odradek.server.env.SystemClock;
import io.odradek.server.net.socket.Transport;
import io.odradek.server.zookeeper.TestEnsemble;
import io.odradek.storage.env.Meters;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a broker of two shows over JMX and to Prometheus after some load, beside what Kafka 3.9.2 shows of what dashboards watch
 * (recorded, {@code watched-of-kafka-3.9.2.txt}) and beside what the clients have counted.
 */
@TestInstance(Lifecycle.PER_CLASS)
class KafkaMetricsTest {
    private static final int RECORDS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final BrokerRegistry registry = new BrokerRegistry(new SystemClock());
    private final Meters meters = MicrometerMeters.of(registry);
    private final Map<String, Double> byProducer = new HashMap<>();
    private final Map<String, Double> byConsumer = new HashMap<>();
    private Path folder;
    private TestEnsemble ensemble;
    private Broker watched;
    private Broker other;
    private KafkaBeans beans;

    @BeforeAll
    void serveSomeLoad(@TempDir Path temporary) throws Exception {
        folder = temporary;
        ensemble = new TestEnsemble(folder.resolve("zookeeper"));
        watched = start(1, meters);
        other = start(2, Meters.NONE);
        GroupMeters.show(watched, meters, new SystemClock());
        beans = new KafkaBeans(registry);
        String address = watched.advertised().values().iterator().next().hostAndPort();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            await().atMost(PATIENCE)
                    .until(() -> admin.describeCluster().nodes().get().size() == 2);
            admin.createTopics(List.of(new NewTopic("t", Map.of(0, List.of(1, 2), 1, List.of(2, 1)))))
                    .all()
                    .get();
        }
        produce(address);
        consume(address);
    }

    @AfterAll
    void stop() throws Exception {
        beans.close();
        registry.close();
        try {
            assertThat(server.queryNames(new ObjectName("kafka.*:*"), null))
                    .filteredOn(name -> Set.of("kafka.server", "kafka.network", "kafka.log", "kafka.controller")
                            .contains(name.getDomain()))
                    .isEmpty();
        } finally {
            other.closeAtOnce();
            watched.closeAtOnce();
            ensemble.close();
        }
    }

    private Broker start(int id, Meters counting) throws IOException {
        BrokerConfig config = BrokerConfig.of(new TreeMap<>(Map.of(
                "broker.id", Integer.toString(id),
                "listeners", "PLAINTEXT://127.0.0.1:0",
                "log.dirs", folder.resolve("broker-" + id).toString(),
                "zookeeper.connect", ensemble.connect(),
                "offsets.topic.num.partitions", "1",
                "offsets.topic.replication.factor", "2",
                "group.initial.rebalance.delay.ms", "0")));
        return Broker.start(
                config,
                new BrokerOptions(
                        Transport.NIO,
                        true,
                        counting,
                        InProcessHome.journalled(JournalSettings.EMBEDDED),
                        (failed, cause) -> {}));
    }

    private void produce(String address) throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", address,
                "acks", "all",
                "request.timeout.ms", "120000",
                "delivery.timeout.ms", "240000");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>("t", i % 2, "key", "value-" + i));
            }
            producer.flush();
            keep(producer.metrics(), byProducer);
        }
    }

    private void consume(String address) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", address,
                "group.id", "g",
                "auto.offset.reset", "earliest",
                "request.timeout.ms", "120000");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("t"));
            int[] seen = new int[1];
            await().atMost(PATIENCE).until(() -> {
                seen[0] += consumer.poll(Duration.ofMillis(50)).count();
                keep(consumer.metrics(), byConsumer);
                return seen[0] == RECORDS && byConsumer.get("records-consumed-total") == RECORDS;
            });
        }
    }

    private static void keep(Map<MetricName, ? extends Metric> metrics, Map<String, Double> kept) {
        metrics.forEach((name, metric) -> {
            if (metric.metricValue() instanceof Double value && name.tags().size() == 1) {
                kept.put(name.name(), value);
            }
        });
    }

    @Test
    void whatDashboardsWatchIsThereUnderKafkasNamesWithKafkasAttributes() throws Exception {
        List<String> missing = new ArrayList<>();
        await().atMost(PATIENCE).untilAsserted(() -> {
            missing.clear();
            beans.look();
            for (String line : watchedOfKafka()) {
                int space = line.indexOf(' ');
                ObjectName pattern = new ObjectName(line.substring(0, space));
                Set<ObjectName> found = server.queryNames(pattern, null);
                if (found.isEmpty()) {
                    missing.add(line.substring(0, space));
                }
                for (ObjectName one : found) {
                    assertThat(attributes(one)).as("%s", one).isEqualTo(line.substring(space + 1));
                }
            }
            assertThat(missing).isEmpty();
        });
    }

    @Test
    void whatIsCopiedOfThrottledReplicasIsWhereKafkaShowsItOnceThereIsAny() throws Exception {
        beans.look();
        for (String side : List.of("LeaderReplication", "FollowerReplication")) {
            assertThat(attributes(new ObjectName("kafka.server:type=" + side))).isEqualTo("byte-rate");
        }
    }

    private String attributes(ObjectName name) throws Exception {
        Set<String> attributes = new TreeSet<>();
        for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
            Object value = server.getAttribute(name, attribute.getName());
            assertThat(value).as("%s of %s", attribute.getName(), name).isNotNull();
            boolean said = Set.of("EventType", "RateUnit", "LatencyUnit").contains(attribute.getName());
            attributes.add(attribute.getName() + (said ? "=" + value : ""));
        }
        return String.join(",", attributes);
    }

    @Test
    void whatDashboardsWatchIsInPrometheusUnderTheNamesOfTheUsualRules() throws Exception {
        Set<String> shown = new TreeSet<>();
        for (String line : text()) {
            if (!line.startsWith("#")) {
                shown.add(line.replaceAll("[{ ].*", ""));
            }
        }
        assertThat(valueOf("kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent"))
                .isBetween(0.0, 1.0);
        assertThat(valueOf("kafka_network_socketserver_networkprocessoravgidle_percent"))
                .isBetween(0.0, 1.0);
        for (String line : watchedOfKafka()) {
            int space = line.indexOf(' ');
            for (String attribute : line.substring(space + 1).split(",")) {
                String name =
                        ExporterRules.name(line.substring(0, space).replace(",partition=*", ",partition=0"), attribute);
                // Of the time that is idle, only the share is of use to anybody.
                if (name != null && !name.endsWith("idlepercent_count")) {
                    assertThat(shown).as("%s", line).contains(name);
                }
            }
        }
    }

    @Test
    void whatIsCountedIsWhatTheClientsHaveCounted() throws Exception {
        beans.look();
        String topics = "kafka.server:type=BrokerTopicMetrics,name=";
        assertThat(byProducer.get("record-send-total")).isEqualTo(RECORDS);
        assertThat(byConsumer.get("records-consumed-total")).isEqualTo(RECORDS);

        // Of two partitions this broker leads one, and copies the other.
        assertThat(number(topics + "MessagesInPerSec,topic=t", "Count")).isEqualTo(RECORDS / 2);
        long size = number("kafka.log:type=Log,name=Size,topic=t,partition=0", "Value");
        assertThat(size).isGreaterThan(RECORDS / 2 * 10);
        assertThat(number(topics + "BytesInPerSec,topic=t", "Count")).isEqualTo(size);
        assertThat(number(topics + "BytesOutPerSec,topic=t", "Count")).isBetween(size, 2 * size);
        assertThat(number("kafka.log:type=Log,name=LogEndOffset,topic=t,partition=0", "Value"))
                .isEqualTo(RECORDS / 2);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(number(topics + "ReplicationBytesOutPerSec", "Count")).isGreaterThanOrEqualTo(size);
            assertThat(number(topics + "ReplicationBytesInPerSec", "Count"))
                    .isGreaterThanOrEqualTo(number("kafka.log:type=Log,name=Size,topic=t,partition=1", "Value"));
        });
        assertThat(number(topics + "FailedProduceRequestsPerSec", "Count")).isZero();

        String requests = "kafka.network:type=RequestMetrics,name=";
        // The fetches that were open when the consumer was closed have no answer that it knows of, one of each broker.
        assertThat(number(requests + "TotalTimeMs,request=FetchConsumer", "Count"))
                .as("what followers fetch is not counted as a consumer's")
                .isBetween(1L, byConsumer.get("fetch-total").longValue() + 1);
        long good = number(requests + "ErrorsPerSec,request=Produce,error=NONE", "Count");
        assertThat(good).isPositive();
        // Each request is for the one partition that this broker leads; perhaps for somewhat too early.
        await().atMost(PATIENCE).untilAsserted(() -> {
            long answered = 0;
            for (ObjectName one :
                    server.queryNames(new ObjectName(requests + "ErrorsPerSec,request=Produce,*"), null)) {
                answered += number(one.toString(), "Count");
            }
            assertThat(number(requests + "TotalTimeMs,request=Produce", "Count"))
                    .isEqualTo(answered);
        });
        assertThat(number(topics + "TotalProduceRequestsPerSec,topic=t", "Count"))
                .isBetween(good, number(requests + "TotalTimeMs,request=Produce", "Count"));
        ObjectName times = new ObjectName(requests + "TotalTimeMs,request=Produce");
        double median = (double) server.getAttribute(times, "50thPercentile");
        assertThat(median).isPositive().isLessThanOrEqualTo((double) server.getAttribute(times, "Max"));

        assertThat(number("kafka.server:type=ReplicaManager,name=PartitionCount", "Value"))
                .isEqualTo(3);
        assertThat(number("kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions", "Value"))
                .isZero();
        assertThat(number("kafka.controller:type=KafkaController,name=ActiveControllerCount", "Value"))
                .isEqualTo(1);
        assertThat(number("kafka.server:type=KafkaServer,name=BrokerState", "Value"))
                .isEqualTo(3);
    }

    private double valueOf(String sample) throws IOException {
        for (String line : text()) {
            if (line.startsWith(sample + " ")) {
                return Double.parseDouble(line.substring(sample.length() + 1));
            }
        }
        throw new AssertionError("No " + sample);
    }

    private long number(String name, String attribute) throws Exception {
        return (long) server.getAttribute(new ObjectName(name), attribute);
    }

    private String[] text() throws IOException {
        StringBuilder out = new StringBuilder();
        registry.writeTo(out);
        return out.toString().split("\n");
    }

    private static List<String> watchedOfKafka() throws IOException {
        try (InputStream in = KafkaMetricsTest.class.getResourceAsStream("watched-of-kafka-3.9.2.txt")) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }
}
