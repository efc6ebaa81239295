package io.odradek.core.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.Reply;
import io.odradek.core.coordinator.group.GroupBed.Joining;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.ControlRecord.Type;
import io.odradek.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Positions that producers commit in their transactions, and what their ends make of them. */
class TxnOffsetCommitTest {
    private static final CommitTransaction FIRST = new CommitTransaction(4_000, (short) 2);
    private static final CommitTransaction SECOND = new CommitTransaction(4_001, (short) 0);

    private final GroupBed bed = new GroupBed();

    private ErrorCode commit(CommitTransaction transaction, int partition, long offset) {
        return GroupBed.error(bed.commitIn(transaction, "", null, -1, partition, offset));
    }

    private ErrorCode end(CommitTransaction transaction, Type type) {
        return bed.endTransaction(transaction.producerId(), transaction.producerEpoch(), type)
                .get();
    }

    private ErrorCode stable() {
        return bed.fetch(true, new OffsetFetchRequestGroup(GroupBed.GROUP, null, -1, null))
                .get()
                .get(0)
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .errorCode();
    }

    @Test
    void aPositionCountsOnceItsTransactionIsCommitted() {
        bed.commit("", -1, 0, 10);
        assertThat(commit(FIRST, 0, 100)).isEqualTo(ErrorCode.NONE);
        assertThat(bed.offsets()).isEqualTo(Map.of(0, 10L));
        assertThat(stable()).isEqualTo(ErrorCode.UNSTABLE_OFFSET_COMMIT);

        assertThat(end(FIRST, Type.COMMIT)).isEqualTo(ErrorCode.NONE);

        assertThat(bed.offsets()).isEqualTo(Map.of(0, 100L));
        assertThat(stable()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aPositionOfAnAbortedTransactionNeverDid() {
        bed.commit("", -1, 0, 10);
        commit(FIRST, 0, 100);
        commit(FIRST, 1, 100);
        end(FIRST, Type.ABORT);
        assertThat(bed.offsets()).isEqualTo(Map.of(0, 10L));
    }

    @Test
    void theNextCoordinatorComesToTheSame() {
        commit(FIRST, 0, 100);
        commit(SECOND, 1, 200);
        end(SECOND, Type.COMMIT);

        bed.failOver();
        assertThat(bed.offsets()).isEqualTo(Map.of(1, 200L));
        end(FIRST, Type.COMMIT);
        assertThat(bed.offsets()).isEqualTo(Map.of(0, 100L, 1, 200L));

        bed.failOver();
        assertThat(bed.offsets()).isEqualTo(Map.of(0, 100L, 1, 200L));
    }

    @Test
    void inTheLogItIsABatchOfTheTransactionAndAMarker() {
        commit(FIRST, 0, 100);
        end(FIRST, Type.COMMIT);

        ByteBuffer positions = bed.log.batches().get(0);
        assertThat(RecordBatch.isTransactional(positions, 0)).isTrue();
        assertThat(RecordBatch.isControl(positions, 0)).isFalse();
        assertThat(RecordBatch.producerId(positions, 0)).isEqualTo(FIRST.producerId());
        assertThat(RecordBatch.producerEpoch(positions, 0)).isEqualTo(FIRST.producerEpoch());
        assertThat(RecordBatch.baseSequence(positions, 0)).isEqualTo(RecordBatch.NO_SEQUENCE);
        assertThat(RecordBatch.isControl(bed.log.batches().get(1), 0)).isTrue();
    }

    @Test
    void nobodyIsToldBeforeItIsCommitted() {
        bed.log.commitAtOnce(false);
        Reply<OffsetCommitResponse> committed = bed.commitIn(FIRST, "", null, -1, 0, 100);
        Reply<ErrorCode> ended = bed.endTransaction(FIRST.producerId(), FIRST.producerEpoch(), Type.COMMIT);
        assertThat(committed.isHere()).isFalse();
        assertThat(ended.isHere()).isFalse();

        bed.log.commitAll();

        assertThat(GroupBed.error(committed)).isEqualTo(ErrorCode.NONE);
        assertThat(ended.get()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aMarkerThatCannotBeAppendedEndsNothing() {
        commit(FIRST, 0, 100);
        bed.log.refuse(ErrorCode.TRANSACTION_COORDINATOR_FENCED);
        assertThat(end(FIRST, Type.COMMIT)).isEqualTo(ErrorCode.TRANSACTION_COORDINATOR_FENCED);
        bed.log.refuse(ErrorCode.NONE);
        assertThat(bed.offsets()).isEmpty();
        assertThat(end(FIRST, Type.ABORT)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void whoIsNotCoordinatorEndsNothing() {
        bed.coordinator.resigned(0);
        assertThat(end(FIRST, Type.COMMIT)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        bed.log.holdReplay();
        bed.elect();
        assertThat(end(FIRST, Type.COMMIT)).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
    }

    @Test
    void aMemberThatIsNoneAnyMoreIsRefused() {
        String member = bed.stableGroupOf(1).get(0);
        for (var expected : Map.of(
                        "present",
                        ErrorCode.NONE,
                        "before",
                        ErrorCode.ILLEGAL_GENERATION,
                        "other",
                        ErrorCode.UNKNOWN_MEMBER_ID)
                .entrySet()) {
            String who = expected.getKey().equals("other") ? "nobody" : member;
            int generation = expected.getKey().equals("before") ? 0 : 1;
            assertThat(GroupBed.error(bed.commitIn(FIRST, who, null, generation, 0, 100)))
                    .as(expected.getKey())
                    .isEqualTo(expected.getValue());
        }
        assertThat(commit(FIRST, 0, 100)).as("a producer that names none").isEqualTo(ErrorCode.NONE);
    }

    @Test
    void anInstanceThatHasBeenReplacedIsFenced() {
        Reply<JoinGroupResponse> joined = bed.join(Joining.as("").instance("instance"));
        bed.world.advanceMs(6_001);
        bed.settle(List.of(joined));
        assertThat(GroupBed.error(bed.commitIn(FIRST, "another", "instance", 1, 0, 100)))
                .isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(GroupBed.error(bed.commitIn(FIRST, joined.get().memberId(), "instance", 1, 0, 100)))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aGroupThatIsNotThereHasNoMembers() {
        assertThat(GroupBed.error(bed.commitIn(FIRST, "member", null, 1, 0, 100)))
                .isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(bed.state()).isEqualTo("Dead");
    }

    @Test
    void withoutAGenerationAnybodyMayCommitWhileThereAreNoMembers() {
        assertThat(GroupBed.error(bed.commitIn(FIRST, "member", null, -1, 0, 100)))
                .isEqualTo(ErrorCode.NONE);
        bed.stableGroupOf(1);
        assertThat(GroupBed.error(bed.commitIn(FIRST, "member", null, -1, 0, 100)))
                .isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void onlyPartitionsThatExistHavePositions() {
        assertThat(commit(FIRST, 99, 100)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void whatIsPendingTakesMemoryUntilItsEnd() {
        commit(FIRST, 0, 100);
        assertThat(bed.memory.usedBytes()).isPositive();
        end(FIRST, Type.ABORT);
        assertThat(bed.state()).isEqualTo("Dead");
        assertThat(bed.memory.usedBytes()).isZero();
    }

    @Test
    void whatTheCoordinatorOfTheTransactionSaysIsToldAndNothingStored() {
        bed.verification = answer -> answer.accept(ErrorCode.PRODUCER_FENCED);
        assertThat(commit(FIRST, 0, 100)).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(bed.log.batches()).isEmpty();
    }

    @Test
    void aPositionIsNotStoredOnceItsTransactionHasEnded() {
        List<Consumer<ErrorCode>> asked = new ArrayList<>();
        bed.verification = asked::add;
        Reply<OffsetCommitResponse> late = bed.commitIn(FIRST, "", null, -1, 0, 100);
        Reply<OffsetCommitResponse> other = bed.commitIn(SECOND, "", null, -1, 1, 200);
        assertThat(late.isHere()).isFalse();
        end(FIRST, Type.ABORT);

        asked.forEach(answer -> answer.accept(ErrorCode.NONE));
        bed.world.runUntilIdle();

        assertThat(GroupBed.error(late)).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(GroupBed.error(other)).isEqualTo(ErrorCode.NONE);
        end(SECOND, Type.COMMIT);
        assertThat(bed.offsets()).isEqualTo(Map.of(1, 200L));
        assertThat(stable()).as("nothing hangs").isEqualTo(ErrorCode.NONE);
    }

    @Test
    void theEndOfTheTransactionBeforeIsNotThatOfTheNextInVersion2() {
        List<Consumer<ErrorCode>> asked = new ArrayList<>();
        bed.verification = asked::add;
        CommitTransaction next = CommitTransaction.ofVersion2(FIRST.producerId(), FIRST.producerEpoch());
        Reply<OffsetCommitResponse> committed = bed.commitIn(next, "", null, -1, 0, 100);
        end(FIRST, Type.ABORT);

        asked.forEach(answer -> answer.accept(ErrorCode.NONE));
        bed.world.runUntilIdle();

        assertThat(GroupBed.error(committed)).isEqualTo(ErrorCode.NONE);
        Reply<OffsetCommitResponse> late = bed.commitIn(next, "", null, -1, 0, 200);
        end(new CommitTransaction(next.producerId(), (short) next.firstEndEpoch()), Type.COMMIT);
        asked.get(1).accept(ErrorCode.NONE);
        bed.world.runUntilIdle();
        assertThat(GroupBed.error(late)).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(bed.offsets()).isEqualTo(Map.of(0, 100L));
    }

    @Test
    void aPositionIsNotStoredWhereTheCoordinatorHasMovedMeanwhile() {
        List<Consumer<ErrorCode>> asked = new ArrayList<>();
        bed.verification = asked::add;
        Reply<OffsetCommitResponse> late = bed.commitIn(FIRST, "", null, -1, 0, 100);
        bed.failOver();
        bed.world.runUntilIdle();

        asked.get(0).accept(ErrorCode.NONE);
        bed.world.runUntilIdle();

        assertThat(GroupBed.error(late)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(bed.log.batches()).isEmpty();
    }
}
