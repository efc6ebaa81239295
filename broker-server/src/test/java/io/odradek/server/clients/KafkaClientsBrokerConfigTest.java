package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.server.OpenedBroker;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.EmbeddedCluster;
import io.odradek.storage.io.NioLogFileSystem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.ConfigResource.Type;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Settings of brokers that change while they run, by the Java client and with their effects (KIP-226); run with each version,
 * as {@link KafkaClientsTest} is.
 */
@Timeout(180)
class KafkaClientsBrokerConfigTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ConfigResource ALL = new ConfigResource(Type.BROKER, "");
    private static final ConfigResource ONE = new ConfigResource(Type.BROKER, "0");
    private static final ConfigResource TOPIC = new ConfigResource(Type.TOPIC, "t");
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @TempDir
    Path folder;

    private EmbeddedBroker start() {
        return EmbeddedBroker.builder()
                .logFolder(folder.resolve("data"))
                .setting("log.retention.check.interval.ms", "100")
                .setting("log.initial.task.delay.ms", "0")
                .start();
    }

    private static Admin admin(String servers) {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", servers));
    }

    private static void alter(Admin admin, ConfigResource whose, OpType type, String name, String value)
            throws Exception {
        alter(admin, whose, false, List.of(new AlterConfigOp(new ConfigEntry(name, value), type)));
    }

    private static void alter(
            Admin admin, ConfigResource whose, boolean validateOnly, Collection<AlterConfigOp> changes)
            throws Exception {
        admin.incrementalAlterConfigs(Map.of(whose, changes), new AlterConfigsOptions().validateOnly(validateOnly))
                .all()
                .get();
    }

    private static void set(Admin admin, ConfigResource whose, String name, String value) throws Exception {
        alter(admin, whose, OpType.SET, name, value);
    }

    private static Config described(Admin admin, ConfigResource whose) throws Exception {
        return admin.describeConfigs(List.of(whose), new DescribeConfigsOptions().includeSynonyms(true))
                .all()
                .get()
                .get(whose);
    }

    private static void createTopic(Admin admin) throws Exception {
        admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
    }

    private static KafkaProducer<byte[], byte[]> producer(String servers) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "batch.size", 500, "max.request.size", 2_000_000),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static long firstOffset(String servers) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return consumer.beginningOffsets(List.of(PARTITION)).get(PARTITION);
        }
    }

    private static List<String> sources(ConfigEntry entry) {
        List<String> sources = new ArrayList<>();
        for (ConfigEntry.ConfigSynonym synonym : entry.synonyms()) {
            sources.add(synonym.name() + "=" + synonym.value() + "@" + synonym.source());
        }
        return sources;
    }

    @Test
    void retentionThatIsShortenedForAllBrokersDeletesWhatIsOlder() throws Exception {
        try (EmbeddedBroker broker = start();
                Admin admin = admin(broker.bootstrapServers())) {
            createTopic(admin);
            set(admin, ALL, "log.segment.bytes", "1000");
            try (KafkaProducer<byte[], byte[]> producer = producer(broker.bootstrapServers())) {
                for (int i = 0; i < 20; i++) {
                    producer.send(new ProducerRecord<>("t", 0, 1_000_000L + i, null, new byte[400]))
                            .get();
                }
            }
            assertThat(firstOffset(broker.bootstrapServers())).isZero();

            set(admin, ALL, "log.retention.ms", "60000");

            await().atMost(PATIENCE).until(() -> firstOffset(broker.bootstrapServers()) > 0);
        }
    }

    @Test
    void aBatchLargerThanIsAllowedNowIsRefusedUntilMoreIsAllowedAgain() throws Exception {
        try (EmbeddedBroker broker = start();
                Admin admin = admin(broker.bootstrapServers());
                KafkaProducer<byte[], byte[]> producer = producer(broker.bootstrapServers())) {
            createTopic(admin);
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("t", new byte[10_000]);
            producer.send(record).get();
            set(admin, ONE, "message.max.bytes", "5000");
            assertThatThrownBy(() -> producer.send(record).get()).hasCauseInstanceOf(RecordTooLargeException.class);
            alter(admin, ONE, OpType.DELETE, "message.max.bytes", null);
            producer.send(record).get();
        }
    }

    @Test
    void connectionsBeyondWhatIsAllowedNowAreClosedAndThoseThatRestedLongestFirst() throws Exception {
        try (EmbeddedBroker broker = start();
                Admin admin = admin(broker.bootstrapServers())) {
            set(admin, ONE, "max.connections", "100");
            String[] address = broker.bootstrapServers().split(":");
            try (Socket resting = new Socket()) {
                resting.connect(new InetSocketAddress(InetAddress.getByName(address[0]), Integer.parseInt(address[1])));
                // It is known to the broker when another one after it has been served.
                set(admin, ONE, "max.connections", "99");
                resting.setSoTimeout((int) PATIENCE.toMillis());

                set(admin, ONE, "max.connections", "1");

                assertThat(resting.getInputStream().read()).isEqualTo(-1);
            }
            alter(admin, ONE, OpType.DELETE, "max.connections", null);
            assertThat(described(admin, ONE).get("max.connections").value()).isEqualTo("2147483647");
        }
    }

    @Test
    void addressesAreLimitedByWhatIsSetNow() throws Exception {
        try (EmbeddedBroker broker = start();
                Admin admin = admin(broker.bootstrapServers())) {
            alter(
                    admin,
                    ALL,
                    false,
                    List.of(
                            new AlterConfigOp(new ConfigEntry("max.connections.per.ip", "0"), OpType.SET),
                            new AlterConfigOp(
                                    new ConfigEntry("max.connections.per.ip.overrides", "1.2.3.4:5"), OpType.SET)));
            String[] address = broker.bootstrapServers().split(":");
            try (Socket refused = new Socket(address[0], Integer.parseInt(address[1]))) {
                refused.setSoTimeout((int) PATIENCE.toMillis());
                assertThat(refused.getInputStream().read()).isEqualTo(-1);
            } catch (IOException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }
        }
    }

    @Test
    void connectionsComeNoFasterThanIsAllowedNow() throws Exception {
        try (EmbeddedBroker broker = start();
                Admin admin = admin(broker.bootstrapServers())) {
            set(admin, ALL, "max.connection.creation.rate", "5");
            long beginNs = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                try (Admin next = admin(broker.bootstrapServers())) {
                    next.describeCluster().clusterId().get();
                }
            }
            // Of 10 connections at least, 5 come at once and one more with each fifth of a second.
            assertThat(Duration.ofNanos(System.nanoTime() - beginNs)).isGreaterThan(Duration.ofMillis(900));
        }
    }

    @Test
    @SuppressWarnings("try") // One that is only closed.
    void thereAreAsManyThreadsAsIsSetNow() throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "listeners", "PLAINTEXT://localhost:0",
                "broker.id", "0",
                "log.dirs", folder.resolve("data").toString(),
                "num.io.threads", "2",
                "log.cleaner.dedupe.buffer.size", "8388608"));
        try (OpenedBroker broker = OpenedBroker.start(settings, new NioLogFileSystem());
                Admin admin = admin(broker.bootstrapServers())) {
            assertThat(cleaners()).isEqualTo(1);
            set(admin, ONE, "log.cleaner.threads", "2");
            set(admin, ONE, "log.cleaner.threads", "4");
            assertThat(cleaners()).isEqualTo(4);
            set(admin, ONE, "log.cleaner.threads", "2");
            await().atMost(PATIENCE).until(() -> cleaners() == 2);
            set(admin, ONE, "log.cleaner.io.max.bytes.per.second", "1000000");
            set(admin, ONE, "log.cleaner.backoff.ms", "100");
            set(admin, ONE, "background.threads", "20");
            set(admin, ONE, "background.threads", "10");
        }
        // They are read before there are any.
        try (OpenedBroker broker = OpenedBroker.start(settings, new NioLogFileSystem())) {
            assertThat(cleaners()).isEqualTo(2);
        }
        assertThat(cleaners()).isZero();
    }

    private static long cleaners() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("odradek-cleaner-"))
                .count();
    }

    @Test
    void settingsAreShownWithAllThePlacesTheyComeFromAndSurviveARestart() throws Exception {
        try (EmbeddedBroker broker = start();
                Admin admin = admin(broker.bootstrapServers())) {
            createTopic(admin);
            set(admin, ALL, "log.retention.ms", "500000");
            set(admin, ONE, "log.retention.ms", "400000");
            set(admin, ALL, "follower.replication.throttled.rate", "1000");
        }
        try (EmbeddedBroker broker = start();
                Admin admin = admin(broker.bootstrapServers())) {
            ConfigEntry retention = described(admin, ONE).get("log.retention.ms");
            assertThat(retention.value()).isEqualTo("400000");
            assertThat(retention.source()).isEqualTo(ConfigSource.DYNAMIC_BROKER_CONFIG);
            assertThat(retention.isReadOnly()).isFalse();
            assertThat(sources(retention))
                    .containsExactly(
                            "log.retention.ms=400000@DYNAMIC_BROKER_CONFIG",
                            "log.retention.ms=500000@DYNAMIC_DEFAULT_BROKER_CONFIG",
                            "log.retention.ms=-1@STATIC_BROKER_CONFIG",
                            "log.retention.hours=168@DEFAULT_CONFIG");
            assertThat(described(admin, ONE).get("broker.id").isReadOnly()).isTrue();
            assertThat(described(admin, ONE)
                            .get("follower.replication.throttled.rate")
                            .source())
                    .isEqualTo(ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);

            Config ofAll = described(admin, ALL);
            assertThat(ofAll.entries())
                    .extracting(ConfigEntry::name)
                    .containsExactlyInAnyOrder("log.retention.ms", "follower.replication.throttled.rate");
            assertThat(sources(ofAll.get("log.retention.ms")))
                    .containsExactly("log.retention.ms=500000@DYNAMIC_DEFAULT_BROKER_CONFIG");

            ConfigEntry ofTopic = described(admin, TOPIC).get("retention.ms");
            assertThat(ofTopic.value()).isEqualTo("400000");
            assertThat(ofTopic.source()).isEqualTo(ConfigSource.DYNAMIC_BROKER_CONFIG);
            assertThat(sources(ofTopic)).isEqualTo(sources(retention));
            set(admin, TOPIC, "retention.ms", "300000");
            assertThat(sources(described(admin, TOPIC).get("retention.ms")))
                    .startsWith(
                            "retention.ms=300000@DYNAMIC_TOPIC_CONFIG",
                            "log.retention.ms=400000@DYNAMIC_BROKER_CONFIG");
        }
    }

    @Test
    void whatIsRefusedChangesNothing() throws Exception {
        try (EmbeddedBroker broker = start();
                Admin admin = admin(broker.bootstrapServers())) {
            for (boolean validateOnly : new boolean[] {true, false}) {
                refused(admin, ALL, validateOnly, "num.partitions", "3", "Cannot update these configs dynamically");
                refused(admin, ONE, validateOnly, "num.io.threads", "3", "cannot be changed while a broker runs");
                refused(admin, ALL, validateOnly, "listeners", "PLAINTEXT://:1", "broker id must be specified");
                refused(admin, ALL, validateOnly, "log.retention.msec", "3", "did you mean log.retention.ms?");
                refused(admin, ONE, validateOnly, "message.max.bytes", "many", "Bad value for message.max.bytes");
                assertThatThrownBy(() -> alter(admin, ONE, OpType.APPEND, "max.connections", "1"))
                        .hasCauseInstanceOf(InvalidConfigurationException.class);
            }
            alter(admin, ALL, true, List.of(new AlterConfigOp(new ConfigEntry("log.retention.ms", "5"), OpType.SET)));
            assertThat(described(admin, ALL).entries()).isEmpty();
            assertThat(described(admin, ONE).entries())
                    .extracting(ConfigEntry::source)
                    .doesNotContain(ConfigSource.DYNAMIC_BROKER_CONFIG, ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
        }
    }

    @Test
    void theLoggersOfAProgramThatABrokerIsAGuestOfAreNotItsToChange() throws Exception {
        ConfigResource loggers = new ConfigResource(Type.BROKER_LOGGER, "0");
        try (EmbeddedBroker broker = start();
                Admin admin = admin(broker.bootstrapServers())) {
            assertThat(described(admin, loggers).entries()).isEmpty();
            assertThatThrownBy(() -> set(admin, loggers, "root", "DEBUG"))
                    .hasCauseInstanceOf(InvalidConfigurationException.class)
                    .hasMessageContaining("guest in another program's process");
        }
    }

    private static void refused(
            Admin admin, ConfigResource whose, boolean validateOnly, String name, String value, String why) {
        // One that is right does not help one that is wrong.
        List<AlterConfigOp> both = List.of(
                new AlterConfigOp(new ConfigEntry("log.retention.ms", "5"), OpType.SET),
                new AlterConfigOp(new ConfigEntry(name, value), OpType.SET));
        assertThatThrownBy(() -> alter(admin, whose, validateOnly, both))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(why);
    }

    @Test
    void whatIsSetForAllBrokersReachesEachOfACluster() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3);
                Admin admin = admin(cluster.bootstrapServers())) {
            List<ConfigResource> brokers = new ArrayList<>();
            for (int id : cluster.up()) {
                brokers.add(new ConfigResource(Type.BROKER, Integer.toString(id)));
            }
            set(admin, ALL, "log.retention.bytes", "123456");
            set(admin, brokers.get(1), "log.retention.bytes", "654321");
            await().atMost(PATIENCE)
                    .until(() -> List.of("123456", "654321", "123456")
                            .equals(values(admin, brokers, "log.retention.bytes")));
            alter(admin, ALL, OpType.DELETE, "log.retention.bytes", null);
            await().atMost(PATIENCE)
                    .until(() -> List.of("-1", "654321", "-1").equals(values(admin, brokers, "log.retention.bytes")));
        }
    }

    private static List<String> values(Admin admin, List<ConfigResource> brokers, String name) throws Exception {
        List<String> values = new ArrayList<>();
        for (ConfigResource broker : brokers) {
            values.add(described(admin, broker).get(name).value());
        }
        return values;
    }
}
