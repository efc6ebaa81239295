package io.odradek.core.partition;

import io.odradek.core.partition.ReplicaRole.Leading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/** Who is in sync, who is not any more, and what the high watermark may be then. Pure functions. */
final class InSyncRules {
    private InSyncRules() {}

    /** The time by which followers are judged. */
    record Lag(long nowMs, long maxLagMs) {}

    /**
     * Where the high watermark may stand: the smallest end among the leader, the replicas that may be in sync, and those
     * that have caught up and are about to be; without the last, a follower could be kept out for ever by a leader that
     * goes on alone. Whom the controller has refused is not about to be, and may have stopped to fetch.
     *
     * @param leaderEnd the leader's own end
     * @param alive whether a broker is
     * @return that offset, or {@link Replica#UNKNOWN_OFFSET} while one of them has not fetched
     */
    static long highWatermark(Leading leading, long leaderEnd, Lag lag, IntPredicate alive) {
        long smallest = leaderEnd;
        for (Replica follower : leading.followers().values()) {
            if (follower.endOffset() < smallest
                    && (leading.isr().mayContain(follower.brokerId())
                            || isAboutToJoin(follower, leaderEnd, lag, alive))) {
                smallest = follower.endOffset();
            }
        }
        return smallest;
    }

    private static boolean isAboutToJoin(Replica follower, long leaderEnd, Lag lag, IntPredicate alive) {
        return follower.endOffset() != Replica.UNKNOWN_OFFSET
                && !follower.isRefused()
                && follower.isCaughtUp(leaderEnd, lag.nowMs(), lag.maxLagMs())
                && alive.test(follower.brokerId());
    }

    /** {@return whether a follower may be proposed as in sync: it has all that is committed, and something of this leader's} */
    static boolean mayJoin(Leading leading, Replica follower, long highWatermark) {
        return leading.isr() instanceof Isr.Settled
                && !leading.isr().mayContain(follower.brokerId())
                && follower.endOffset() >= highWatermark
                && follower.endOffset() >= leading.epochStartOffset()
                && !follower.isRefused();
    }

    /** {@return the set with one more, in the order of their ids where it is no other} */
    static List<Integer> with(Isr isr, int brokerId) {
        List<Integer> larger = new ArrayList<>(isr.committed());
        larger.add(brokerId);
        return larger;
    }

    /** {@return the set without those that lag, or null if there is nothing to be changed, or not now} */
    static List<Integer> withoutLaggards(Leading leading, long leaderEnd, Lag lag) {
        if (!(leading.isr() instanceof Isr.Settled)) {
            return null;
        }
        List<Integer> left = new ArrayList<>(leading.isr().committed());
        left.removeIf(brokerId -> {
            Replica follower = leading.followers().get(brokerId);
            return follower != null && !follower.isCaughtUp(leaderEnd, lag.nowMs(), lag.maxLagMs());
        });
        return left.size() < leading.isr().size() ? left : null;
    }

    /**
     * What the answer to a proposal makes of the set it was made for. Most errors tell that there is another state on
     * record, of which the controller will tell, and leave it open whether the proposal was carried out before: then both
     * sets count until it does.
     *
     * @param leaderEpoch the leader's
     */
    static Isr answered(Isr.Changing isr, IsrAnswer answer, int leaderEpoch) {
        return switch (answer.error()) {
            case NONE ->
                answer.leaderEpoch() == leaderEpoch && answer.partitionEpoch() >= isr.partitionEpoch()
                        ? new Isr.Settled(answer.isr(), answer.partitionEpoch())
                        : isr;
            // The controller says that it has the state the proposal was based on, and that it did nothing.
            case INELIGIBLE_REPLICA, OPERATION_NOT_ATTEMPTED -> new Isr.Settled(isr.committed(), isr.partitionEpoch());
            default -> isr;
        };
    }

    /**
     * What a leader makes of what the controller says in its epoch, perhaps with other replicas than before. What is known
     * of those that stay is kept.
     */
    static Leading changed(Leading leading, LocalReplicas.PartitionState state, int leader, long nowMs) {
        if (state.partitionEpoch() < leading.isr().partitionEpoch()) {
            return leading;
        }
        boolean nothingNew = leading.isr() instanceof Isr.Changing
                && state.partitionEpoch() == leading.isr().partitionEpoch();
        Isr isr = nothingNew ? leading.isr() : new Isr.Settled(state.isr(), state.partitionEpoch());
        return new Leading(
                leading.leaderEpoch(),
                leading.sinceEpoch(),
                leading.epochStartOffset(),
                isr,
                followers(state, leader, leading.followers(), nowMs));
    }

    /** {@return the followers by broker id; those that are known already are taken over} */
    static SortedMap<Integer, Replica> followers(
            LocalReplicas.PartitionState state, int leader, Map<Integer, Replica> known, long nowMs) {
        SortedMap<Integer, Replica> followers = new TreeMap<>();
        for (int brokerId : state.replicas()) {
            if (brokerId != leader) {
                Replica before = known.get(brokerId);
                followers.put(
                        brokerId,
                        before == null ? new Replica(brokerId, state.isr().contains(brokerId), nowMs) : before);
            }
        }
        return followers;
    }
}
