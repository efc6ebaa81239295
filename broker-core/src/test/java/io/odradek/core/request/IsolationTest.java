package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.fetch.FetchSessionCache;
import io.odradek.core.fetch.FetchSessions;
import io.odradek.core.partition.LeaderLog;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.TestBroker;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchRequest.ReplicaState;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.AbortedTransaction;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsPartition;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsTopic;
import io.odradek.protocol.api.ListOffsetsResponse;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.log.AppendOrigin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What read_committed and read_uncommitted consumers see of transactions (KIP-98). */
class IsolationTest {
    private static final byte UNCOMMITTED = 0;
    private static final byte COMMITTED = 1;
    private static final short ACKS_LEADER = 1;
    private static final int CONSUMER = -1;

    private final TestBroker broker = new TestBroker(1);
    private final FetchSessionCache cache =
            new FetchSessionCache(10, broker.world.clock(), broker.world.newRandoms("sessions"));
    private final FetchHandler fetches =
            new FetchHandler(broker.owners, broker::image, new FetchSessions(cache), 55 << 20);
    private final ListOffsetsHandler listOffsets =
            new ListOffsetsHandler(broker.owners, broker::image, broker.world.clock());
    private Partition partition;

    @BeforeEach
    void start() {
        partition = broker.topic("t", 1, Map.of()).partition("t", 0);
    }

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    private void write(long producerId, int sequence, long timestampMs) {
        append(
                new BatchBuilder(1000)
                        .producer(producerId, (short) 0, sequence)
                        .transactional()
                        .append(timestampMs, null, ByteBuffer.allocate(3))
                        .build(),
                AppendOrigin.CLIENT);
    }

    private void end(long producerId, ControlRecord.Type type) {
        append(new ControlRecord(type, 0).toBatch(producerId, (short) 0, 1_000), AppendOrigin.COORDINATOR);
    }

    private void append(ByteBuffer batch, AppendOrigin origin) {
        LeaderLog.append(partition, batch, ACKS_LEADER, broker.world.clock().wallMs(), origin);
        partition.announceChanges();
        broker.world.runUntilIdle();
    }

    private TestContext fetch(int replicaId, byte isolation, long offset, int maxWaitMs) {
        TestContext context = new TestContext(ApiKey.FETCH, 12);
        FetchPartition wish = new FetchPartition(0, -1, offset, -1, -1, 1 << 20, Uuid.ZERO);
        fetches.handle(
                new FetchRequest(
                        null,
                        replicaId,
                        new ReplicaState(replicaId, -1),
                        maxWaitMs,
                        1,
                        1 << 20,
                        isolation,
                        0,
                        -1,
                        List.of(new FetchTopic("t", Uuid.ZERO, List.of(wish))),
                        List.of(),
                        ""),
                context);
        broker.world.runUntilIdle();
        return context;
    }

    private static PartitionData data(TestContext context) {
        return context.response(FetchResponse.class)
                .responses()
                .get(0)
                .partitions()
                .get(0);
    }

    private long offset(byte isolation, long timestampMs) {
        TestContext context = new TestContext(ApiKey.LIST_OFFSETS, 8);
        ListOffsetsPartition asked = new ListOffsetsPartition(0, -1, timestampMs, 1);
        listOffsets.handle(
                new ListOffsetsRequest(CONSUMER, isolation, List.of(new ListOffsetsTopic("t", List.of(asked)))),
                context);
        broker.world.runUntilIdle();
        return context.response(ListOffsetsResponse.class)
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .offset();
    }

    @Test
    void readCommittedEndsBeforeTheFirstOpenTransactionAndIsToldWhatToSkip() {
        write(1, 0, 10);
        end(1, ControlRecord.Type.ABORT);
        write(1, 1, 20);
        end(1, ControlRecord.Type.COMMIT);
        write(2, 0, 30);
        write(1, 2, 40);
        PartitionData committed = data(fetch(CONSUMER, COMMITTED, 0, 0));
        assertThat(committed.highWatermark()).isEqualTo(6);
        assertThat(committed.lastStableOffset()).isEqualTo(4);
        assertThat(TestRecords.baseOffsets(committed.records())).containsExactly(0L, 1L, 2L, 3L);
        assertThat(committed.abortedTransactions()).containsExactly(new AbortedTransaction(1, 0));
        assertThat(data(fetch(CONSUMER, COMMITTED, 2, 0)).abortedTransactions()).isEmpty();
    }

    @Test
    void readUncommittedAndReplicasSeeAllAndAreToldOfNoTransactions() {
        write(1, 0, 10);
        end(1, ControlRecord.Type.ABORT);
        write(1, 1, 20);
        PartitionData uncommitted = data(fetch(CONSUMER, UNCOMMITTED, 0, 0));
        assertThat(TestRecords.baseOffsets(uncommitted.records())).containsExactly(0L, 1L, 2L);
        assertThat(uncommitted.abortedTransactions()).isNull();
    }

    @Test
    void aReadCommittedFetchWaitsForTheMarker() {
        write(1, 0, 10);
        TestContext waiting = fetch(CONSUMER, COMMITTED, 0, 5_000);
        write(1, 1, 20);
        assertThat(waiting.isCompleted()).isFalse();
        end(1, ControlRecord.Type.COMMIT);
        assertThat(TestRecords.baseOffsets(data(waiting).records())).containsExactly(0L, 1L, 2L);
    }

    @Test
    void theLatestOffsetIsTheLastStableOneAndTimestampsAreLookedUpBelowIt() {
        write(1, 0, 10);
        end(1, ControlRecord.Type.COMMIT);
        write(1, 1, 2_000);
        assertThat(offset(COMMITTED, -1)).isEqualTo(2);
        assertThat(offset(UNCOMMITTED, -1)).isEqualTo(3);
        assertThat(offset(COMMITTED, 1_500)).isEqualTo(-1);
        assertThat(offset(UNCOMMITTED, 1_500)).isEqualTo(2);
    }

    @Test
    void aTransactionThatIsOlderThanTheLeadersEpochDoesNotHideTheLatestOffset() {
        write(1, 0, 10);
        broker.elect(partition, TestBroker.ID, 5, List.of(TestBroker.ID));
        assertThat(offset(COMMITTED, -1)).isZero();
        assertThat(offset(UNCOMMITTED, -1)).isEqualTo(1);
    }

    @Test
    void aMarkerIsNotAClientsToWrite() {
        ByteBuffer marker = new ControlRecord(ControlRecord.Type.COMMIT, 0).toBatch(1, (short) 0, 1_000);
        assertThatThrownBy(() -> LeaderLog.append(partition, marker, ACKS_LEADER, 1_000))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.INVALID_RECORD));
    }
}
