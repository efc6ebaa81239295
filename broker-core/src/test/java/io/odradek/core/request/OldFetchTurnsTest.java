package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.fetch.FetchSessionCache;
import io.odradek.core.fetch.FetchSessions;
import io.odradek.core.memory.MemoryShare;
import io.odradek.core.partition.LeaderLog;
import io.odradek.core.partition.TestBroker;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchRequest.ReplicaState;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.legacy.LegacyMessage;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.Meters;
import io.odradek.storage.log.AppendOrigin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That each partition that a reader of Fetch 0 to 3 asks for gets on, whatever the others have. */
class OldFetchTurnsTest {
    private static final int ANSWER_BYTES = 5_000;

    private final TestBroker broker = new TestBroker(2);
    private final FetchSessionCache cache =
            new FetchSessionCache(10, broker.world.clock(), broker.world.newRandoms("sessions"));
    private final MemoryShare answers = new MemoryShare("odradek.memory.answers.bytes", 1 << 20);
    private final DownConversions conversions = new DownConversions(
            broker.owners,
            broker.world.clock(),
            broker.world.newLoop("background")::post,
            new DownConversions.Bounds(1, ANSWER_BYTES, 100_000),
            answers,
            Meters.NONE);
    private FetchHandler fetches = handler(55 << 20);

    private FetchHandler handler(int maxBytes) {
        return new FetchHandler(
                broker.owners,
                broker::image,
                new FetchSessions(cache),
                new FetchHandler.Bounds(maxBytes, 3_600_000),
                null,
                null,
                () -> conversions);
    }

    @AfterEach
    void close() throws IOException {
        assertThat(answers.usedBytes()).isZero();
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aMarkerAtTheEndOfASegmentHoldsNobodyUpWhileAnotherPartitionHasRecords(int version) {
        broker.topic("t", 2, Map.of("segment.bytes", "250"));
        abort(0, 1);
        append(0, plain(150));
        append(1, plain(10));

        assertThat(goesOn(version, 1 << 20)).isEqualTo(2);
    }

    @Test
    void aRunOfAbortedRecordsThatIsLongerThanAFetchIsPassedWhileAnotherPartitionHasRecords() {
        broker.topic("t", 2, Map.of());
        for (int i = 0; i < 100; i++) {
            abort(i, 500);
        }
        append(0, plain(10));
        append(1, plain(10));

        assertThat(goesOn(1, 300)).isEqualTo(200);
    }

    /** {@return the first offset that is given of partition 0, to a reader of whom partition 1 has something each time} */
    private long goesOn(int version, int maxBytes) {
        for (int i = 0; i < 30; i++) {
            List<PartitionData> data = fetch(version, at(0, 0, maxBytes), at(1, 0, maxBytes));
            assertThat(offsets(data.get(1))).containsExactly(0L);
            if (data.get(0).records().sizeBytes() > 0) {
                return offsets(data.get(0)).get(0);
            }
        }
        throw new AssertionError("Partition 0 has not got on");
    }

    @Test
    void wherePartitionsDoNotAllFitIntoWhatIsReadEachHasItsTurn() {
        broker.topic("t", 6, Map.of());
        FetchPartition[] partitions = new FetchPartition[6];
        for (int i = 0; i < partitions.length; i++) {
            append(i, plain(1_000));
            partitions[i] = at(i, 0, 1 << 20);
        }
        fetches = handler(1_200);
        boolean[] given = new boolean[partitions.length];
        for (int round = 0; round < 100; round++) {
            for (PartitionData data : fetch(0, partitions)) {
                given[data.partitionIndex()] |= data.records().sizeBytes() > 0;
            }
        }
        assertThat(given).doesNotContain(false);
    }

    @Test
    void whereNothingFollowsTheMarkersTheOthersAreAnsweredAtOnce() {
        broker.topic("t", 2, Map.of());
        abort(0, 1);
        append(1, plain(10));

        List<PartitionData> data = fetch(2, at(0, 0, 300), at(1, 0, 300));

        assertThat(data.get(0).records().sizeBytes()).isZero();
        assertThat(offsets(data.get(1))).containsExactly(0L);
    }

    @Test
    void asManyReadersAsPartitionsThatAskOneAfterTheOtherEachGetAllOfThem() {
        int count = 10;
        broker.topic("t", count, Map.of());
        FetchPartition[] partitions = new FetchPartition[count];
        for (int i = 0; i < count; i++) {
            append(i, plain(ANSWER_BYTES));
            partitions[i] = at(i, 0, 1 << 20);
        }
        boolean[][] given = new boolean[count][count];
        for (int round = 0; round < 100; round++) {
            for (boolean[] reader : given) {
                for (PartitionData data : fetch(1, partitions)) {
                    reader[data.partitionIndex()] |= data.records().sizeBytes() > 0;
                }
            }
        }
        for (boolean[] reader : given) {
            assertThat(reader).doesNotContain(false);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3})
    void aPartitionOfWhichLessThanNothingIsAskedDisturbsNoOther(int version) {
        broker.topic("t", 2, Map.of());
        append(0, plain(10));
        append(1, plain(10));

        for (int maxBytes : new int[] {-1, Integer.MIN_VALUE}) {
            List<PartitionData> data = fetch(version, at(0, 0, 1 << 20), at(1, 0, maxBytes));
            assertThat(offsets(data.get(0))).containsExactly(0L);
            assertThat(data.get(1).records().sizeBytes()).isZero();
        }
    }

    private static ByteBuffer plain(int sizeBytes) {
        return new BatchBuilder(1 << 20)
                .append(1_000, null, ByteBuffer.allocate(sizeBytes))
                .build();
    }

    /** Partition 0 has one more transaction that was aborted. */
    private void abort(int sequence, int sizeBytes) {
        append(
                0,
                new BatchBuilder(1 << 20)
                        .producer(1, (short) 0, sequence)
                        .transactional()
                        .append(1_000, null, ByteBuffer.allocate(sizeBytes))
                        .build());
        append(
                0,
                new ControlRecord(ControlRecord.Type.ABORT, 0).toBatch(1, (short) 0, 1_000),
                AppendOrigin.COORDINATOR);
    }

    private void append(int partition, ByteBuffer batch) {
        append(partition, batch, AppendOrigin.CLIENT);
    }

    private void append(int index, ByteBuffer batch, AppendOrigin origin) {
        LeaderLog.append(
                broker.partition("t", index),
                batch,
                (short) 1,
                broker.world.clock().wallMs(),
                origin);
        broker.partition("t", index).announceChanges();
        broker.world.runUntilIdle();
    }

    private static FetchPartition at(int partition, long offset, int maxBytes) {
        return new FetchPartition(partition, -1, offset, -1, -1, maxBytes, Uuid.ZERO);
    }

    private List<PartitionData> fetch(int version, FetchPartition... partitions) {
        TestContext context = new TestContext(ApiKey.FETCH, version);
        FetchRequest request = new FetchRequest(
                null,
                -1,
                new ReplicaState(-1, -1),
                500,
                1,
                Integer.MAX_VALUE,
                (byte) 0,
                0,
                -1,
                List.of(new FetchTopic("t", Uuid.ZERO, List.of(partitions))),
                List.of(),
                "");
        fetches.handle(request, context);
        broker.world.runUntilIdle();
        return context.response(FetchResponse.class).responses().get(0).partitions();
    }

    private static List<Long> offsets(PartitionData data) {
        ByteBuffer buffer = TestRecords.bytes(data.records());
        List<Long> offsets = new ArrayList<>();
        for (int at = 0; LegacyMessage.isWhole(buffer, at, buffer.limit()); at += LegacyMessage.sizeBytes(buffer, at)) {
            offsets.add(LegacyMessage.offset(buffer, at));
        }
        return offsets;
    }
}
