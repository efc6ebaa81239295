package io.odradek.core.controller;

import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import java.util.List;

/**
 * A partition as its controller knows it.
 *
 * <pre>
 *   New ── a live replica ──▶ Assigned ◀── election, a state of version + 1 ──┐
 *                               └────────────────────────────────────────────┘
 * </pre>
 */
sealed interface ControlledPartition {
    /** {@return broker ids of its replicas, the preferred leader first} */
    List<Integer> replicas();

    /**
     * {@return the partition as the metadata image shows it}
     *
     * @param failed broker ids of replicas on failed disks
     */
    PartitionInfo info(List<Integer> failed);

    /**
     * No replica of it has been live yet: it has no state node.
     *
     * @param replicas broker ids of its replicas
     */
    record New(List<Integer> replicas) implements ControlledPartition {
        @Override
        public PartitionInfo info(List<Integer> failed) {
            return new PartitionInfo(LeaderElection.NO_LEADER, 0, replicas, List.of(), failed);
        }
    }

    /**
     * It has a state node, with or without a leader.
     *
     * @param replicas broker ids of its replicas
     * @param state the node's content
     * @param stateVersion the node's version, which is the partition epoch
     * @param writtenAt when it was written, in the count of {@link CoordinationStore.Node}; {@link #BY_THIS_CONTROLLER}
     */
    record Assigned(List<Integer> replicas, PartitionStateNode state, int stateVersion, long writtenAt)
            implements ControlledPartition {
        /** Since this controller has read the tree, so that it knows what was before and after. */
        static final long BY_THIS_CONTROLLER = Long.MAX_VALUE;

        Assigned(List<Integer> replicas, PartitionStateNode state, int stateVersion) {
            this(replicas, state, stateVersion, BY_THIS_CONTROLLER);
        }

        @Override
        public PartitionInfo info(List<Integer> failed) {
            return new PartitionInfo(state.leader(), state.leaderEpoch(), replicas, state.isr(), failed);
        }
    }
}
