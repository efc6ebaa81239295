package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.partition.LeaderLog;
import io.odradek.core.partition.TestBroker;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsPartition;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsTopic;
import io.odradek.protocol.api.ListOffsetsResponse;
import io.odradek.protocol.api.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import io.odradek.protocol.api.OffsetForLeaderEpochResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OffsetHandlersTest {
    private final TestBroker broker = new TestBroker(2);
    private final ListOffsetsHandler listOffsets =
            new ListOffsetsHandler(broker.owners, broker::image, broker.world.clock());
    private final OffsetForLeaderEpochHandler epochs = new OffsetForLeaderEpochHandler(broker.owners, broker::image);

    @BeforeEach
    void recordsAtThreeTimes() {
        broker.topic("a", 2, Map.of());
        append(1000);
        append(3000);
        append(2000);
    }

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    @Test
    void startEndAndTimesAreFound() {
        assertThat(offsets(9, ask(-2), ask(-1), ask(-3), ask(-4), ask(-5)))
                .extracting(ListOffsetsPartitionResponse::offset)
                .containsExactly(0L, 3L, 1L, 0L, -1L);
        assertThat(offsets(9, ask(-2)).get(0).leaderEpoch()).isZero();
        assertThat(offsets(9, ask(500)).get(0).offset()).isZero();
        assertThat(offsets(9, ask(1001)).get(0)).satisfies(found -> {
            assertThat(found.offset()).isEqualTo(1);
            assertThat(found.timestamp()).isEqualTo(3000);
            assertThat(found.leaderEpoch()).isZero();
        });
        assertThat(offsets(9, ask(3001)).get(0)).satisfies(nothing -> {
            assertThat(nothing.errorCode()).isEqualTo(ErrorCode.NONE);
            assertThat(nothing.offset()).isEqualTo(-1);
            assertThat(nothing.timestamp()).isEqualTo(-1);
        });
    }

    @Test
    void specialTimestampsNeedTheirVersion() {
        assertThat(offsets(6, ask(-3)).get(0).errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(offsets(7, ask(-3)).get(0).errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(offsets(7, ask(-4)).get(0).errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(offsets(8, ask(-5)).get(0).errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(offsets(9, ask(-6)).get(0).errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(one("none", 1, -3).errorCode()).as("as with Kafka").isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
    }

    private List<Long> versionZero(String topic, long timestamp, int most) {
        return one(topic, 0, new ListOffsetsPartition(0, -1, timestamp, most)).oldStyleOffsets();
    }

    @Test
    void versionZeroFindsWhereSegmentsBegin() {
        assertThat(versionZero("a", -1, 1)).containsExactly(3L);
        assertThat(versionZero("a", -1, 5)).containsExactly(3L, 0L);
        assertThat(versionZero("a", -2, 5)).containsExactly(0L);
        broker.topic("segments", 1, Map.of("segment.ms", "1"));
        assertThat(versionZero("segments", -1, 5)).as("empty").containsExactly(0L);
        assertThat(versionZero("segments", Long.MAX_VALUE, 5)).as("empty").containsExactly(0L);
        for (int timestamp = 1_000; timestamp < 6_000; timestamp += 1_000) {
            appendTo("segments", timestamp);
        }
        assertThat(versionZero("segments", -1, 10)).containsExactly(5L, 4L, 3L, 2L, 1L, 0L);
        assertThat(versionZero("segments", -1, 2)).containsExactly(5L, 4L);
        assertThat(versionZero("segments", -1, 0)).isEmpty();
        assertThat(versionZero("segments", -1, -1)).isEmpty();
        assertThat(versionZero("segments", broker.world.clock().wallMs(), 3)).containsExactly(5L, 4L, 3L);
        broker.partition("segments", 0).log().advanceStartTo(3);
        assertThat(versionZero("segments", -2, 5)).containsExactly(3L);
        assertThat(versionZero("segments", -1, 10)).startsWith(5L, 4L, 3L).doesNotContain(2L);
    }

    @Test
    void versionZeroGoesByTheTimesOfFiles() {
        broker.files.useClock(broker.world.clock());
        append(4000);
        long writtenMs = broker.world.clock().wallMs();
        broker.world.advanceMs(10_000);
        assertThat(versionZero("a", writtenMs - 1, 5)).isEmpty();
        assertThat(versionZero("a", writtenMs, 5)).containsExactly(0L);
        assertThat(versionZero("a", writtenMs + 10_000, 5))
                .as("the end is of now")
                .containsExactly(4L, 0L);
    }

    @Test
    void versionZeroAnswersTwiceWhoAsksTwice() {
        TestContext context = new TestContext(ApiKey.LIST_OFFSETS, 0);
        List<ListOffsetsPartition> twice = List.of(ask(-1), ask(-2));
        listOffsets.handle(new ListOffsetsRequest(-1, (byte) 0, List.of(new ListOffsetsTopic("a", twice))), context);
        broker.world.runUntilIdle();
        assertThat(context.response(ListOffsetsResponse.class).topics().get(0).partitions())
                .extracting(ListOffsetsPartitionResponse::oldStyleOffsets)
                .containsExactly(List.of(3L), List.of(0L));
    }

    @Test
    void versionZeroTellsNothingBeyondTheHighWatermark() {
        broker.topic("r", 1, Map.of(), List.of(TestBroker.ID, 2));
        appendTo("r", 1000);
        assertThat(broker.partition("r", 0).highWatermark()).isZero();
        assertThat(versionZero("r", -1, 5)).containsExactly(0L, 0L);
    }

    @Test
    void partitionsThatAreUnknownOrNamedTwiceOrOfAnotherEpochAreRefusedOneByOne() {
        ListOffsetsPartition stale = new ListOffsetsPartition(1, 7, -1, 1);
        assertThat(offsets(9, stale, new ListOffsetsPartition(9, -1, -1, 1)))
                .extracting(ListOffsetsPartitionResponse::errorCode)
                .containsExactly(ErrorCode.UNKNOWN_LEADER_EPOCH, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        TestContext context = new TestContext(ApiKey.LIST_OFFSETS, 9);
        List<ListOffsetsPartition> twice = List.of(ask(-1), ask(-1), stale);
        listOffsets.handle(new ListOffsetsRequest(-1, (byte) 0, List.of(new ListOffsetsTopic("a", twice))), context);
        broker.world.runUntilIdle();
        assertThat(context.response(ListOffsetsResponse.class).topics().get(0).partitions())
                .extracting(ListOffsetsPartitionResponse::errorCode)
                .containsExactly(ErrorCode.INVALID_REQUEST, ErrorCode.INVALID_REQUEST, ErrorCode.UNKNOWN_LEADER_EPOCH);
    }

    @Test
    void theEndIsNotAvailableUntilANewLeadersHighWatermarkHasReachedItsEpoch() {
        broker.topic("r", 1, Map.of(), List.of(1, 2));
        appendTo("r", 1000);
        broker.elect(broker.partition("r", 0), TestBroker.ID, 1, List.of(1, 2));
        broker.world.runUntilIdle();
        assertThat(one("r", 5, -1).errorCode()).isEqualTo(ErrorCode.OFFSET_NOT_AVAILABLE);
        assertThat(one("r", 4, -1).errorCode()).isEqualTo(ErrorCode.LEADER_NOT_AVAILABLE);
        assertThat(one("r", 5, -2).offset()).isZero();
    }

    @Test
    void recordsBelowTheHighWatermarkAreFoundByTimeBeforeItHasReachedANewLeadersEpoch() {
        broker.topic("r", 1, Map.of(), List.of(TestBroker.ID));
        appendTo("r", 1000);
        broker.elect(broker.partition("r", 0), TestBroker.ID, 1, List.of(1, 2));
        broker.world.runUntilIdle();
        appendTo("r", 2000);
        broker.elect(broker.partition("r", 0), TestBroker.ID, 2, List.of(1, 2));
        broker.world.runUntilIdle();
        assertThat(broker.partition("r", 0).highWatermark()).isEqualTo(1);
        assertThat(one("r", 5, 1000).offset()).isZero();
        assertThat(one("r", 7, -3).offset()).isZero();
        assertThat(one("r", 5, 1001).errorCode()).isEqualTo(ErrorCode.OFFSET_NOT_AVAILABLE);
    }

    @Test
    void theEpochOfALeaderWithoutRecordsEndsWhereItBegan() {
        broker.topic("empty", 1, Map.of());
        assertThat(end("empty", 0)).containsExactly(0L, 0L);
        broker.elect(broker.partition("a", 0), TestBroker.ID, 5, List.of(TestBroker.ID));
        assertThat(end("a", 5)).containsExactly(5L, 3L);
        assertThat(end("a", 4)).containsExactly(0L, 3L);
        append(4000);
        assertThat(end("a", 5)).containsExactly(5L, 4L);
        assertThat(end("a", 0)).containsExactly(0L, 3L);
    }

    /** {@return the epoch that is found for one, and where it ends} */
    private List<Long> end(String topic, int epoch) {
        TestContext context = new TestContext(ApiKey.OFFSET_FOR_LEADER_EPOCH, 4);
        epochs.handle(
                new OffsetForLeaderEpochRequest(
                        -2,
                        List.of(new OffsetForLeaderTopic(topic, List.of(new OffsetForLeaderPartition(0, -1, epoch))))),
                context);
        broker.world.runUntilIdle();
        var found = context.response(OffsetForLeaderEpochResponse.class)
                .topics()
                .get(0)
                .partitions()
                .get(0);
        assertThat(found.errorCode()).isEqualTo(ErrorCode.NONE);
        return List.of((long) found.leaderEpoch(), found.endOffset());
    }

    @Test
    void theEndsOfEpochsAreFound() {
        broker.elect(broker.partition("a", 0), TestBroker.ID, 4, List.of(1));
        broker.world.runUntilIdle();
        append(5000);
        TestContext context = new TestContext(ApiKey.OFFSET_FOR_LEADER_EPOCH, 4);
        epochs.handle(
                new OffsetForLeaderEpochRequest(
                        -1,
                        List.of(new OffsetForLeaderTopic(
                                "a",
                                List.of(
                                        new OffsetForLeaderPartition(0, 4, 0),
                                        new OffsetForLeaderPartition(0, 4, 3),
                                        new OffsetForLeaderPartition(0, 4, 4),
                                        new OffsetForLeaderPartition(0, 3, 4),
                                        new OffsetForLeaderPartition(5, 3, 4))))),
                context);
        broker.world.runUntilIdle();
        assertThat(context.response(OffsetForLeaderEpochResponse.class)
                        .topics()
                        .get(0)
                        .partitions())
                .containsExactly(
                        new OffsetForLeaderEpochResponse.EpochEndOffset(ErrorCode.NONE, 0, 0, 3),
                        new OffsetForLeaderEpochResponse.EpochEndOffset(ErrorCode.NONE, 0, 0, 3),
                        new OffsetForLeaderEpochResponse.EpochEndOffset(ErrorCode.NONE, 0, 4, 4),
                        new OffsetForLeaderEpochResponse.EpochEndOffset(ErrorCode.FENCED_LEADER_EPOCH, 0, -1, -1),
                        new OffsetForLeaderEpochResponse.EpochEndOffset(
                                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, 5, -1, -1));
    }

    private List<ListOffsetsPartitionResponse> offsets(int version, ListOffsetsPartition... partitions) {
        List<ListOffsetsPartitionResponse> found = new ArrayList<>();
        for (ListOffsetsPartition partition : partitions) {
            found.add(one("a", version, partition));
        }
        return found;
    }

    private ListOffsetsPartitionResponse one(String topic, int version, long timestamp) {
        return one(topic, version, ask(timestamp));
    }

    private ListOffsetsPartitionResponse one(String topic, int version, ListOffsetsPartition partition) {
        TestContext context = new TestContext(ApiKey.LIST_OFFSETS, version);
        listOffsets.handle(
                new ListOffsetsRequest(-1, (byte) 0, List.of(new ListOffsetsTopic(topic, List.of(partition)))),
                context);
        broker.world.runUntilIdle();
        return context.response(ListOffsetsResponse.class)
                .topics()
                .get(0)
                .partitions()
                .get(0);
    }

    private static ListOffsetsPartition ask(long timestamp) {
        return new ListOffsetsPartition(0, -1, timestamp, 1);
    }

    private void append(long timestampMs) {
        appendTo("a", timestampMs);
    }

    private void appendTo(String topic, long timestampMs) {
        ByteBuffer batch = new BatchBuilder(1000)
                .append(timestampMs, null, ByteBuffer.allocate(3))
                .build();
        LeaderLog.append(
                broker.partition(topic, 0),
                batch,
                (short) 1,
                broker.world.clock().wallMs());
    }
}
