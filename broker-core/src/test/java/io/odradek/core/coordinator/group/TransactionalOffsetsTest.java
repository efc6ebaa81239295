package io.odradek.core.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.runtime.CoordinatorRecord;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.ControlRecord;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Positions that were committed in a transaction count once it is committed, as another broker has left them in the log. */
class TransactionalOffsetsTest {
    private static final long FIRST = 4_000;
    private static final long SECOND = 4_001;
    private static final short EPOCH = 2;

    private final GroupBed bed = new GroupBed();

    private void plain(int partition, long offset) {
        bed.log.put(batch(position(partition, offset)).build());
    }

    private void inTransaction(long producerId, int partition, long offset) {
        bed.log.put(batch(position(partition, offset))
                .producer(producerId, EPOCH, 0)
                .transactional()
                .build());
    }

    private void end(long producerId, ControlRecord.Type type) {
        bed.log.put(new ControlRecord(type, 0).toBatch(producerId, EPOCH, 0));
    }

    private static BatchBuilder batch(CoordinatorRecord record) {
        return new BatchBuilder(1_000).append(0, record.key(), record.value());
    }

    private CoordinatorRecord position(int partition, long offset) {
        return GroupRecords.offset(
                GroupBed.GROUP,
                new TopicPartition("t", partition),
                new CommittedOffset(offset, -1, "", bed.world.clock().wallMs(), -1));
    }

    private Map<Integer, Long> loaded() {
        bed.failOver();
        return bed.offsets();
    }

    private OffsetFetchResponsePartitions stable() {
        return bed.fetch(true, new OffsetFetchRequestGroup(GroupBed.GROUP, null, -1, null))
                .get()
                .get(0)
                .topics()
                .get(0)
                .partitions()
                .get(0);
    }

    @Test
    void whatAnOpenTransactionCommittedDoesNotCount() {
        plain(0, 10);
        inTransaction(FIRST, 0, 100);

        assertThat(loaded()).isEqualTo(Map.of(0, 10L));
    }

    @Test
    void whatAnAbortedTransactionCommittedNeverCounts() {
        plain(0, 10);
        inTransaction(FIRST, 0, 100);
        end(FIRST, ControlRecord.Type.ABORT);

        assertThat(loaded()).isEqualTo(Map.of(0, 10L));
        assertThat(stable().committedOffset()).isEqualTo(10);
    }

    @Test
    void whatACommittedTransactionCommittedCounts() {
        plain(0, 10);
        inTransaction(FIRST, 0, 100);
        inTransaction(FIRST, 1, 7);
        end(FIRST, ControlRecord.Type.COMMIT);

        assertThat(loaded()).isEqualTo(Map.of(0, 100L, 1, 7L));
    }

    @Test
    void eachProducerEndsItsOwn() {
        inTransaction(FIRST, 0, 100);
        inTransaction(SECOND, 1, 200);
        inTransaction(SECOND, 2, 300);
        end(SECOND, ControlRecord.Type.COMMIT);
        inTransaction(SECOND, 2, 301);

        assertThat(loaded()).isEqualTo(Map.of(1, 200L, 2, 300L));
    }

    @Test
    void aLaterCommitOutsideOvertakesWhatTheTransactionCommitted() {
        inTransaction(FIRST, 0, 100);
        plain(0, 50);
        end(FIRST, ControlRecord.Type.COMMIT);

        assertThat(loaded()).isEqualTo(Map.of(0, 50L));
    }

    @Test
    void whoAsksForStablePositionsWaitsForAnOpenTransaction() {
        plain(0, 10);
        inTransaction(FIRST, 0, 100);
        bed.failOver();

        assertThat(stable().errorCode()).isEqualTo(ErrorCode.UNSTABLE_OFFSET_COMMIT);
        assertThat(stable().committedOffset()).isEqualTo(-1);
    }

    @Test
    void aGroupIsNotDeletedWhileATransactionHasAPositionOfIt() {
        inTransaction(FIRST, 0, 100);
        bed.failOver();
        assertThat(bed.state()).isEqualTo("Empty");

        assertThat(bed.delete(GroupBed.GROUP)).isEqualTo(ErrorCode.NON_EMPTY_GROUP);

        end(FIRST, ControlRecord.Type.COMMIT);
        assertThat(loaded()).isEqualTo(Map.of(0, 100L));
        assertThat(bed.delete(GroupBed.GROUP)).isEqualTo(ErrorCode.NONE);
        assertThat(bed.state()).isEqualTo("Dead");
        assertThat(bed.memory.usedBytes()).isZero();
        assertThat(loaded()).isEmpty();
    }

    @Test
    void aGroupThatHadNothingButATransactionIsGoneOnceThatIsAborted() {
        inTransaction(FIRST, 0, 100);
        bed.failOver();

        end(FIRST, ControlRecord.Type.ABORT);

        assertThat(loaded()).isEmpty();
        assertThat(bed.state()).isEqualTo("Dead");
        assertThat(bed.delete(GroupBed.GROUP)).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void positionsDoNotExpireWhileATransactionIsOpen() {
        plain(0, 10);
        inTransaction(FIRST, 0, 100);
        bed.failOver();

        bed.world.advanceMs(GroupSettings.Offsets.DEFAULTS.retentionMs() + 700_000);

        assertThat(bed.offsets()).isEqualTo(Map.of(0, 10L));
    }

    @Test
    void whatTransactionsHoldIsCountedAndGivenBack() {
        inTransaction(FIRST, 0, 100);
        inTransaction(FIRST, 0, 101);
        inTransaction(SECOND, 1, 100);
        end(SECOND, ControlRecord.Type.ABORT);
        bed.failOver();
        assertThat(bed.memory.usedBytes()).isPositive();

        bed.coordinator.resigned(0);

        assertThat(bed.memory.usedBytes()).isZero();
    }

    @Test
    void aRecordOfTheTransactionTakesItsOwnPositionBack() {
        inTransaction(FIRST, 0, 100);
        bed.log.put(batch(GroupRecords.offsetTombstone(GroupBed.GROUP, new TopicPartition("t", 0)))
                .producer(FIRST, EPOCH, 1)
                .transactional()
                .build());
        end(FIRST, ControlRecord.Type.COMMIT);

        assertThat(loaded()).isEmpty();
        assertThat(bed.state()).isEqualTo("Dead");
    }
}
