package io.odradek.server.errors;

import static io.odradek.protocol.errors.ErrorCode.CORRUPT_MESSAGE;
import static io.odradek.protocol.errors.ErrorCode.INVALID_RECORD;
import static io.odradek.protocol.errors.ErrorCode.INVALID_REQUIRED_ACKS;
import static io.odradek.protocol.errors.ErrorCode.INVALID_TIMESTAMP;
import static io.odradek.protocol.errors.ErrorCode.MESSAGE_TOO_LARGE;
import static io.odradek.protocol.errors.ErrorCode.NONE;
import static io.odradek.protocol.errors.ErrorCode.UNKNOWN_SERVER_ERROR;
import static io.odradek.protocol.errors.ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
import static io.odradek.protocol.errors.ErrorCode.UNSUPPORTED_COMPRESSION_TYPE;
import static io.odradek.protocol.record.CompressionCodec.GZIP;
import static io.odradek.protocol.record.CompressionCodec.LZ4;
import static io.odradek.protocol.record.CompressionCodec.SNAPPY;
import static io.odradek.protocol.record.CompressionCodec.ZSTD;
import static io.odradek.server.hostile.HandmadeMessage.set;
import static io.odradek.server.hostile.HandmadeMessage.wrapper;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.ProduceResponse.PartitionProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.server.hostile.HandmadeBatch;
import io.odradek.server.hostile.HandmadeMessage;
import io.odradek.server.net.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of the message sets that Produce 0 to 2 bring, sound and broken, in magic 0 and 1. */
@Timeout(120)
class MessageSetErrorsTest {
    private static final int LOG_APPEND_TIME = 8;

    private static ErrorsBed bed;

    @BeforeAll
    static void start() throws Exception {
        bed = ErrorsBed.start("odradek.records.max.inflated.bytes", "1048576");
        bed.create("t", 1);
        bed.create("small", 1, "max.message.bytes", "200");
        bed.create("compacted", 1, "cleanup.policy", "compact");
        bed.create("current", 1, "message.timestamp.before.max.ms", "3600000");
        bed.create("append", 1, "message.timestamp.type", "LogAppendTime");
        bed.create("zstd", 1, "compression.type", "zstd");
        bed.create("uncompressed", 1, "compression.type", "uncompressed");
        bed.awaitCoordinator(0, "g");
    }

    @AfterAll
    static void stop() throws Exception {
        bed.close();
    }

    private static HandmadeMessage message(int magic, int place, String key, String value) {
        return new HandmadeMessage(magic, place, 10 + place, key, value);
    }

    private static byte[] three(int magic) {
        return set(
                message(magic, 0, "k", "a"), message(magic, 1, null, "b").timestamp(5), message(magic, 2, "k", null));
    }

    private static byte[] one(int magic) {
        return message(magic, 0, "k", "a").build();
    }

    private static byte[] zipped(int magic, byte... inside) {
        return wrapper(magic, GZIP, 2, inside).build();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] cut(int count, byte... bytes) {
        return Arrays.copyOf(bytes, bytes.length - count);
    }

    private static PartitionProduceResponse produce(String topic, int version, byte... set) throws IOException {
        return bed.ask(request(topic, 1, set), version, ProduceResponse.class)
                .responses()
                .get(0)
                .partitionResponses()
                .get(0);
    }

    private static ProduceRequest request(String topic, int acks, byte... set) {
        var data = List.of(new PartitionProduceData(0, new BytesPayload(ByteBuffer.wrap(set))));
        return new ProduceRequest(null, (short) acks, 5_000, List.of(new TopicProduceData(topic, data)));
    }

    /** What magic 1 has stored is told; with magic 0 it is the same without timestamps. */
    private static void taken(String topic, String expected, IntFunction<byte[]> ofMagic) throws IOException {
        for (int version = 0; version <= 2; version++) {
            for (int magic = 0; magic <= 1; magic++) {
                PartitionProduceResponse answer = produce(topic, version, ofMagic.apply(magic));
                assertThat(answer.errorCode())
                        .as("version %d, magic %d: %s", version, magic, expected)
                        .isEqualTo(NONE);
                boolean tellsTime = version == 2 && topic.equals("append");
                assertThat(answer.logAppendTimeMs() > 0).isEqualTo(tellsTime);
                assertThat(Stored.from(bed, topic, answer.baseOffset()))
                        .as("version %d, magic %d", version, magic)
                        .isEqualTo(magic == 0 ? expected.replaceAll("@\\d+", "@-1") : expected);
            }
        }
    }

    private static void refused(String topic, ErrorCode error, IntFunction<byte[]> ofMagic) throws IOException {
        for (int version = 0; version <= 2; version++) {
            for (int magic = 0; magic <= 1; magic++) {
                refused(topic, version, error, ofMagic.apply(magic));
            }
        }
    }

    private static void refused(String topic, int version, ErrorCode error, byte... set) throws IOException {
        long end = Stored.end(bed, topic);
        PartitionProduceResponse answer = produce(topic, version, set);
        assertThat(answer.errorCode()).isEqualTo(error);
        assertThat(answer.baseOffset()).isEqualTo(-1);
        assertThat(answer.logAppendTimeMs()).isEqualTo(-1);
        assertThat(Stored.end(bed, topic)).isEqualTo(end);
    }

    /** What makes Kafka stumble is UNKNOWN_SERVER_ERROR there, with a stack trace in the log, and said better here. */
    private static void stumbledOver(ErrorCode error, IntFunction<byte[]> ofMagic) throws IOException {
        refused("t", ErrorsBed.KAFKA ? UNKNOWN_SERVER_ERROR : error, ofMagic);
    }

    @Test
    void aSetBecomesOneBatch() throws IOException {
        taken("t", "none k=a@10", MessageSetErrorsTest::one);
        taken("t", "none k=a@10 null=b@5 k=null@12", MessageSetErrorsTest::three);
        taken("t", "gzip k=a@10 null=b@5 k=null@12", magic -> zipped(magic, three(magic)));
        for (CompressionCodec codec : List.of(GZIP, SNAPPY, LZ4)) {
            String batch = codec.name().toLowerCase(Locale.ROOT) + " k=a@10 null=b@5 k=null@12";
            taken("t", batch, magic -> wrapper(magic, codec, 2, three(magic)).build());
        }
        taken(
                "t",
                "gzip k=a@10",
                magic -> wrapper(magic, GZIP, 0, one(magic))
                        .key("none of its own")
                        .build());
    }

    @Test
    void aTopicHasItsOwnCodecAndItsOwnTime() throws IOException {
        taken("zstd", "zstd k=a@10 null=b@5 k=null@12", MessageSetErrorsTest::three);
        taken("zstd", "zstd k=a@10 null=b@5 k=null@12", magic -> zipped(magic, three(magic)));
        taken("uncompressed", "none k=a@10 null=b@5 k=null@12", magic -> zipped(magic, three(magic)));
        taken("append", "none k=a@append null=b@append k=null@append", MessageSetErrorsTest::three);
        taken("append", "gzip k=a@append null=b@append k=null@append", magic -> zipped(magic, three(magic)));
    }

    @Test
    void anEndThatIsCutIsLeftOut() throws IOException {
        for (int count : new int[] {1, 5, 20}) {
            taken("t", "none k=a@10 null=b@5", magic -> cut(count, three(magic)));
            taken("t", "gzip k=a@10 null=b@5", magic -> zipped(magic, cut(count, three(magic))));
        }
        for (int count : new int[] {1, 11}) {
            taken("t", "none k=a@10", magic -> joined(one(magic), new byte[count]));
            taken("t", "gzip k=a@10", magic -> zipped(magic, joined(one(magic), new byte[count])));
        }
        taken("t", "none k=a@10", magic -> message(magic, 0, "k", "a").tail(3).build());
        for (CompressionCodec codec : List.of(GZIP, LZ4)) {
            taken("t", codec == GZIP ? "gzip k=a@10" : "lz4 k=a@10", magic -> {
                HandmadeMessage wrapper = wrapper(magic, codec, 0, one(magic));
                return wrapper.value(joined(wrapper.value(), new byte[7])).build();
            });
        }
        for (byte[] nothing : List.of(new byte[0], new byte[1], new byte[11], cut(1, one(0)), cut(20, one(1)))) {
            PartitionProduceResponse answer = produce("t", 2, nothing);
            assertThat(answer.errorCode()).isEqualTo(NONE);
            assertThat(answer.baseOffset()).isEqualTo(-1);
        }
    }

    @Test
    void offsetsOfProducersDoNotMatterUnlessTheyContradict() throws IOException {
        for (long[] said : new long[][] {{0, 0}, {5, 6}, {2, 1}, {-1, -1}, {1L << 31, 7}, {Long.MAX_VALUE, 0}}) {
            IntFunction<byte[]> two = magic -> set(
                    new HandmadeMessage(magic, said[0], 1, "k", "a"), new HandmadeMessage(magic, said[1], 1, "k", "b"));
            taken("t", "none k=a@1 k=b@1", two);
            taken(
                    "t",
                    "gzip k=a@1 k=b@1",
                    magic -> wrapper(magic, GZIP, 0, two.apply(magic)).build());
            taken(
                    "t",
                    "gzip k=a@1 k=b@1",
                    magic -> wrapper(magic, GZIP, 7, two.apply(magic)).build());
        }
        byte[] beyond = new HandmadeMessage(1, (1L << 31) + 1, 1, "k", "a").build();
        refused("t", 2, INVALID_RECORD, wrapper(1, GZIP, 1, beyond).build());
        refused("t", 2, INVALID_RECORD, wrapper(1, GZIP, -1, three(1)).build());
        refused("t", 2, INVALID_RECORD, wrapper(1, GZIP, 1, three(1)).build());
        refused("zstd", 2, INVALID_RECORD, wrapper(1, GZIP, 1, three(1)).build());
    }

    @Test
    void wrappersStandAlone() throws IOException {
        refused("t", INVALID_RECORD, magic -> zipped(magic, zipped(magic, three(magic))));
        refused("t", INVALID_RECORD, magic -> zipped(magic, joined(one(magic), zipped(magic, three(magic)))));
        refused("t", INVALID_RECORD, magic -> joined(zipped(magic, one(magic)), zipped(magic, one(magic))));
        refused("t", INVALID_RECORD, magic -> joined(zipped(magic, one(magic)), one(magic)));
        refused("t", INVALID_RECORD, magic -> joined(one(magic), zipped(magic, one(magic))));
        refused("t", INVALID_RECORD, magic -> zipped(magic));
        refused(
                "t",
                INVALID_RECORD,
                magic -> new HandmadeMessage(magic, 0, 0, null, null)
                        .attributes(1)
                        .build());
        refused("uncompressed", INVALID_RECORD, magic -> joined(zipped(magic, one(magic)), zipped(magic, one(magic))));
    }

    @Test
    void magicsAreNotMixed() throws IOException {
        refused("t", INVALID_RECORD, magic -> joined(one(magic), one(1 - magic)));
        refused("t", INVALID_RECORD, magic -> zipped(magic, one(1 - magic)));
        refused("t", INVALID_RECORD, magic -> zipped(magic, joined(one(magic), one(1 - magic))));
        for (int other : new int[] {3, 127, -1}) {
            byte[] strange = new HandmadeMessage(other, 0, 1, "k", "a").build();
            refused("t", CORRUPT_MESSAGE, magic -> strange);
            refused("t", CORRUPT_MESSAGE, magic -> joined(one(magic), strange));
            refused("t", INVALID_RECORD, magic -> zipped(magic, strange));
        }
    }

    @Test
    void oneBatchIsTakenInPlaceOfASet() throws IOException {
        ByteBuffer batch = new HandmadeBatch().records(1, 0, 0).build();
        ByteBuffer zstd = new HandmadeBatch().codec(ZSTD).records(1, 0, 0).build();
        for (int version = 0; version <= 2; version++) {
            assertThat(produce("t", version, batch.array()).errorCode()).isEqualTo(NONE);
            assertThat(produce("t", version, zstd.array()).errorCode()).isEqualTo(NONE);
            refused("t", version, INVALID_RECORD, joined(batch.array(), batch.array()));
            refused("t", version, INVALID_RECORD, joined(one(1), batch.array()));
            refused("t", version, INVALID_RECORD, joined(batch.array(), one(1)));
            refused(
                    "t",
                    version,
                    CORRUPT_MESSAGE,
                    new HandmadeBatch().records(1, 0, 0).wrongCrc().build().array());
        }
    }

    @Test
    void newVersionsTakeNoOldMessages() throws IOException {
        for (int version : new int[] {3, 7, 9, 11}) {
            for (int magic = 0; magic <= 1; magic++) {
                refused("t", version, INVALID_RECORD, one(magic));
                refused("t", version, INVALID_RECORD, zipped(magic, three(magic)));
                refused(
                        "t",
                        version,
                        INVALID_RECORD,
                        message(magic, 0, "k", "a").wrongCrc().build());
                refused(
                        "t",
                        version,
                        INVALID_RECORD,
                        joined(new HandmadeBatch().records(1, 0, 0).build().array(), one(magic)));
            }
            refused("t", version, INVALID_RECORD);
        }
    }

    @Test
    void checksumsAndSizesThatAreWrong() throws IOException {
        refused(
                "t",
                CORRUPT_MESSAGE,
                magic -> message(magic, 0, "k", "a").wrongCrc().build());
        refused(
                "t",
                CORRUPT_MESSAGE,
                magic -> joined(
                        one(magic), message(magic, 1, "k", "b").wrongCrc().build()));
        refused(
                "t",
                CORRUPT_MESSAGE,
                magic -> wrapper(magic, GZIP, 2, three(magic)).wrongCrc().build());
        refused(
                "t",
                CORRUPT_MESSAGE,
                magic -> zipped(
                        magic,
                        joined(
                                one(magic),
                                message(magic, 1, "k", "b").wrongCrc().build())));
        for (int size : new int[] {Integer.MIN_VALUE, -1, 0, 4, 13}) {
            refused(
                    "t",
                    CORRUPT_MESSAGE,
                    magic -> message(magic, 0, "k", "a").size(size).build());
            refused(
                    "t",
                    CORRUPT_MESSAGE,
                    magic -> joined(
                            one(magic), message(magic, 1, "k", "b").size(size).build()));
            refused(
                    "t",
                    CORRUPT_MESSAGE,
                    magic -> zipped(
                            magic,
                            joined(
                                    one(magic),
                                    message(magic, 1, "k", "b").size(size).build())));
        }
        for (int count : new int[] {12, 16, 17, 40}) {
            refused("t", CORRUPT_MESSAGE, magic -> joined(one(magic), new byte[count]));
            refused("t", CORRUPT_MESSAGE, magic -> zipped(magic, joined(one(magic), new byte[count])));
            refused("t", CORRUPT_MESSAGE, magic -> new byte[count]);
        }
        byte[] overlapping = joined(message(0, 0, "k", "a").size(30).build(), one(0));
        refused("t", 2, CORRUPT_MESSAGE, overlapping);
    }

    @Test
    void whatMakesKafkaStumble() throws IOException {
        for (int size : new int[] {2, 100, Integer.MAX_VALUE}) {
            stumbledOver(
                    CORRUPT_MESSAGE,
                    magic -> message(magic, 0, "k", "a").keySize(size).build());
            stumbledOver(
                    CORRUPT_MESSAGE,
                    magic -> message(magic, 0, "k", "a").valueSize(size).build());
            stumbledOver(
                    INVALID_RECORD,
                    magic -> zipped(
                            magic, message(magic, 0, "k", "a").keySize(size).build()));
            stumbledOver(
                    INVALID_RECORD,
                    magic -> zipped(
                            magic, message(magic, 0, "k", "a").valueSize(size).build()));
        }
        for (CompressionCodec codec : List.of(GZIP, SNAPPY, LZ4)) {
            stumbledOver(
                    INVALID_RECORD,
                    magic -> wrapper(magic, codec, 0)
                            .value(new byte[] {1, 2, 3, 4, 5, 6, 7})
                            .build());
            stumbledOver(INVALID_RECORD, magic -> {
                HandmadeMessage wrapper = wrapper(magic, codec, 2, three(magic));
                return wrapper.value(cut(9, wrapper.value())).build();
            });
        }
        for (int codec : new int[] {5, 6, 7}) {
            stumbledOver(
                    UNSUPPORTED_COMPRESSION_TYPE,
                    magic -> message(magic, 0, "k", "a").attributes(codec).build());
        }
        stumbledOver(
                INVALID_RECORD,
                magic -> zipped(magic, message(magic, 0, "k", "a").attributes(5).build()));
        ErrorCode tooEarly = ErrorsBed.KAFKA ? UNKNOWN_SERVER_ERROR : INVALID_TIMESTAMP;
        refused("t", 2, tooEarly, message(1, 0, "k", "a").timestamp(-2).build());
        refused(
                "t",
                2,
                tooEarly,
                zipped(1, message(1, 0, "k", "a").timestamp(-2).build()));
    }

    @Test
    void codecsThatTheFormatsDoNotHave() throws IOException {
        refused(
                "t",
                INVALID_RECORD,
                magic -> wrapper(magic, ZSTD, 2, three(magic)).build());
        taken("t", "lz4 k=a@10", magic -> wrapper(magic, LZ4, 1, 0, one(magic)).build());
        if (!ErrorsBed.KAFKA) {
            refused("t", 2, INVALID_RECORD, wrapper(1, LZ4, 0, 2, three(1)).build());
        }
    }

    @Test
    void timesAreTheLeadersOnlyWhereItSetsThem() throws IOException {
        for (int bits : new int[] {LOG_APPEND_TIME, 0x10, 0x20, 0x80}) {
            taken(
                    "t",
                    "none k=a@10",
                    magic -> message(magic, 0, "k", "a").attributes(bits).build());
        }
        IntFunction<byte[]> pretended = magic -> wrapper(magic, GZIP, 2, three(magic))
                .timestamp(9)
                .attributes(LOG_APPEND_TIME)
                .build();
        taken("t", "gzip k=a@9 null=b@9 k=null@9", pretended);
        refused("append", 2, INVALID_TIMESTAMP, pretended.apply(1));
        refused(
                "append",
                2,
                INVALID_TIMESTAMP,
                message(1, 0, "k", "a").attributes(LOG_APPEND_TIME).build());
        assertThat(produce("append", 2, pretended.apply(0)).errorCode()).isEqualTo(NONE);
        refused("current", 2, INVALID_TIMESTAMP, one(1));
        refused("current", 2, INVALID_TIMESTAMP, zipped(1, three(1)));
        taken(
                "current",
                "none k=a@-1",
                magic -> message(magic, 0, "k", "a").timestamp(-1).build());
    }

    @Test
    void keysAndSizesThatATopicAsksFor() throws IOException {
        taken("compacted", "none k=a@10", MessageSetErrorsTest::one);
        refused("compacted", INVALID_RECORD, MessageSetErrorsTest::three);
        refused("compacted", INVALID_RECORD, magic -> zipped(magic, three(magic)));
        refused(
                "compacted",
                INVALID_RECORD,
                magic -> wrapper(magic, GZIP, 0, message(magic, 0, null, "a").build())
                        .key("outer")
                        .build());
        String large = "x".repeat(300);
        refused(
                "small",
                MESSAGE_TOO_LARGE,
                magic -> message(magic, 0, "k", large).build());
        refused(
                "small",
                MESSAGE_TOO_LARGE,
                magic -> joined(one(magic), message(magic, 1, "k", large).build()));
        String batched = "x".repeat(140);
        refused(
                "small",
                MESSAGE_TOO_LARGE,
                magic -> message(magic, 0, "k", batched).build());
        taken(
                "small",
                "gzip k=" + large + "@10",
                magic -> wrapper(magic, GZIP, 0, message(magic, 0, "k", large).build())
                        .build());
    }

    @Test
    void whatInflatesTooFarIsRefused() throws IOException {
        if (!ErrorsBed.KAFKA) {
            for (CompressionCodec codec : List.of(GZIP, SNAPPY, LZ4)) {
                refused(
                        "t",
                        MESSAGE_TOO_LARGE,
                        magic -> wrapper(
                                        magic,
                                        codec,
                                        0,
                                        message(magic, 0, "k", null)
                                                .value(new byte[1 << 20])
                                                .build())
                                .build());
            }
        }
    }

    @Test
    void whereNobodyWaitsForAnAnswerTheConnectionEndsInAnError() throws IOException {
        try (RawClient client = bed.connect()) {
            client.send(request("t", 0, message(1, 0, "k", "a").wrongCrc().build()), (short) 2, 1);
            assertThat(client.isClosedByPeer()).isTrue();
        }
        bed.expect(request("t", 2, one(1)), 2, INVALID_REQUIRED_ACKS);
        bed.expect(request("none", 1, one(1)), 0, UNKNOWN_TOPIC_OR_PARTITION);
    }
}
