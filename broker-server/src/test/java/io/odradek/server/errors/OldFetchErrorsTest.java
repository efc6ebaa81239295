package io.odradek.server.errors;

import static io.odradek.protocol.errors.ErrorCode.NONE;
import static io.odradek.protocol.errors.ErrorCode.OFFSET_OUT_OF_RANGE;
import static io.odradek.protocol.errors.ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
import static io.odradek.protocol.errors.ErrorCode.UNSUPPORTED_COMPRESSION_TYPE;
import static io.odradek.protocol.errors.ErrorCode.UNSUPPORTED_VERSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordHeader;
import io.odradek.protocol.record.TimestampType;
import io.odradek.protocol.record.legacy.LegacyCursor;
import io.odradek.protocol.record.legacy.LegacyMessage;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What Fetch 0 to 3 make of today's batches: of magic 0 for 0 and 1, of magic 1 for 2 and 3. Told are the whole messages, as
 * {@code offset@timestamp key=value}, of wrappers their codec and what is in them.
 */
@Timeout(120)
class OldFetchErrorsTest {
    private static final int ENOUGH = 1 << 20;
    private static final int FIRST_ONE_WHOLE = 3;

    private static ErrorsBed bed;

    @BeforeAll
    static void start() throws Exception {
        // The records are old: that must cost them neither their lives nor, beside markers of today, a common segment.
        bed = ErrorsBed.start("log.retention.ms", "-1", "log.roll.ms", "9000000000000000");
        bed.awaitCoordinator(0, "g");
    }

    @AfterAll
    static void stop() throws Exception {
        bed.close();
    }

    private static ByteBuffer text(String text) {
        return text == null ? null : ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer three(CompressionCodec codec) {
        List<RecordHeader> headers = List.of(new RecordHeader(text("header"), text("of no use to the old")));
        return new BatchBuilder(ENOUGH)
                .codec(codec)
                .append(10, text("k"), text("a"), headers)
                .append(30, null, text("b"))
                .append(20, text("k"), null)
                .build();
    }

    private static void put(String topic, ByteBuffer batch) throws IOException {
        var data = List.of(new PartitionProduceData(0, new BytesPayload(batch)));
        bed.expect(new ProduceRequest(null, (short) -1, 5_000, List.of(new TopicProduceData(topic, data))), 9);
    }

    private static PartitionData fetch(int version, String topic, long offset, int maxBytes) throws IOException {
        var wanted = new FetchPartition(0, -1, offset, -1, -1, maxBytes, Uuid.ZERO);
        var request = new FetchRequest(
                null,
                -1,
                new FetchRequest.ReplicaState(-1, -1),
                0,
                0,
                ENOUGH,
                (byte) 0,
                0,
                -1,
                List.of(new FetchTopic(topic, Uuid.ZERO, List.of(wanted))),
                List.of(),
                "");
        return bed.ask(request, version, FetchResponse.class)
                .responses()
                .get(0)
                .partitions()
                .get(0);
    }

    private static String read(int version, String topic, long offset, int maxBytes) throws IOException {
        PartitionData answer = fetch(version, topic, offset, maxBytes);
        assertThat(answer.errorCode()).isEqualTo(NONE);
        return told((byte) (version < 2 ? 0 : 1), ((BytesPayload) answer.records()).buffer());
    }

    private static String told(byte magic, ByteBuffer set) {
        StringJoiner words = new StringJoiner(" ");
        int at = set.position();
        try (LegacyCursor records = new LegacyCursor()) {
            while (set.limit() - at >= RecordBatch.PREFIX_SIZE && LegacyMessage.isWhole(set, at, set.limit())) {
                assertThat(LegacyMessage.magic(set, at)).isEqualTo(magic);
                assertThat(LegacyMessage.hasValidCrc(set, at)).isTrue();
                records.open(set, at, ENOUGH);
                StringJoiner inside = new StringJoiner(" ");
                while (records.next()) {
                    inside.add(records.offset() + "@" + records.timestampMs() + " " + told(records.key()) + "="
                            + told(records.value()));
                }
                CompressionCodec codec = CompressionCodec.ofId(LegacyMessage.codecId(set, at));
                words.add(
                        codec == CompressionCodec.NONE
                                ? inside.toString()
                                : codec.name().toLowerCase(Locale.ROOT) + " [" + inside + "]");
                at += LegacyMessage.sizeBytes(set, at);
            }
        }
        return words.toString();
    }

    private static String told(ByteBuffer bytes) {
        return bytes == null ? "null" : StandardCharsets.UTF_8.decode(bytes).toString();
    }

    /** What magic 1 says is told; with magic 0 it is the same without timestamps. */
    private static void expect(String topic, long offset, String expected) throws IOException {
        for (int version = 0; version <= 3; version++) {
            assertThat(read(version, topic, offset, ENOUGH))
                    .as("version %d", version)
                    .isEqualTo(version < 2 ? expected.replaceAll("@\\d+", "@-1") : expected);
        }
    }

    private static void expect(ErrorCode error, String topic, long offset) throws IOException {
        for (int version = 0; version <= 3; version++) {
            PartitionData answer = fetch(version, topic, offset, ENOUGH);
            assertThat(answer.errorCode()).as("version %d", version).isEqualTo(error);
        }
    }

    @Test
    void recordsKeepAllThatTheOldFormatsHave() throws IOException {
        bed.create("none", 1);
        put("none", three(CompressionCodec.NONE));
        expect("none", 0, "0@10 k=a 1@30 null=b 2@20 k=null");
        expect("none", 1, "1@30 null=b 2@20 k=null");
        expect("none", 3, "");
        expect(OFFSET_OUT_OF_RANGE, "none", 4);
        expect(OFFSET_OUT_OF_RANGE, "none", -1);
        expect(UNKNOWN_TOPIC_OR_PARTITION, "nobody", 0);
    }

    @Test
    void wrappersAreServedWholeWithTheirCodec() throws IOException {
        for (CompressionCodec codec : List.of(CompressionCodec.GZIP, CompressionCodec.SNAPPY, CompressionCodec.LZ4)) {
            String topic = codec.name().toLowerCase(Locale.ROOT);
            bed.create(topic, 1);
            put(topic, three(codec));
            put(topic, three(CompressionCodec.NONE));
            for (long offset = 0; offset <= 2; offset++) {
                for (int version = 0; version <= 3; version++) {
                    String first = topic + " [0@10 k=a 1@30 null=b 2@20 k=null]";
                    assertThat(read(version, topic, offset, ENOUGH))
                            .startsWith(version < 2 ? first.replaceAll("@\\d+", "@-1") : first);
                }
            }
            expect(topic, 4, "4@30 null=b 5@20 k=null");
        }
    }

    @Test
    void zstdIsOfNoUseToThem() throws IOException {
        bed.create("zstd", 1);
        put("zstd", three(CompressionCodec.NONE));
        put("zstd", three(CompressionCodec.ZSTD));
        put("zstd", three(CompressionCodec.NONE));
        expect("zstd", 0, "0@10 k=a 1@30 null=b 2@20 k=null");
        expect(UNSUPPORTED_COMPRESSION_TYPE, "zstd", 3);
        expect("zstd", 6, "6@10 k=a 7@30 null=b 8@20 k=null");
    }

    @Test
    void aTopicMayRefuseThem() throws IOException {
        bed.create("proud", 1, "message.downconversion.enable", "false");
        put("proud", three(CompressionCodec.NONE));
        expect(UNSUPPORTED_VERSION, "proud", 0);
        bed.expect(
                new FetchRequest(
                        null,
                        -1,
                        new FetchRequest.ReplicaState(-1, -1),
                        0,
                        0,
                        ENOUGH,
                        (byte) 0,
                        0,
                        -1,
                        List.of(new FetchTopic(
                                "proud", Uuid.ZERO, List.of(new FetchPartition(0, -1, 0, -1, -1, ENOUGH, Uuid.ZERO)))),
                        List.of(),
                        ""),
                4);
    }

    @Test
    void theLeadersTimeIsTold() throws IOException {
        bed.create("append", 1, "message.timestamp.type", "LogAppendTime");
        put("append", three(CompressionCodec.NONE));
        put("append", three(CompressionCodec.GZIP));
        for (int version = 2; version <= 3; version++) {
            for (long offset : new long[] {0, 3}) {
                ByteBuffer set =
                        ((BytesPayload) fetch(version, "append", offset, ENOUGH).records()).buffer();
                int at = set.position();
                assertThat(LegacyMessage.timestampType(set, at)).isEqualTo(TimestampType.LOG_APPEND_TIME);
                assertThat(read(version, "append", offset, ENOUGH))
                        .contains(offset + "@" + LegacyMessage.timestampMs(set, at) + " k=a");
            }
        }
    }

    @Test
    void limitsAreHardBeforeVersion3() throws IOException {
        bed.create("limited", 1);
        String large = "x".repeat(1_000);
        put(
                "limited",
                new BatchBuilder(ENOUGH).append(10, text("k"), text(large)).build());
        for (int version = 0; version <= 2; version++) {
            PartitionData answer = fetch(version, "limited", 0, 100);
            ByteBuffer set = ((BytesPayload) answer.records()).buffer();
            assertThat(told((byte) 0, set)).isEmpty();
            if (!ErrorsBed.KAFKA) {
                // Kafka has nothing to say for ever; by a part of the message clients learn that they must ask for
                // more.
                assertThat(set.remaining()).isEqualTo(100);
                assertThat(LegacyMessage.sizeBytes(set, set.position())).isGreaterThan(1_000);
            }
        }
        assertThat(read(FIRST_ONE_WHOLE, "limited", 0, 100)).isEqualTo("0@10 k=" + large);
    }

    @Test
    void markersAreLeftOutAndSoAreAbortedRecords() throws Exception {
        bed.create("transactions", 1);
        Map<String, Object> settings = new HashMap<>(bed.clientProperties());
        settings.put("transactional.id", "of old fetches");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            for (boolean commits : new boolean[] {true, false, true}) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("transactions", 0, 10L, "k", commits ? "kept" : "aborted"));
                producer.flush();
                if (commits) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
        }
        await().atMost(ErrorsBed.PATIENCE)
                .until(() -> fetch(4, "transactions", 0, ENOUGH).highWatermark() == 6);
        if (!ErrorsBed.KAFKA) {
            expect("transactions", 0, "0@10 k=kept 4@10 k=kept");
            expect("transactions", 1, "4@10 k=kept");
            expect("transactions", 3, "4@10 k=kept");
        }
        expect("transactions", 4, "4@10 k=kept");
        expect("transactions", 5, "");
        expect("transactions", 6, "");
    }
}
