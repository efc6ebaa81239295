package io.odradek.core.partition;

import io.odradek.core.partition.InSyncRules.Lag;
import io.odradek.core.partition.IsrProposal.Member;
import io.odradek.core.partition.ReplicaRole.Leading;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a leader that has followers does for them: it learns from their fetches how far they are, and proposes to the
 * controller who is in sync. On the owner's loop.
 */
final class LeaderDuties {
    private LeaderDuties() {}

    /** Stands still while too few replicas are in sync: what they have may not be called committed (KAFKA-15583). */
    static long highWatermark(Partition partition, Leading leading, long leaderEnd) {
        if (!leading.hasEnoughInSync(partition.log().config().minInsyncReplicas())) {
            return partition.highWatermark();
        }
        ReplicaHost host = partition.host();
        return InSyncRules.highWatermark(leading, leaderEnd, new Lag(host.nowMs(), host.maxLagMs()), host::isAlive);
    }

    /** A fetch that begins outside of the log tells nothing; its reader is told so. */
    static void followerFetched(Partition partition, Leading leading, FollowerFetch fetch) {
        Replica follower = leading.followers().get(fetch.brokerId());
        if (follower == null) {
            throw new ApiException(
                    ErrorCode.UNKNOWN_LEADER_EPOCH,
                    "Broker " + fetch.brokerId() + " is not known to have a replica of " + partition.id()
                            + " in leader epoch " + leading.leaderEpoch());
        }
        if (follower.isFromEarlierLife(fetch)) {
            throw new ApiException(
                    ErrorCode.STALE_BROKER_EPOCH,
                    "Broker " + fetch.brokerId() + " has fetched " + partition.id() + " in a later life");
        }
        long start = partition.log().startOffset();
        long end = partition.log().endOffset();
        if (fetch.offset() < start || fetch.offset() > end) {
            return;
        }
        ReplicaHost host = partition.host();
        if (fetch.logStartOffset() != follower.startOffset()) {
            partition.touched();
        }
        follower.fetched(fetch, end, host.nowMs());
        if (InSyncRules.mayJoin(leading, follower, partition.highWatermark()) && host.isAlive(fetch.brokerId())) {
            propose(partition, leading, InSyncRules.with(leading.isr(), fetch.brokerId()));
        }
        partition.advanceHighWatermark();
    }

    /** Proposes to take followers out of the in-sync replicas that have not caught up for long. */
    static void checkFollowers(Partition partition) {
        if (partition.role() instanceof Leading leading) {
            checkFollowers(partition, leading);
            partition.announceChanges();
        }
    }

    private static void checkFollowers(Partition partition, Leading leading) {
        ReplicaHost host = partition.host();
        List<Integer> left = InSyncRules.withoutLaggards(
                leading, partition.log().endOffset(), new Lag(host.nowMs(), host.maxLagMs()));
        if (left != null) {
            propose(partition, leading, left);
        } else {
            // Those that have caught up with no hope to become in sync hold the high watermark back no longer.
            partition.advanceHighWatermark();
        }
    }

    private static void propose(Partition partition, Leading leading, List<Integer> isr) {
        Isr before = leading.isr();
        Isr.Changing changing = new Isr.Changing(before.committed(), before.partitionEpoch(), isr);
        List<Member> members = new ArrayList<>(isr.size());
        for (int brokerId : isr) {
            Replica follower = leading.followers().get(brokerId);
            members.add(new Member(brokerId, follower == null ? Replica.UNKNOWN_EPOCH : follower.brokerEpoch()));
        }
        partition.leadWith(changing);
        partition
                .host()
                .isrProposed(
                        partition,
                        new IsrProposal(
                                partition.id(),
                                partition.topicId(),
                                leading.leaderEpoch(),
                                before.partitionEpoch(),
                                members));
    }

    /** The controller has answered to a proposal of this replica. */
    static void isrAnswered(Partition partition, IsrProposal proposal, IsrAnswer answer) {
        if (partition.role() instanceof Leading leading) {
            isrAnswered(partition, leading, proposal, answer);
            partition.announceChanges();
        }
    }

    private static void isrAnswered(Partition partition, Leading leading, IsrProposal proposal, IsrAnswer answer) {
        if (!(leading.isr() instanceof Isr.Changing changing)
                || leading.leaderEpoch() != proposal.leaderEpoch()
                || changing.partitionEpoch() != proposal.partitionEpoch()
                || !changing.proposed().equals(proposal.brokerIds())) {
            return;
        }
        Isr after = InSyncRules.answered(changing, answer, leading.leaderEpoch());
        if (after == changing) {
            return;
        }
        if (answer.error() != ErrorCode.NONE) {
            long nowMs = partition.host().nowMs();
            changing.proposed().stream()
                    .filter(brokerId -> !changing.committed().contains(brokerId))
                    .map(leading.followers()::get)
                    .forEach(follower -> follower.refused(nowMs));
            partition.meters().inSyncRefused();
        } else {
            partition
                    .meters()
                    .inSync(changing.committed().size(), after.committed().size());
        }
        partition.leadWith(after);
    }
}
