package io.odradek.core.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.partition.InSyncRules.Lag;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.core.partition.ReplicaRole.Leading;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Broker 1 leads in epoch 5; brokers 2 and 3 follow. */
class InSyncRulesTest {
    private static final long LAG_MS = 30_000;
    private static final long BEGINS_AT = 40;

    private static Isr settled(Integer... isr) {
        return new Isr.Settled(List.of(isr), 7);
    }

    private static Isr.Changing changing(List<Integer> committed, List<Integer> proposed) {
        return new Isr.Changing(committed, 7, proposed);
    }

    private static Replica follower(int brokerId, long endOffset, long fetchedMs, long leaderEnd) {
        Replica replica = new Replica(brokerId, false, 0);
        if (endOffset >= 0) {
            replica.fetched(new FollowerFetch(brokerId, -1, endOffset, 0), leaderEnd, fetchedMs);
        }
        return replica;
    }

    private static Leading leading(Isr isr, Replica... followers) {
        SortedMap<Integer, Replica> byId = new TreeMap<>();
        for (Replica follower : followers) {
            byId.put(follower.brokerId(), follower);
        }
        return new Leading(5, 5, BEGINS_AT, isr, byId);
    }

    private static long highWatermark(Leading leading, long leaderEnd) {
        return InSyncRules.highWatermark(leading, leaderEnd, new Lag(1_000, LAG_MS), broker -> broker != 3);
    }

    @Test
    void theHighWatermarkIsTheSmallestEndOfThoseInSync() {
        assertThat(highWatermark(leading(settled(1, 2), follower(2, 45, 0, 100), follower(3, 10, 0, 100)), 50))
                .isEqualTo(45);
        assertThat(highWatermark(leading(settled(1, 2, 3), follower(2, 45, 0, 100), follower(3, 10, 0, 100)), 50))
                .isEqualTo(10);
        assertThat(highWatermark(leading(settled(1), follower(2, 45, 0, 100)), 50))
                .as("who lags and is not in sync holds up nobody")
                .isEqualTo(50);
    }

    @Test
    void whoIsInSyncAndHasNotFetchedLeavesTheHighWatermarkUnknown() {
        assertThat(highWatermark(leading(settled(1, 2), follower(2, -1, 0, 0)), 50))
                .isEqualTo(Replica.UNKNOWN_OFFSET);
    }

    @Test
    void whileAChangeIsUnderWayTheHighWatermarkCountsTheLargerSet() {
        Replica second = follower(2, 45, 0, 100);
        assertThat(highWatermark(leading(changing(List.of(1, 2), List.of(1)), second), 50))
                .as("shrinking")
                .isEqualTo(45);
        assertThat(highWatermark(leading(changing(List.of(1), List.of(1, 2)), second), 50))
                .as("growing")
                .isEqualTo(45);
    }

    @Test
    void whoHasCaughtUpIsWaitedForIfItsBrokerLives() {
        assertThat(highWatermark(leading(settled(1), follower(2, 45, 900, 45)), 50))
                .isEqualTo(45);
        assertThat(highWatermark(leading(settled(1), follower(3, 45, 900, 45)), 50))
                .as("broker 3 is dead")
                .isEqualTo(50);
    }

    @ParameterizedTest
    @CsvSource({
        // end of the follower, high watermark, may join
        "50, 50, true",
        "49, 50, false",
        "60, 50, true",
        "40, 40, true",
        "39, 30, false",
        "-1, 0, false"
    })
    void aFollowerMayJoinWithAllThatIsCommittedAndTheLeadersEpochBegun(long end, long highWatermark, boolean may) {
        Replica follower = follower(2, end, 0, 100);
        assertThat(InSyncRules.mayJoin(leading(settled(1, 3), follower), follower, highWatermark))
                .isEqualTo(may);
        assertThat(InSyncRules.mayJoin(leading(settled(1, 2), follower), follower, highWatermark))
                .as("it is in sync already")
                .isFalse();
        assertThat(InSyncRules.mayJoin(leading(changing(List.of(1, 3), List.of(1)), follower), follower, highWatermark))
                .as("another change is under way")
                .isFalse();
    }

    @Test
    void aRefusedFollowerIsNotProposedAgainForAWhile() {
        Replica follower = follower(2, 50, 0, 50);
        follower.refused(1_000);
        fetches(follower, 50, 1_999);
        assertThat(InSyncRules.mayJoin(leading(settled(1), follower), follower, 50))
                .isFalse();
        fetches(follower, 50, 2_000);
        assertThat(InSyncRules.mayJoin(leading(settled(1), follower), follower, 50))
                .isTrue();
    }

    @Test
    void aRefusedFollowerHoldsTheHighWatermarkBackOnlyIfItGoesOnFetching() {
        Replica follower = follower(2, 45, 900, 45);
        assertThat(highWatermark(leading(settled(1), follower), 50)).isEqualTo(45);
        follower.refused(900);
        assertThat(highWatermark(leading(settled(1), follower), 50))
                .as("it may have stopped")
                .isEqualTo(50);
        assertThat(highWatermark(leading(settled(1, 2), follower), 50))
                .as("who is in sync counts")
                .isEqualTo(45);
        fetches(follower, 46, 1_900);
        assertThat(highWatermark(leading(settled(1), follower), 50))
                .as("it is about to join again")
                .isEqualTo(46);
    }

    private static void fetches(Replica follower, long offset, long nowMs) {
        follower.fetched(new FollowerFetch(follower.brokerId(), -1, offset, 0), 50, nowMs);
    }

    @Test
    void thoseLagWhoHadNotAllThatTheLeaderHadForLong() {
        Replica caughtUpAt100 = follower(2, 50, 100, 50);
        Replica never = follower(3, 10, 100, 50);
        Leading leading = leading(settled(1, 2, 3), caughtUpAt100, never);
        assertThat(InSyncRules.withoutLaggards(leading, 60, new Lag(30_100, LAG_MS)))
                .containsExactly(1, 2);
        assertThat(InSyncRules.withoutLaggards(leading, 60, new Lag(30_101, LAG_MS)))
                .containsExactly(1);
        assertThat(InSyncRules.withoutLaggards(leading, 50, new Lag(90_000, LAG_MS)))
                .as("who has all, has caught up, however long ago it fetched")
                .containsExactly(1, 2);
        assertThat(InSyncRules.withoutLaggards(leading(settled(1), never), 60, new Lag(90_000, LAG_MS)))
                .isNull();
        assertThat(InSyncRules.withoutLaggards(
                        leading(changing(List.of(1, 3), List.of(1, 2, 3)), never), 60, new Lag(90_000, LAG_MS)))
                .as("one change at a time")
                .isNull();
    }

    @Test
    void aFollowerThatIsAlwaysOneFetchBehindHasCaughtUpAtTheFetchBefore() {
        Replica follower = follower(2, 0, 100, 10);
        follower.fetched(new FollowerFetch(2, -1, 10, 0), 20, 200);
        assertThat(follower.isCaughtUp(20, 100 + LAG_MS, LAG_MS)).isTrue();
        assertThat(follower.isCaughtUp(20, 101 + LAG_MS, LAG_MS)).isFalse();
        follower.fetched(new FollowerFetch(2, -1, 15, 0), 30, 300);
        assertThat(follower.isCaughtUp(30, 101 + LAG_MS, LAG_MS))
                .as("it has not what the leader had at 200")
                .isFalse();
    }

    @Test
    void whoIsInSyncWhenALeaderBeginsHasAWhileToShowIt() {
        assertThat(new Replica(2, true, 500).isCaughtUp(10, 500 + LAG_MS, LAG_MS))
                .isTrue();
        assertThat(new Replica(2, true, 500).isCaughtUp(10, 501 + LAG_MS, LAG_MS))
                .isFalse();
        assertThat(new Replica(2, false, 500).isCaughtUp(10, 500, LAG_MS)).isFalse();
    }

    @Test
    void anAnswerOfThisEpochSettlesTheChange() {
        Isr.Changing growing = changing(List.of(1), List.of(1, 2));
        assertThat(InSyncRules.answered(growing, new IsrAnswer(ErrorCode.NONE, 5, List.of(1, 2), 8), 5))
                .isEqualTo(new Isr.Settled(List.of(1, 2), 8));
        assertThat(InSyncRules.answered(growing, new IsrAnswer(ErrorCode.NONE, 5, List.of(1, 2), 7), 5))
                .as("it was so before")
                .isEqualTo(new Isr.Settled(List.of(1, 2), 7));
        assertThat(InSyncRules.answered(growing, new IsrAnswer(ErrorCode.NONE, 6, List.of(1, 2), 8), 5))
                .as("of another epoch")
                .isSameAs(growing);
        assertThat(InSyncRules.answered(growing, new IsrAnswer(ErrorCode.NONE, 5, List.of(1), 6), 5))
                .as("older")
                .isSameAs(growing);
    }

    @ParameterizedTest
    @EnumSource(names = {"INELIGIBLE_REPLICA", "OPERATION_NOT_ATTEMPTED"})
    void aRefusalThatIsCertainGoesBack(ErrorCode error) {
        assertThat(InSyncRules.answered(changing(List.of(1), List.of(1, 2)), IsrAnswer.refused(error), 5))
                .isEqualTo(settled(1));
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {
                "FENCED_LEADER_EPOCH",
                "INVALID_UPDATE_VERSION",
                "INVALID_REQUEST",
                "UNKNOWN_TOPIC_OR_PARTITION",
                "UNKNOWN_TOPIC_ID",
                "NEW_LEADER_ELECTED"
            })
    void anErrorThatTellsOfALaterStateLeavesBothSetsUntilThatIsTold(ErrorCode error) {
        Isr.Changing shrinking = changing(List.of(1, 2), List.of(1));
        assertThat(InSyncRules.answered(shrinking, IsrAnswer.refused(error), 5)).isSameAs(shrinking);
    }

    @Test
    void anotherSetOfReplicasInTheSameEpochKeepsWhatIsKnownOfThoseThatStay() {
        Replica stays = follower(2, 45, 0, 100);
        Leading leading = leading(settled(1, 2), stays, follower(3, 10, 0, 100));
        Leading changed = InSyncRules.changed(leading, state(8, List.of(1, 2), List.of(1, 2, 4)), 1, 0);
        assertThat(changed.followers()).containsOnlyKeys(2, 4);
        assertThat(changed.followers().get(2)).isSameAs(stays);
        assertThat(changed.followers().get(4).endOffset()).isEqualTo(Replica.UNKNOWN_OFFSET);
        assertThat(changed.isr()).isEqualTo(new Isr.Settled(List.of(1, 2), 8));
        assertThat(changed.epochStartOffset()).isEqualTo(BEGINS_AT);
    }

    @Test
    void anOlderStateChangesNothingAndTheSameStateSettlesNothing() {
        Leading leading = leading(changing(List.of(1), List.of(1, 2)), follower(2, 45, 0, 100));
        assertThat(InSyncRules.changed(leading, state(6, List.of(1, 3), List.of(1, 3)), 1, 0))
                .isSameAs(leading);
        assertThat(InSyncRules.changed(leading, state(7, List.of(1), List.of(1, 2)), 1, 0)
                        .isr())
                .isSameAs(leading.isr());
        assertThat(InSyncRules.changed(leading, state(8, List.of(1), List.of(1, 2)), 1, 0)
                        .isr())
                .isEqualTo(new Isr.Settled(List.of(1), 8));
    }

    private static PartitionState state(int partitionEpoch, List<Integer> isr, List<Integer> replicas) {
        return new PartitionState(new TopicPartition("a", 0), Uuid.ZERO, 1, 5, isr, partitionEpoch, replicas, false);
    }
}
