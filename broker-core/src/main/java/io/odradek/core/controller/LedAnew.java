package io.odradek.core.controller;

import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.protocol.TopicPartition;
import java.util.Map;
import java.util.SortedMap;

/** What an operator wants to know of a decision about leaders: one line, however many partitions it is about. */
final class LedAnew {
    private static final int MOST_NAMED = 20;

    private LedAnew() {}

    /** {@return who leads what from now on, and who did before; null if all leaders stay} */
    static String describe(ControllerState state, SortedMap<TopicPartition, PartitionStateNode> next) {
        int changed = 0;
        int unled = 0;
        StringBuilder named = new StringBuilder();
        for (Map.Entry<TopicPartition, PartitionStateNode> entry : next.entrySet()) {
            int before = state.assigned(entry.getKey()).state().leader();
            int leader = entry.getValue().leader();
            if (before != leader) {
                changed++;
                unled += leader == LeaderElection.NO_LEADER ? 1 : 0;
                if (changed <= MOST_NAMED) {
                    named.append(changed == 1 ? "" : ", ").append(entry.getKey());
                    named.append(" by ")
                            .append(broker(leader))
                            .append(" after ")
                            .append(broker(before));
                }
            }
        }
        if (changed == 0) {
            return null;
        }
        String more = changed > MOST_NAMED ? " and " + (changed - MOST_NAMED) + " more" : "";
        String without =
                unled == 0 ? "" : "; " + unled + " of " + changed + " have no leader, as no replica in sync is there";
        return "Partitions are led anew: " + named + more + without;
    }

    private static String broker(int id) {
        return id == LeaderElection.NO_LEADER ? "nobody" : "broker " + id;
    }
}
