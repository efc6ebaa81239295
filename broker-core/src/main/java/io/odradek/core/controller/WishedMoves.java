package io.odradek.core.controller;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationStore.Node;
import io.odradek.core.coordination.CoordinationStore.Operation;
import io.odradek.core.coordination.node.ReassignmentNode;
import io.odradek.protocol.TopicPartition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves that an old tool wishes for by a node of the tree: what is done of it, or cannot be, is taken out of the node, and the
 * node goes with the last of it. Belongs to the controller's loop.
 */
final class WishedMoves {
    private static final Logger LOG = LoggerFactory.getLogger(WishedMoves.class);

    private final Office office;
    private final ControllerState state;
    private final Moves moves;

    WishedMoves(Office office, Moves moves) {
        this.office = office;
        this.state = office.state();
        this.moves = moves;
    }

    /** Begins what is wished for. {@return completes with whether something of it is under way} */
    CompletionStage<Boolean> see() {
        return read().thenCompose(node -> {
            ReassignmentNode wishes = node == null ? null : decode(node);
            return wishes == null
                    ? CompletableFuture.completedStage(false)
                    : moves.begin(new TreeMap<>(wishes.replicas()), MoveWishes.Check.FORM)
                            .thenAccept(WishedMoves::warn)
                            .thenCompose(begun -> tidy(node, wishes));
        });
    }

    /** Takes out what is done. {@return completes with whether something is left} */
    CompletionStage<Boolean> tidy() {
        return read().thenCompose(node -> {
            ReassignmentNode wishes = node == null ? null : decode(node);
            return wishes == null ? CompletableFuture.completedStage(false) : tidy(node, wishes);
        });
    }

    private CompletionStage<Node> read() {
        return FencedStore.optional(office.store().reads().get(ClusterPaths.REASSIGNMENT));
    }

    private ReassignmentNode decode(Node node) {
        try {
            return ReassignmentNode.decode(node.data());
        } catch (IllegalArgumentException e) {
            office.store().leaveOut(ClusterPaths.REASSIGNMENT, e);
            return null;
        }
    }

    private static void warn(Map<TopicPartition, Outcome> outcomes) {
        outcomes.forEach((id, outcome) -> {
            if (outcome != Outcome.DONE) {
                LOG.warn("Partition {} is not moved as {} wants it: {}", id, ClusterPaths.REASSIGNMENT, outcome);
            }
        });
    }

    private CompletionStage<Boolean> tidy(Node node, ReassignmentNode wishes) {
        Map<TopicPartition, List<Integer>> left = new LinkedHashMap<>(wishes.replicas());
        left.entrySet().removeIf(wish -> !isUnderWay(wish.getKey(), wish.getValue()));
        if (left.size() == wishes.replicas().size() && !left.isEmpty()) {
            return CompletableFuture.completedStage(true);
        }
        Operation change = left.isEmpty()
                ? new Operation.Delete(ClusterPaths.REASSIGNMENT, node.version())
                : new Operation.Set(ClusterPaths.REASSIGNMENT, new ReassignmentNode(left).encode(), node.version());
        return office.store()
                .multi(List.of(change))
                .exceptionallyCompose(WishedMoves::ignoreIfChanged)
                .thenApply(done -> !left.isEmpty());
    }

    /** Whoever has changed the node has made for news of it. */
    private static CompletionStage<Void> ignoreIfChanged(Throwable error) {
        return Stages.cause(error) instanceof CoordinationException failure
                        && ClusterPaths.REASSIGNMENT.equals(failure.path())
                ? CompletableFuture.completedStage(null)
                : CompletableFuture.failedStage(Stages.cause(error));
    }

    private boolean isUnderWay(TopicPartition id, List<Integer> wanted) {
        ControlledTopic topic = state.staying(id.topic());
        return topic != null
                && topic.moving().containsKey(id.partition())
                && topic.assignment(id.partition()).target().equals(wanted)
                && state.isUnderWay(id, topic.assignment(id.partition()));
    }
}
