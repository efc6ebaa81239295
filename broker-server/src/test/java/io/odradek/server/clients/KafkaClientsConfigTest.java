package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.odradek.server.embedded.EmbeddedBroker;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.AlterConfigsResult;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of topics and of the broker, seen by the Java client; run with each version, as {@link KafkaClientsTest} is. */
@Timeout(120)
class KafkaClientsConfigTest {
    private static final ConfigResource TOPIC = new ConfigResource(ConfigResource.Type.TOPIC, "t");
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    private static final int ATTRIBUTES = 21;
    private static final int LENGTH = 8;

    @TempDir
    Path folder;

    private EmbeddedBroker broker;
    private Admin admin;

    @BeforeEach
    void start() {
        start(Map.of());
    }

    private void start(Map<String, String> settings) {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder().logFolder(folder.resolve("data"));
        settings.forEach(builder::setting);
        broker = builder.start();
        admin = Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    private void create(Map<String, String> configs) throws Exception {
        admin.createTopics(List.of(new NewTopic("t", 1, (short) 1).configs(configs)))
                .all()
                .get();
    }

    private void alter(String name, String value, OpType operation) throws Exception {
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry(name, value), operation);
        admin.incrementalAlterConfigs(Map.of(TOPIC, List.of(change))).all().get();
    }

    private ConfigEntry described(String name) throws Exception {
        return admin.describeConfigs(List.of(TOPIC)).all().get().get(TOPIC).get(name);
    }

    private KafkaProducer<byte[], byte[]> producer(String codec) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "acks",
                        "all",
                        "compression.type",
                        codec,
                        "linger.ms",
                        5,
                        "batch.size",
                        4096),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private List<ConsumerRecord<byte[], byte[]>> readAll(int count) {
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition("t", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (read.size() < count) {
                consumer.poll(Duration.ofMillis(100)).forEach(read::add);
            }
        }
        return read;
    }

    private TreeMap<Long, Long> segmentSizes() throws IOException {
        TreeMap<Long, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("data/t-0"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".log")).toList()) {
                String name = file.getFileName().toString();
                sizes.put(Long.valueOf(name.substring(0, name.indexOf('.'))), Files.size(file));
            }
        }
        return sizes;
    }

    private TreeSet<String> storedCodecs() throws IOException {
        TreeSet<String> codecs = new TreeSet<>();
        for (Long base : segmentSizes().keySet()) {
            String name = "0".repeat(20 - base.toString().length()) + base + ".log";
            ByteBuffer log = ByteBuffer.wrap(
                    Files.readAllBytes(folder.resolve("data/t-0").resolve(name)));
            for (int at = 0; at < log.limit(); at += 12 + log.getInt(at + LENGTH)) {
                codecs.add(CODECS.get(log.getShort(at + ATTRIBUTES) & 7));
            }
        }
        return codecs;
    }

    @Test
    void newSegmentsHaveTheNewSizeUnderLoadAndAfterARestart() throws Exception {
        create(Map.of("segment.bytes", "1000000"));
        long changedAt = 0;
        try (KafkaProducer<byte[], byte[]> producer = producer("none")) {
            for (int i = 0; i < 3000; i++) {
                var sent = producer.send(new ProducerRecord<>("t", 0, null, new byte[100]));
                if (i == 1000) {
                    alter("segment.bytes", "50000", OpType.SET);
                    changedAt = sent.get().offset();
                }
            }
        }
        TreeMap<Long, Long> sizes = segmentSizes();
        assertThat(sizes.size()).isGreaterThan(4);
        assertThat(sizes.tailMap(changedAt).values())
                .allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(50_000));
        assertThat(described("segment.bytes").value()).isEqualTo("50000");
        assertThat(described("segment.bytes").source()).isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
        stop();
        start(Map.of());
        assertThat(described("segment.bytes").value()).isEqualTo("50000");
        int segments = segmentSizes().size();
        try (KafkaProducer<byte[], byte[]> producer = producer("none")) {
            for (int i = 0; i < 1000; i++) {
                producer.send(new ProducerRecord<>("t", 0, null, new byte[100]));
            }
        }
        assertThat(segmentSizes().size()).isGreaterThan(segments + 1);
        alter("segment.bytes", null, OpType.DELETE);
        assertThat(described("segment.bytes").isDefault()).isTrue();
        assertThat(readAll(4000)).hasSize(4000);
    }

    @Test
    void aBadValueIsRefusedAndChangesNothing() throws Exception {
        assertThatThrownBy(() -> create(Map.of("segment.bytes", "1")))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("segment.bytes");
        assertThat(admin.listTopics().names().get()).isEmpty();
        create(Map.of());
        for (String bad : List.of("segment.bytes=1", "retention.ms=-2", "cleanup.policy=shred", "no.such=1")) {
            int equals = bad.indexOf('=');
            assertThatThrownBy(() -> alter(bad.substring(0, equals), bad.substring(equals + 1), OpType.SET))
                    .as(bad)
                    .hasCauseInstanceOf(InvalidConfigurationException.class)
                    .hasMessageContaining(bad.substring(0, equals));
        }
        assertThat(described("segment.bytes").isDefault()).isTrue();
        ConfigResource none = new ConfigResource(ConfigResource.Type.TOPIC, "none");
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry("segment.bytes", "900"), OpType.SET);
        assertThatThrownBy(() -> admin.incrementalAlterConfigs(Map.of(none, List.of(change)))
                        .all()
                        .get())
                .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        ConfigResource self = new ConfigResource(ConfigResource.Type.BROKER, "0");
        assertThatThrownBy(() -> admin.incrementalAlterConfigs(Map.of(self, List.of(change)))
                        .all()
                        .get())
                .hasCauseInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("did you mean log.segment.bytes?");
    }

    /** Clients of Kafka 4 have this call no more. */
    @Test
    void theOlderCallReplacesAllOverrides() throws Exception {
        Method call = Arrays.stream(Admin.class.getMethods())
                .filter(method -> method.getName().equals("alterConfigs") && method.getParameterCount() == 2)
                .findFirst()
                .orElse(null);
        assumeTrue(call != null);
        create(Map.of("segment.bytes", "5000"));
        Config overrides = new Config(List.of(new ConfigEntry("retention.ms", "77000")));
        ((AlterConfigsResult) call.invoke(admin, Map.of(TOPIC, overrides), new AlterConfigsOptions()))
                .all()
                .get();
        assertThat(described("segment.bytes").isDefault()).isTrue();
        assertThat(described("retention.ms").value()).isEqualTo("77000");
        AlterConfigsOptions onlyValidate = new AlterConfigsOptions().validateOnly(true);
        ((AlterConfigsResult) call.invoke(admin, Map.of(TOPIC, new Config(List.of())), onlyValidate))
                .all()
                .get();
        assertThat(described("retention.ms").value()).isEqualTo("77000");
    }

    @Test
    void settingsActOnWhatIsProducedNext() throws Exception {
        create(Map.of());
        try (KafkaProducer<byte[], byte[]> producer = producer("none")) {
            producer.send(record(0, null, 10)).get();
            alter("cleanup.policy", "compact", OpType.APPEND);
            assertThat(described("cleanup.policy").value()).isEqualTo("delete,compact");
            assertThatThrownBy(() -> producer.send(record(0, null, 10)).get())
                    .satisfies(
                            failure -> assertThat(failure.getCause().getClass().getSimpleName())
                                    .isEqualTo("InvalidRecordException"));
            alter("cleanup.policy", "compact", OpType.SUBTRACT);
            producer.send(record(0, null, 10)).get();
            alter("max.message.bytes", "2000", OpType.SET);
            assertThatThrownBy(() -> producer.send(record(0, null, 3000)).get())
                    .hasCauseInstanceOf(RecordTooLargeException.class);
            alter("max.message.bytes", null, OpType.DELETE);
            producer.send(record(0, null, 3000)).get();
        }
    }

    @ParameterizedTest(name = "{0}{1}")
    @CsvSource({
        "before, message.timestamp.before.max.ms, topic",
        "after, message.timestamp.after.max.ms, topic",
        "both, message.timestamp.difference.max.ms, topic",
        "before, log.message.timestamp.before.max.ms, broker",
        "after, log.message.timestamp.after.max.ms, broker",
        "both, log.message.timestamp.difference.max.ms, broker"
    })
    void timestampsThatAreTooFarOffAreRefused(String side, String setting, String level) throws Exception {
        if (level.equals("broker")) {
            stop();
            start(Map.of(setting, "3600000"));
            create(Map.of());
        } else {
            create(Map.of());
            alter(setting, "3600000", OpType.SET);
        }
        long twoHoursMs = 7_200_000;
        for (String codec : List.of("none", "lz4")) {
            try (KafkaProducer<byte[], byte[]> producer = producer(codec)) {
                producer.send(record(System.currentTimeMillis(), null, 10)).get();
                for (long offsetMs : new long[] {-twoHoursMs, twoHoursMs}) {
                    boolean allowed = side.equals(offsetMs < 0 ? "after" : "before");
                    var sent = producer.send(record(System.currentTimeMillis() + offsetMs, null, 10));
                    if (allowed) {
                        sent.get();
                    } else {
                        assertThatThrownBy(sent::get).hasCauseInstanceOf(InvalidTimestampException.class);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"message.timestamp.type, topic", "log.message.timestamp.type, broker"})
    void theBrokersClockIsTakenWhereItIsAskedFor(String setting, String level) throws Exception {
        if (level.equals("broker")) {
            stop();
            start(Map.of(setting, "LogAppendTime"));
            create(Map.of());
        } else {
            create(Map.of());
            alter(setting, "LogAppendTime", OpType.SET);
        }
        long before = System.currentTimeMillis();
        for (String codec : List.of("none", "gzip")) {
            try (KafkaProducer<byte[], byte[]> producer = producer(codec)) {
                assertThat(producer.send(record(5, null, 10)).get().timestamp()).isGreaterThanOrEqualTo(before);
            }
        }
        assertThat(readAll(2)).allSatisfy(record -> {
            assertThat(record.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
            assertThat(record.timestamp()).isGreaterThanOrEqualTo(before);
        });
    }

    @ParameterizedTest(name = "{0} by {1}")
    @CsvSource({
        "uncompressed, topic",
        "gzip, topic",
        "snappy, topic",
        "lz4, topic",
        "zstd, topic",
        "gzip, broker",
        "zstd, broker"
    })
    void batchesAreStoredInTheCodecThatIsAskedForAndSayTheSame(String type, String level) throws Exception {
        if (level.equals("broker")) {
            stop();
            start(Map.of("compression.type", type, "compression.gzip.level", "1", "compression.zstd.level", "1"));
            create(Map.of());
        } else {
            create(Map.of());
            alter("compression.type", type, OpType.SET);
            alter("compression.gzip.level", "9", OpType.SET);
            alter("compression.lz4.level", "1", OpType.SET);
            alter("compression.zstd.level", "-5", OpType.SET);
        }
        List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
        for (String codec : CODECS) {
            try (KafkaProducer<byte[], byte[]> producer = producer(codec)) {
                for (int i = 0; i < 200; i++) {
                    ProducerRecord<byte[], byte[]> record = record(1_600_000_000_000L + sent.size(), i % 3, i);
                    record.headers().add("n", new byte[] {(byte) i}).add("none", null);
                    sent.add(record);
                    producer.send(record);
                }
            }
        }
        List<ConsumerRecord<byte[], byte[]>> read = readAll(sent.size());
        for (int i = 0; i < sent.size(); i++) {
            assertThat(read.get(i).offset()).isEqualTo(i);
            assertThat(read.get(i).timestamp()).isEqualTo(sent.get(i).timestamp());
            assertThat(read.get(i).key()).isEqualTo(sent.get(i).key());
            assertThat(read.get(i).value()).isEqualTo(sent.get(i).value());
            assertThat(read.get(i).headers().toArray())
                    .isEqualTo(sent.get(i).headers().toArray());
        }
        assertThat(storedCodecs()).containsExactly(type.equals("uncompressed") ? "none" : type);
    }

    private static ProducerRecord<byte[], byte[]> record(long timestampMs, Integer key, int valueBytes) {
        byte[] value = new byte[valueBytes];
        Arrays.fill(value, (byte) 'v');
        return new ProducerRecord<>("t", 0, timestampMs, key == null ? null : new byte[] {key.byteValue()}, value);
    }
}
