package io.odradek.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.partition.Isr;
import io.odradek.core.partition.LeaderLog;
import io.odradek.core.partition.RecordDeletion;
import io.odradek.core.partition.ReplicaRole.Following;
import io.odradek.core.partition.ReplicaRole.Offline;
import io.odradek.protocol.errors.ErrorCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Leaders and followers of several brokers, with a controller that the test plays. */
class ReplicationTest {
    private static final List<Integer> ALL = List.of(1, 2, 3);

    private final ReplicationBed bed = new ReplicationBed(Map.of("min.insync.replicas", "2"), 1, 2, 3).start();

    @Test
    void followersCopyTheirLeaderAndTheHighWatermarkFollows() {
        bed.elect(0, 1, 0, ALL, ALL);
        bed.cutOff.addAll(List.of(2, 3));
        bed.node(1).append(0, 5, -1);
        bed.world.advanceMs(100);
        assertThat(bed.node(1).highWatermark(0)).as("nobody has copied").isZero();
        bed.cutOff.clear();
        bed.awaitSame(0, 2, 3);
        assertThat(bed.node(1).highWatermark(0)).isEqualTo(5);
    }

    @Test
    void aCommitTakesNoLongerThanTheFetchesTake() {
        bed.elect(0, 1, 0, ALL, ALL);
        bed.node(1).append(0, 1, -1);
        bed.awaitSame(0, 2, 3);
        long beganMs = bed.world.clock().wallMs();
        bed.node(1).append(0, 1, -1);
        bed.world.runUntil(() -> bed.node(1).highWatermark(0) == 2, 1_000);
        assertThat(bed.world.clock().wallMs() - beganMs)
                .as("an answer and a request, each of at most 1 ms")
                .isLessThan(10);
    }

    @Test
    void manyPartitionsShareTheFetchesOfALeader() {
        for (int partition = 0; partition < 20; partition++) {
            bed.elect(partition, 1 + partition % 3, 0, ALL, ALL);
        }
        for (int partition = 0; partition < 20; partition++) {
            bed.node(1 + partition % 3).append(partition, 3, -1);
        }
        for (int partition = 0; partition < 20; partition++) {
            bed.awaitSame(partition, 1, 2, 3);
        }
    }

    @Test
    void aFollowerThatIsCutOffLeavesTheInSyncReplicasAndComesBack() {
        bed.elect(0, 1, 0, ALL, ALL);
        bed.node(1).append(0, 1, -1);
        bed.awaitSame(0, 2, 3);
        bed.cutOff.add(3);
        bed.node(1).append(0, 1, -1);
        bed.world.advanceMs(1_000);
        assertThat(bed.node(1).highWatermark(0)).as("broker 3 is in sync still").isEqualTo(1);
        bed.world.runUntil(() -> bed.states.get(ReplicationBed.id(0)).isr().equals(List.of(1, 2)), 60_000);
        bed.world.runUntil(() -> bed.node(1).highWatermark(0) == 2, 1_000);
        bed.cutOff.clear();
        bed.world.runUntil(() -> bed.states.get(ReplicationBed.id(0)).isr().equals(ALL), 60_000);
        bed.awaitSame(0, 2, 3);
        bed.world.runUntil(() -> bed.node(1).leading(0).isr().equals(new Isr.Settled(ALL, 2)), 1_000);
        assertThat(bed.proposals
                        .get(bed.proposals.size() - 1)
                        .topics()
                        .get(0)
                        .partitions()
                        .get(0)
                        .newIsrWithEpochs())
                .as("each with the life in which it fetched")
                .allSatisfy(member -> assertThat(member.brokerEpoch()).isEqualTo(100));
    }

    @Test
    void whileTheControllerIsSilentBothSetsCount() {
        bed.elect(0, 1, 0, ALL, ALL);
        bed.node(1).append(0, 1, -1);
        bed.awaitSame(0, 2, 3);
        bed.controllerIsDeaf = true;
        bed.cutOff.add(3);
        bed.node(1).append(0, 1, -1);
        bed.world.advanceMs(40_000);
        assertThat(bed.node(1).leading(0).isr()).isInstanceOf(Isr.Changing.class);
        assertThat(bed.node(1).highWatermark(0)).isEqualTo(1);
        bed.controllerIsDeaf = false;
        bed.world.runUntil(() -> bed.node(1).highWatermark(0) == 2, 20_000);
        assertThat(bed.node(1).leading(0).isr().committed()).containsExactly(1, 2);
    }

    @Test
    void aFollowerThatTheControllerRefusesIsProposedAgainAfterAWhile() {
        bed.elect(0, 1, 0, List.of(1, 2), ALL);
        bed.refusal = ErrorCode.INELIGIBLE_REPLICA;
        bed.node(1).append(0, 1, -1);
        bed.awaitSame(0, 2, 3);
        bed.world.advanceMs(3_000);
        assertThat(bed.node(1).leading(0).isr().committed()).containsExactly(1, 2);
        assertThat(bed.proposals).hasSizeBetween(2, 6);
        bed.refusal = ErrorCode.NONE;
        bed.world.runUntil(() -> bed.states.get(ReplicationBed.id(0)).isr().equals(ALL), 10_000);
    }

    @Test
    void whatAnOldLeaderAppendedAloneIsCutWhenItFollows() {
        bed.elect(0, 1, 0, ALL, ALL);
        bed.node(1).append(0, 2, -1);
        bed.awaitSame(0, 2, 3);
        bed.cutOff.add(1);
        bed.node(1).append(0, 7, 1);
        bed.elect(0, 2, 1, List.of(2, 3), ALL);
        bed.node(2).append(0, 3, -1);
        bed.awaitSame(0, 3);
        bed.heal(1);
        bed.awaitSame(0, 1, 3);
        assertThat(bed.node(1).end(0)).isEqualTo(5);
        assertThat(bed.node(1).partition(0).log().recoveryPoint()).isLessThanOrEqualTo(5);
    }

    @Test
    void aLogThatLeftItsLeadersSeveralEpochsAgoIsCutStepByStep() {
        bed.elect(0, 1, 0, ALL, ALL);
        bed.node(1).append(0, 2, -1);
        bed.awaitSame(0, 2, 3);
        // Each of them leads alone for a while, which only unclean elections bring about.
        bed.cutOff.addAll(ALL);
        bed.node(1).append(0, 3, 1);
        bed.leadAlone(0, 2, 1);
        bed.node(2).append(0, 4, 1);
        bed.leadAlone(0, 1, 2);
        bed.node(1).append(0, 1, 1);
        bed.leadAlone(0, 3, 3);
        bed.node(3).append(0, 1, 1);
        ALL.forEach(bed::heal);
        bed.elect(0, 3, 4, List.of(3), ALL);
        bed.node(3).append(0, 1, 1);
        bed.awaitSame(0, 1, 2);
        assertThat(bed.node(1).end(0)).isEqualTo(4);
    }

    @Test
    void anOutOfSyncFollowerThatIsElectedUncleanlyMakesTheOthersFollowItsShorterLog() {
        bed.elect(0, 1, 0, ALL, ALL);
        bed.node(1).append(0, 5, -1);
        bed.awaitSame(0, 2);
        bed.cutOff.add(3);
        bed.node(1).append(0, 5, 1);
        bed.world.runUntil(() -> bed.node(2).end(0) == 10, 10_000);
        bed.heal(3);
        bed.elect(0, 3, 1, List.of(3), ALL);
        bed.awaitSame(0, 1, 2);
        assertThat(bed.node(1).highWatermark(0)).isLessThanOrEqualTo(bed.node(1).end(0));
    }

    @Test
    void aFollowerBehindTheStartOfItsLeadersLogBeginsAnewThere() {
        bed.elect(0, 1, 0, ALL, ALL);
        bed.node(1).append(0, 5, -1);
        bed.awaitSame(0, 2, 3);
        bed.cutOff.add(3);
        bed.elect(0, 1, 1, List.of(1, 2), ALL);
        bed.node(1).append(0, 5, -1);
        bed.node(1).append(0, 5, -1);
        bed.awaitSame(0, 2);
        bed.world.runUntil(() -> bed.node(1).highWatermark(0) == 15, 60_000);
        RecordDeletion.before(bed.node(1).partition(0), 10);
        bed.heal(3);
        bed.awaitSame(0, 2, 3);
        assertThat(bed.node(3).partition(0).log().startOffset()).isEqualTo(10);
        assertThat(bed.node(2).partition(0).log().startOffset())
                .as("the start follows")
                .isEqualTo(10);
    }

    @Test
    void aBrokerWhoseFolderWasWipedCopiesEverything() {
        bed.elect(0, 1, 0, ALL, ALL);
        bed.node(1).append(0, 5, -1);
        bed.awaitSame(0, 2, 3);
        bed.node(3).kill();
        bed.node(3).wipe();
        bed.node(3).start();
        bed.elect(0, 1, 1, List.of(1, 2), ALL);
        bed.awaitSame(0, 2, 3);
        bed.world.runUntil(() -> bed.states.get(ReplicationBed.id(0)).isr().contains(3), 10_000);
    }

    @Test
    void aFollowerThatLostPowerComesBackWithWhatWasForcedAndCopiesTheRest() {
        bed.elect(0, 1, 0, ALL, ALL);
        bed.node(1).append(0, 5, -1);
        bed.awaitSame(0, 2, 3);
        bed.node(3).losePower();
        bed.node(1).append(0, 5, 1);
        bed.node(3).start();
        bed.elect(0, 1, 1, List.of(1, 2), ALL);
        bed.awaitSame(0, 2, 3);
        bed.world.runUntil(() -> bed.states.get(ReplicationBed.id(0)).isr().contains(3), 10_000);
    }

    @Test
    void whoIsFencedLeadsNothingUntilItIsToldAgain() {
        bed.elect(0, 1, 0, ALL, ALL);
        bed.elect(1, 2, 0, ALL, ALL);
        bed.node(1).append(0, 5, -1);
        bed.node(1).replicas.fence();
        bed.world.runUntilIdle();
        assertThat(bed.node(1).partition(0).role()).isEqualTo(new Following(0, Following.NOBODY));
        assertThat(LeaderLog.committed(bed.node(1).partition(0), 5, 0)).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(bed.node(1).partition(1).role()).as("it follows on").isEqualTo(new Following(0, 2));
        bed.tell(1, 0);
        bed.world.runUntilIdle();
        assertThat(bed.node(1).leading(0).leaderEpoch()).isZero();
    }

    @Test
    void anOtherSetOfReplicasInTheSameEpochIsTakenOver() {
        bed.elect(0, 1, 0, List.of(1, 2), List.of(1, 2));
        bed.node(1).append(0, 5, -1);
        bed.awaitSame(0, 2);
        bed.elect(0, 1, 0, List.of(1, 2), List.of(1, 2, 3));
        bed.awaitSame(0, 2, 3);
        bed.world.runUntil(() -> bed.states.get(ReplicationBed.id(0)).isr().equals(ALL), 10_000);
    }

    @Test
    void aFollowerWhoseDiskFailsServesNothingAndLeavesTheInSyncReplicas() {
        bed.elect(0, 1, 0, ALL, ALL);
        bed.node(1).append(0, 5, -1);
        bed.awaitSame(0, 2, 3);
        bed.node(3).disk.breakBelow(Path.of("/data"));
        bed.node(1).append(0, 5, -1);
        bed.world.runUntil(() -> bed.states.get(ReplicationBed.id(0)).isr().equals(List.of(1, 2)), 60_000);
        assertThat(bed.node(3).partition(0).role()).isInstanceOf(Offline.class);
        assertThat(bed.node(3).failedFolders).isNotEmpty();
        bed.awaitSame(0, 2);
    }

    @Test
    void aFollowerOnAFullDiskGoesOnWhenThereIsRoomAgain() {
        bed.elect(0, 1, 0, ALL, ALL);
        bed.node(1).append(0, 5, -1);
        bed.awaitSame(0, 2, 3);
        bed.node(3).disk.diskFullAfter(10);
        bed.node(1).append(0, 5, -1);
        bed.world.runUntil(() -> bed.states.get(ReplicationBed.id(0)).isr().equals(List.of(1, 2)), 60_000);
        assertThat(bed.node(3).partition(0).role()).isEqualTo(new Following(0, 1));
        bed.node(3).disk.freeSpace();
        bed.world.runUntil(() -> bed.states.get(ReplicationBed.id(0)).isr().contains(3), 60_000);
        bed.awaitSame(0, 2, 3);
    }

    @Test
    void aFollowerThatIsToldBeforeItsLeaderIsLosesLittleTime() {
        bed.cutOff.add(1);
        bed.elect(0, 1, 0, ALL, ALL);
        bed.cutOff.clear();
        bed.world.advanceMs(30);
        bed.tell(1, 0);
        bed.world.advanceMs(3);
        bed.node(1).append(0, 5, -1);
        long beganMs = bed.world.clock().wallMs();
        bed.world.runUntil(() -> bed.node(1).highWatermark(0) == 5, 10_000);
        assertThat(bed.world.clock().wallMs() - beganMs).isLessThan(300);
    }

    @Test
    void aFollowerFetchesNothingWhileThereIsNothingToFetch() {
        bed.elect(0, 1, 0, ALL, ALL);
        bed.node(1).append(0, 5, -1);
        bed.awaitSame(0, 2, 3);
        int before = bed.requests;
        bed.world.advanceMs(10_000);
        assertThat(bed.requests - before).as("two followers, a fetch in 500 ms").isBetween(30, 42);
        assertThat(bed.proposals).isEmpty();
    }

    @Test
    void whatIsToldToAFetcherThatIsBehindItsOwnLogIsAskedForAgain() {
        bed.refusal = ErrorCode.INELIGIBLE_REPLICA;
        bed.elect(0, 1, 0, List.of(1, 3), ALL);
        bed.cutOff.add(2);
        bed.node(1).append(0, 5, -1);
        bed.awaitSame(0, 3);
        bed.node(2).copyBehindTheFetchersBack(0, bed.node(1));
        assertThat(bed.node(2).highWatermark(0)).isZero();
        bed.heal(2);
        bed.awaitSame(0, 2);
    }

    @Test
    void aFollowerWhoseEpochItsLeaderDoesNotKnowAsksNoFasterThanAfterAnError() {
        bed.elect(0, 2, 5, List.of(2), List.of(2));
        bed.node(2).append(0, 5, 1);
        bed.node(2).kill();
        bed.node(2).start();
        // The tree is of an earlier day than the logs.
        bed.elect(0, 1, 0, List.of(1), List.of(1, 2));
        bed.node(1).append(0, 10, 1);
        bed.world.advanceMs(2_000);
        int before = bed.requests;
        bed.world.advanceMs(10_000);
        assertThat(bed.requests - before)
                .as("three in replica.fetch.backoff.ms")
                .isBetween(20, 40);
    }

    @Test
    void whatTheNetworkLentIsGivenBackBeforeTheRecordsAreForced() {
        ReplicationBed forcing = new ReplicationBed(Map.of("flush.messages", "1"), 1, 2).start();
        forcing.elect(0, 1, 0, List.of(1, 2), List.of(1, 2));
        forcing.world.advanceMs(100);
        forcing.node(2).commit.pause();
        forcing.node(1).append(0, 5, 1);
        forcing.world.runUntil(() -> forcing.node(2).end(0) == 5, 1_000);
        forcing.world.advanceMs(10);
        assertThat(forcing.answersHeld).isZero();
        assertThat(forcing.node(1).highWatermark(0))
                .as("it is not acknowledged")
                .isZero();
        forcing.node(2).commit.resume();
        forcing.awaitSame(0, 2);
    }

    @Test
    void aFetcherThatTheDiskHoldsUpHoldsUpNoChangeOfInSyncReplicas() {
        bed.elect(0, 1, 0, ALL, ALL);
        bed.elect(1, 2, 0, ALL, ALL);
        bed.awaitSame(0, 2, 3);
        bed.node(1).fetchers.pause();
        bed.cutOff.add(3);
        bed.node(1).append(0, 1, -1);
        bed.world.runUntil(() -> bed.states.get(ReplicationBed.id(0)).isr().equals(List.of(1, 2)), 60_000);
    }
}
