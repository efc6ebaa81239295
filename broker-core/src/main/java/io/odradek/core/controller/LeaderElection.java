package io.odradek.core.controller;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Who leads a partition whose leader is gone: a pure decision. */
public final class LeaderElection {
    /** No broker. */
    public static final int NO_LEADER = -1;

    private LeaderElection() {}

    /**
     * An election's outcome.
     *
     * @param leader broker id, -1 if nobody can lead
     * @param isr broker ids in sync from now on; unchanged if nobody can lead
     */
    public record Decision(int leader, List<Integer> isr) {}

    /**
     * Elects the first replica that is live and in sync; failing that, and if data may be lost, the first live one.
     *
     * @param replicas broker ids of all replicas, the preferred leader first
     * @param isr broker ids in sync
     * @param live broker ids that can serve the partition
     * @param unclean whether a replica that is not in sync may lead
     */
    public static Decision elect(List<Integer> replicas, List<Integer> isr, Set<Integer> live, boolean unclean) {
        List<Integer> liveIsr = new ArrayList<>(isr);
        liveIsr.retainAll(live);
        for (Integer replica : replicas) {
            if (liveIsr.contains(replica)) {
                return new Decision(replica, List.copyOf(liveIsr));
            }
        }
        for (Integer replica : replicas) {
            if (unclean && live.contains(replica)) {
                return new Decision(replica, List.of(replica));
            }
        }
        return new Decision(NO_LEADER, isr);
    }
}
