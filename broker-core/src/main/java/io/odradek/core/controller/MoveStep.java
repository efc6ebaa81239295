package io.odradek.core.controller;

import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;

/**
 * What becomes of a partition whose replicas move: a pure decision, written as one.
 *
 * @param assignment where its replicas are from then on
 * @param state its state from then on, null if that stays; a partition without one has none
 */
record MoveStep(Assignment assignment, PartitionStateNode state) {
    /**
     * Replicas are wanted: those that are not there yet come first, unless all of them are in sync already.
     *
     * @return null if it has them
     * @throws ApiException INVALID_REPLICA_ASSIGNMENT where nobody would be left who could lead it without losing records
     */
    static MoveStep towards(List<Integer> wanted, ControlledTopic topic, int partition, ControllerState known) {
        Assignment before = topic.assignment(partition);
        Assignment next = before.towards(wanted);
        if (next.equals(before)) {
            return null;
        }
        if (!(topic.partitions().get(partition) instanceof ControlledPartition.Assigned assigned)) {
            // No broker has had a log of it.
            return new MoveStep(Assignment.settled(List.copyOf(wanted)), null);
        }
        TopicPartition id = topic.id(partition);
        if (hasArrived(next, assigned)) {
            MoveStep at = among(next.arrived(), id, assigned, known);
            if (at != null) {
                return at;
            }
        }
        MoveStep step = among(next, id, assigned, known);
        if (step == null) {
            throw new ApiException(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    "Of the replicas that would be left, " + next.replicas()
                            + ", none is live and in sync: another could lead only with the loss of records");
        }
        return step;
    }

    /** {@return what a partition on the move can do next: it has arrived, and one of its replicas can lead; null for nothing} */
    static MoveStep due(ControlledTopic topic, int partition, ControllerState known) {
        Assignment now = topic.assignment(partition);
        return now.isMoving()
                        && topic.partitions().get(partition) instanceof ControlledPartition.Assigned assigned
                        && hasArrived(now, assigned)
                ? among(now.arrived(), topic.id(partition), assigned, known)
                : null;
    }

    private static boolean hasArrived(Assignment assignment, ControlledPartition.Assigned partition) {
        return !assignment.isMoving() || partition.state().isr().containsAll(assignment.target());
    }

    private static MoveStep among(
            Assignment next, TopicPartition id, ControlledPartition.Assigned partition, ControllerState known) {
        PartitionStateNode state = known.elections().among(next.replicas(), id, partition, known.brokers());
        return state == null ? null : new MoveStep(next, state);
    }
}
