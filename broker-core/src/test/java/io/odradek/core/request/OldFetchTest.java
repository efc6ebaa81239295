package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.fetch.FetchSessionCache;
import io.odradek.core.fetch.FetchSessions;
import io.odradek.core.memory.MemoryShare;
import io.odradek.core.partition.LeaderLog;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.TestBroker;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchRequest.ReplicaState;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordHeader;
import io.odradek.protocol.record.legacy.LegacyCursor;
import io.odradek.protocol.record.legacy.LegacyMessage;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.Meters;
import io.odradek.storage.log.AppendOrigin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a reader gets who knows no record batches: Fetch 0 to 3. */
class OldFetchTest {
    private static final int MAX_BYTES = 1 << 20;
    private static final int ANSWER_BYTES = 5_000;
    private static final int INFLATED_BYTES = 100_000;

    private final TestBroker broker = new TestBroker(2);
    private final FetchSessionCache cache =
            new FetchSessionCache(10, broker.world.clock(), broker.world.newRandoms("sessions"));
    private final MemoryShare answers = new MemoryShare("odradek.memory.answers.bytes", 1 << 20);
    private final DownConversions conversions = new DownConversions(
            broker.owners,
            broker.world.clock(),
            broker.world.newLoop("background")::post,
            new DownConversions.Bounds(1, ANSWER_BYTES, INFLATED_BYTES),
            answers,
            Meters.NONE);
    private final FetchHandler fetches = new FetchHandler(
            broker.owners,
            broker::image,
            new FetchSessions(cache),
            new FetchHandler.Bounds(55 << 20, 3_600_000),
            null,
            null,
            () -> conversions);

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void recordsAreMessagesOfTheMagicThatTheVersionKnowsWithoutHeaders(int version) {
        topic(1, Map.of());
        append(
                0,
                new BatchBuilder(1000)
                        .append(1_234, bytes("k"), bytes("v"), List.of(RecordHeader.of("h", new byte[3])))
                        .append(1_235, null, null)
                        .build());

        PartitionData data = only(fetch(version, 0, MAX_BYTES));

        assertThat(data.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(data.highWatermark()).isEqualTo(2);
        boolean timed = version >= 2;
        assertThat(messages(data))
                .containsExactly("0@" + (timed ? 1_234 : -1) + " k=v", "1@" + (timed ? 1_235 : -1) + " null=null");
        assertThat(TestRecords.bytes(data.records()).get(16)).isEqualTo((byte) (timed ? 1 : 0));
    }

    @Test
    void plainMessagesBeginWithTheOffsetAndWrappersAreGivenWhole() {
        topic(2, Map.of());
        append(0, batch(CompressionCodec.NONE, "a", "b", "c"));
        append(1, batch(CompressionCodec.GZIP, "a", "b", "c"));

        TestContext context = fetch(2, 0, at(0, 1, MAX_BYTES), at(1, 1, MAX_BYTES));

        assertThat(values(data(context).get(0))).containsExactly("1=b", "2=c");
        assertThat(values(data(context).get(1))).containsExactly("0=a", "1=b", "2=c");
        assertThat(LegacyMessage.codecId(TestRecords.bytes(data(context).get(1).records()), 0))
                .isEqualTo(CompressionCodec.GZIP.id());
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "LZ4"})
    void aReaderBehindTheLastRecordThatCleaningHasLeftOfABatchGoesOnWithTheNext(CompressionCodec codec) {
        topic(1, Map.of());
        ByteBuffer cleaned = batch(codec, "a");
        cleaned.putInt(23, 4);
        cleaned.putInt(17, RecordBatch.computeCrc(cleaned, 0));
        append(0, cleaned, AppendOrigin.COORDINATOR);
        append(0, batch(CompressionCodec.NONE, "next"));

        assertThat(values(only(fetch(1, 1, 60)))).containsExactly("5=next");
    }

    @Test
    void markersAndRecordsOfAbortedTransactionsAreLeftOut() {
        topic(1, Map.of());
        write(1, 0, "aborted");
        write(2, 0, "committed");
        append(0, batch(CompressionCodec.NONE, "plain"));
        end(1, ControlRecord.Type.ABORT);
        end(2, ControlRecord.Type.COMMIT);
        write(1, 1, "later");
        end(1, ControlRecord.Type.COMMIT);

        assertThat(values(only(fetch(3, 0, MAX_BYTES)))).containsExactly("1=committed", "2=plain", "5=later");
    }

    @Test
    void aReaderWaitsForTheEndOfATransactionAndIsAnsweredWhenThereIsSomethingForIt() {
        topic(1, Map.of());
        write(1, 0, "a");
        TestContext waiting = fetch(2, 5_000, at(0, 0, MAX_BYTES));
        assertThat(waiting.isCompleted()).isFalse();
        end(1, ControlRecord.Type.ABORT);
        assertThat(waiting.isCompleted()).as("only a marker has come").isFalse();
        append(0, batch(CompressionCodec.NONE, "b"));

        assertThat(values(only(waiting))).containsExactly("2=b");
    }

    @Test
    void aReaderWithNothingButMarkersBeforeItIsAnsweredWhenItsTimeIsUp() {
        topic(1, Map.of());
        write(1, 0, "a");
        end(1, ControlRecord.Type.COMMIT);
        TestContext waiting = fetch(2, 500, at(0, 1, MAX_BYTES));
        broker.world.advanceMs(499);
        assertThat(waiting.isCompleted()).isFalse();
        broker.world.advanceMs(1);

        assertThat(only(waiting).errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(only(waiting).records().sizeBytes()).isZero();
        assertThat(broker.parked()).isZero();
    }

    @Test
    void aLongRunOfWhatIsLeftOutIsPassedInOneFetch() {
        topic(1, Map.of());
        for (int i = 0; i < 300; i++) {
            write(1, i, "aborted".repeat(100));
            end(1, ControlRecord.Type.ABORT);
        }
        append(0, batch(CompressionCodec.NONE, "at last"));

        assertThat(values(only(fetch(0, 0, 100)))).containsExactly("600=at last");
    }

    @Test
    void beforeVersion3AMessageThatIsTooLargeIsCutAndFromThenOnGivenWhole() {
        topic(1, Map.of());
        append(0, batch(CompressionCodec.NONE, "x".repeat(500), "y"));

        for (int version = 0; version <= 2; version++) {
            assertThat(only(fetch(version, 0, 100)).records().sizeBytes()).isEqualTo(100);
            PartitionData cut = only(fetch(version, 0, 540));
            assertThat(cut.records().sizeBytes()).isEqualTo(540);
            assertThat(values(cut)).containsExactly("0=" + "x".repeat(500));
        }
        PartitionData whole = only(fetch(3, 0, 100));
        assertThat(values(whole)).containsExactly("0=" + "x".repeat(500));
        assertThat(whole.records().sizeBytes()).isEqualTo(534);
        assertThat(only(fetch(3, 0, 540)).records().sizeBytes()).isEqualTo(534);
        assertThat(only(fetch(3, 0, 0)).records().sizeBytes()).isEqualTo(534);
        assertThat(only(fetch(2, 0, 0)).records().sizeBytes()).isZero();
    }

    @Test
    void aCompressedBatchThatIsTooLargeForAReaderBeforeVersion3IsGivenInPieces() {
        topic(1, Map.of());
        String[] texts = new String[50];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = Long.toHexString(i * 0x9E3779B97F4A7C15L).repeat(10);
        }
        append(0, batch(CompressionCodec.SNAPPY, texts));

        List<String> read = new ArrayList<>();
        for (int rounds = 0; read.size() < texts.length && rounds < 60; rounds++) {
            PartitionData data = only(fetch(1, read.size(), 400));
            assertThat(data.records().sizeBytes()).isLessThanOrEqualTo(400);
            for (String value : values(data)) {
                assertThat(value).isEqualTo(read.size() + "=" + texts[read.size()]);
                read.add(value);
            }
        }
        assertThat(read).hasSize(texts.length);
    }

    @Test
    void zstdIsRefusedOnceTheReaderHasComeToIt() {
        topic(1, Map.of());
        append(0, batch(CompressionCodec.NONE, "a"));
        append(0, batch(CompressionCodec.ZSTD, "b"));

        assertThat(values(only(fetch(2, 0, MAX_BYTES)))).containsExactly("0=a");
        assertThat(only(fetch(2, 1, MAX_BYTES)).errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
    }

    @Test
    void whatIsDamagedIsCorruptAndNotHiddenBehindANewChecksum() {
        topic(1, Map.of());
        append(0, batch(CompressionCodec.NONE, "a"));
        ByteBuffer damaged = batch(CompressionCodec.NONE, "b");
        damaged.put(damaged.limit() - 2, (byte) '!');
        append(0, damaged, AppendOrigin.COORDINATOR);

        assertThat(values(only(fetch(2, 0, MAX_BYTES)))).containsExactly("0=a");
        assertThat(only(fetch(2, 1, MAX_BYTES)).errorCode()).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
    }

    @Test
    void topicsThatAreNotToBeConvertedAndFollowersAreRefused() {
        topic(1, Map.of("message.downconversion.enable", "false"));
        assertThat(only(fetch(2, 0, MAX_BYTES)).errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        broker.topic("u", 1, Map.of(), List.of(TestBroker.ID, 7));
        TestContext follower = new TestContext(ApiKey.FETCH, 3);
        fetches.handle(request("u", 7, 0, at(0, 0, MAX_BYTES)), follower);
        broker.world.runUntilIdle();
        assertThat(only(follower).errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
    }

    @Test
    void anAnswerHasABoundAndPartitionsTakeTurnsAtBeingFirst() {
        topic(3, Map.of());
        for (int i = 0; i < 3; i++) {
            append(i, batch(CompressionCodec.NONE, "x".repeat(3_000)));
            append(i, batch(CompressionCodec.NONE, "y".repeat(3_000)));
        }
        int[] given = new int[3];
        for (int round = 0; round < 30; round++) {
            TestContext context = fetch(1, 0, at(0, 0, MAX_BYTES), at(1, 0, MAX_BYTES), at(2, 0, MAX_BYTES));
            long sizeBytes = 0;
            for (PartitionData data : data(context)) {
                given[data.partitionIndex()] += messages(data).size();
                sizeBytes += data.records().sizeBytes();
            }
            assertThat(sizeBytes).isBetween(3_000L, (long) ANSWER_BYTES);
        }
        assertThat(given).doesNotContain(0);
    }

    @Test
    void oneMessageThatIsLargerThanAnAnswerIsGivenAllTheSame() {
        topic(1, Map.of());
        append(0, batch(CompressionCodec.NONE, "x".repeat(ANSWER_BYTES)));
        for (int version = 0; version <= 3; version++) {
            assertThat(values(only(fetch(version, 0, MAX_BYTES)))).containsExactly("0=" + "x".repeat(ANSWER_BYTES));
        }
    }

    @Test
    void batchesThatInflateFarAreNotAllConvertedForOneAnswer() {
        topic(2, Map.of());
        for (int i = 0; i < 3; i++) {
            append(0, batch(CompressionCodec.GZIP, "x".repeat(60_000)));
            append(1, batch(CompressionCodec.GZIP, "x".repeat(60_000)));
        }

        TestContext context = fetch(3, 0, at(0, 0, MAX_BYTES), at(1, 0, MAX_BYTES));

        assertThat(messages(data(context).get(0))).hasSize(2);
        assertThat(data(context).get(1).errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(data(context).get(1).records().sizeBytes()).isZero();
    }

    @Test
    void whileUnsentAnswersHoldAllTheMemoryForThemAReaderWaitsAndIsThenAnsweredWithNothing() {
        topic(1, Map.of());
        append(0, batch(CompressionCodec.NONE, "a"));
        answers.take(1 << 20);
        TestContext lucky = fetch(2, 1_000, at(0, 0, MAX_BYTES));
        TestContext other = fetch(2, 400, at(0, 0, MAX_BYTES));
        broker.world.advanceMs(500);
        assertThat(only(other).errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(only(other).records().sizeBytes()).isZero();
        assertThat(lucky.isCompleted()).isFalse();
        answers.giveBack(1 << 20);
        broker.world.advanceMs(100);

        assertThat(values(only(lucky))).containsExactly("0=a");
        assertThat(answers.usedBytes()).isZero();
    }

    @Test
    void errorsAndPartitionsWithoutRecordsAreAnsweredBesideConvertedOnes() {
        topic(3, Map.of());
        append(0, batch(CompressionCodec.NONE, "a"));
        append(2, batch(CompressionCodec.NONE, "c"));

        TestContext context = fetch(1, 0, at(0, 0, MAX_BYTES), at(1, 0, MAX_BYTES), at(2, 9, MAX_BYTES), at(7, 0, 1));

        assertThat(data(context))
                .extracting(PartitionData::errorCode)
                .containsExactly(
                        ErrorCode.NONE,
                        ErrorCode.NONE,
                        ErrorCode.OFFSET_OUT_OF_RANGE,
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(values(data(context).get(0))).containsExactly("0=a");
        assertThat(data(context).get(1).records().sizeBytes()).isZero();
    }

    @Test
    void aReaderThatHasLeftIsNotConvertedFor() {
        topic(1, Map.of());
        append(0, batch(CompressionCodec.NONE, "a"));
        TestContext context = new TestContext(ApiKey.FETCH, 2);
        context.leave();
        fetches.handle(request("t", -1, 0, at(0, 0, MAX_BYTES)), context);
        broker.world.runUntilIdle();

        assertThat(context.isCompleted()).isTrue();
        assertThat(context.response(FetchResponse.class)).isNull();
    }

    private void topic(int partitions, Map<String, String> config) {
        broker.topic("t", partitions, config);
    }

    private Partition partition(int index) {
        return broker.partition("t", index);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer batch(CompressionCodec codec, String... values) {
        BatchBuilder builder = new BatchBuilder(1 << 20).codec(codec);
        for (String value : values) {
            builder.append(1_000, null, bytes(value));
        }
        return builder.build();
    }

    private void write(long producerId, int sequence, String value) {
        append(
                0,
                new BatchBuilder(1 << 20)
                        .producer(producerId, (short) 0, sequence)
                        .transactional()
                        .append(1_000, null, bytes(value))
                        .build());
    }

    private void end(long producerId, ControlRecord.Type type) {
        append(0, new ControlRecord(type, 0).toBatch(producerId, (short) 0, 1_000), AppendOrigin.COORDINATOR);
    }

    private void append(int partition, ByteBuffer batch) {
        append(partition, batch, AppendOrigin.CLIENT);
    }

    private void append(int index, ByteBuffer batch, AppendOrigin origin) {
        LeaderLog.append(
                partition(index), batch, (short) 1, broker.world.clock().wallMs(), origin);
        partition(index).announceChanges();
        broker.world.runUntilIdle();
    }

    private TestContext fetch(int version, long offset, int maxBytes) {
        return fetch(version, 0, at(0, offset, maxBytes));
    }

    private TestContext fetch(int version, int maxWaitMs, FetchPartition... partitions) {
        TestContext context = new TestContext(ApiKey.FETCH, version);
        fetches.handle(request("t", -1, maxWaitMs, partitions), context);
        broker.world.runUntilIdle();
        return context;
    }

    private static FetchPartition at(int partition, long offset, int maxBytes) {
        return new FetchPartition(partition, -1, offset, -1, -1, maxBytes, Uuid.ZERO);
    }

    private static FetchRequest request(String topic, int replicaId, int maxWaitMs, FetchPartition... partitions) {
        return new FetchRequest(
                null,
                replicaId,
                new ReplicaState(-1, -1),
                maxWaitMs,
                1,
                Integer.MAX_VALUE,
                (byte) 0,
                0,
                -1,
                List.of(new FetchTopic(topic, Uuid.ZERO, List.of(partitions))),
                List.of(),
                "");
    }

    private static List<PartitionData> data(TestContext context) {
        return context.response(FetchResponse.class).responses().get(0).partitions();
    }

    private static PartitionData only(TestContext context) {
        assertThat(data(context)).hasSize(1);
        return data(context).get(0);
    }

    /** {@return the whole messages, those in wrappers one by one, as {@code offset@timestamp key=value}} */
    private static List<String> messages(PartitionData data) {
        ByteBuffer buffer = TestRecords.bytes(data.records());
        List<String> messages = new ArrayList<>();
        try (LegacyCursor cursor = new LegacyCursor()) {
            for (int at = 0; LegacyMessage.isWhole(buffer, at, buffer.limit()); ) {
                assertThat(LegacyMessage.hasValidCrc(buffer, at)).isTrue();
                cursor.open(buffer, at, 1 << 20);
                while (cursor.next()) {
                    messages.add(cursor.offset() + "@" + cursor.timestampMs() + " " + text(cursor.key()) + "="
                            + text(cursor.value()));
                }
                at += LegacyMessage.sizeBytes(buffer, at);
                if (buffer.limit() - at < LegacyMessage.SMALLEST_SIZE) {
                    break;
                }
            }
        }
        return messages;
    }

    private static List<String> values(PartitionData data) {
        return messages(data).stream()
                .map(message -> message.replaceFirst("@.* null", ""))
                .toList();
    }

    private static String text(ByteBuffer bytes) {
        return bytes == null ? "null" : StandardCharsets.UTF_8.decode(bytes).toString();
    }
}
