package io.odradek.core.controller;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.CoordinationStore.Operation;
import io.odradek.core.coordination.node.ControllerNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One attempt to become the controller: {@code /controller} is created and {@code /controller_epoch} raised, both or neither. */
final class Election {
    private final CoordinationStore store;
    private final int brokerId;

    Election(CoordinationStore store, int brokerId) {
        this.store = store;
        this.brokerId = brokerId;
    }

    /** How an attempt ended. */
    sealed interface Outcome {
        /**
         * This broker is the controller.
         *
         * @param epoch the controller epoch it has won
         * @param epochVersion the version of {@code /controller_epoch} that fences its writes
         */
        record Won(int epoch, int epochVersion) implements Outcome {}

        /**
         * Another broker is.
         *
         * @param controllerId its broker id, -1 if it has just gone
         */
        record Lost(int controllerId) implements Outcome {}
    }

    /** Tries once. */
    CompletionStage<Outcome> attempt(long nowMs) {
        return store.get(ClusterPaths.CONTROLLER_EPOCH)
                .handle((node, error) -> error == null ? raise(node, nowMs) : first(error, nowMs))
                .thenCompose(outcome -> outcome);
    }

    private CompletionStage<Outcome> first(Throwable error, long nowMs) {
        if (!CoordinationException.is(error, Reason.NO_NODE)) {
            return CompletableFuture.failedStage(Stages.cause(error));
        }
        List<Operation> operations = new ArrayList<>();
        operations.add(new Operation.Create(ClusterPaths.CONTROLLER_EPOCH, text(0), CreateMode.PERSISTENT));
        return claim(operations, 1, 0, nowMs);
    }

    private CompletionStage<Outcome> raise(CoordinationStore.Node node, long nowMs) {
        int epoch = Integer.parseInt(new String(node.data(), StandardCharsets.UTF_8)) + 1;
        return claim(new ArrayList<>(), epoch, node.version(), nowMs);
    }

    private CompletionStage<Outcome> claim(List<Operation> operations, int epoch, int version, long nowMs) {
        byte[] controller = new ControllerNode(brokerId, nowMs).encode();
        operations.add(new Operation.Set(ClusterPaths.CONTROLLER_EPOCH, text(epoch), version));
        operations.add(new Operation.Create(ClusterPaths.CONTROLLER, controller, CreateMode.EPHEMERAL));
        return store.multi(operations)
                .<Outcome>thenApply(done -> new Outcome.Won(epoch, version + 1))
                .exceptionallyCompose(error -> CoordinationException.is(error, Reason.NODE_EXISTS)
                                || CoordinationException.is(error, Reason.BAD_VERSION)
                        ? winner()
                        : CompletableFuture.failedStage(Stages.cause(error)));
    }

    private CompletionStage<Outcome> winner() {
        return store.get(ClusterPaths.CONTROLLER)
                .<Outcome>thenApply(node ->
                        new Outcome.Lost(ControllerNode.decode(node.data()).brokerId()))
                .exceptionallyCompose(error -> CoordinationException.is(error, Reason.NO_NODE)
                        ? CompletableFuture.completedStage(new Outcome.Lost(-1))
                        : CompletableFuture.failedStage(Stages.cause(error)));
    }

    private static byte[] text(int epoch) {
        return Integer.toString(epoch).getBytes(StandardCharsets.UTF_8);
    }
}
