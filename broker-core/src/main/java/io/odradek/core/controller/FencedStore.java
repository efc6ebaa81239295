package io.odradek.core.controller;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.CoordinationStore.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The tree as a controller writes it: a write of a controller that has been replaced fails with BAD_VERSION. */
final class FencedStore {
    /** Keeps a transaction below what ZooKeeper takes (1 MiB by default). */
    static final int MAX_OPERATIONS = 1000;

    private static final byte[] NO_DATA = new byte[0];

    private final CoordinationStore store;
    private final int epochVersion;

    /**
     * @param store the tree
     * @param epochVersion the version that the controller's own election gave {@code /controller_epoch}
     */
    FencedStore(CoordinationStore store, int epochVersion) {
        this.store = store;
        this.epochVersion = epochVersion;
    }

    /** {@return the tree, for reading} */
    CoordinationStore reads() {
        return store;
    }

    /** Writes all or nothing, if this controller is still the controller. */
    CompletionStage<Void> multi(List<Operation> operations) {
        List<Operation> fenced = new ArrayList<>(operations.size() + 1);
        fenced.add(new Operation.Check(ClusterPaths.CONTROLLER_EPOCH, epochVersion));
        fenced.addAll(operations);
        return store.multi(fenced);
    }

    /** Writes units one after the other, in as few transactions as may be, none of the units divided. */
    CompletionStage<Void> inTurn(List<List<Operation>> units) {
        CompletionStage<Void> done = CompletableFuture.completedStage(null);
        for (List<Operation> part : parts(units)) {
            done = done.thenCompose(before -> multi(part));
        }
        return done;
    }

    /** Deletes nodes that may have been deleted already. */
    CompletionStage<Void> deleteIfThere(List<String> paths) {
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (String path : paths) {
            all = all.thenCombine(
                    multi(List.of(deletion(path))).exceptionallyCompose(FencedStore::ignoreIfGone),
                    (before, done) -> null);
        }
        return all;
    }

    /** {@return the result of a read, null if there is no such node} */
    static <T> CompletionStage<T> optional(CompletionStage<T> read) {
        return read.exceptionallyCompose(FencedStore::ignoreIfGone);
    }

    private static <T> CompletionStage<T> ignoreIfGone(Throwable error) {
        return CoordinationException.is(error, Reason.NO_NODE)
                ? CompletableFuture.completedStage(null)
                : CompletableFuture.failedStage(Stages.cause(error));
    }

    static Operation creation(String path) {
        return creation(path, NO_DATA);
    }

    static Operation creation(String path, byte[] data) {
        return new Operation.Create(path, data, CreateMode.PERSISTENT);
    }

    static Operation deletion(String path) {
        return new Operation.Delete(path, CoordinationStore.ANY_VERSION);
    }

    /** {@return the units in transactions, none of them divided} */
    static List<List<Operation>> parts(List<List<Operation>> units) {
        List<List<Operation>> parts = new ArrayList<>();
        List<Operation> part = new ArrayList<>();
        for (List<Operation> unit : units) {
            if (!part.isEmpty() && part.size() + unit.size() > MAX_OPERATIONS) {
                parts.add(part);
                part = new ArrayList<>();
            }
            part.addAll(unit);
        }
        if (!part.isEmpty()) {
            parts.add(part);
        }
        return parts;
    }
}
