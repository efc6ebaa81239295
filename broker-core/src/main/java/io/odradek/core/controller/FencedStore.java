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
    /** Beyond it there is nothing to gain. */
    static final int MAX_OPERATIONS = 1000;

    /** Keeps transactions well below what ZooKeeper takes; a unit that is larger is for the store to refuse. */
    private static final int MAX_BYTES = CoordinationStore.MAX_TRANSACTION_BYTES / 2;

    private static final byte[] NO_DATA = new byte[0];

    private final CoordinationStore store;
    private final int epochVersion;
    private Unreadable unreadable;

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

    /** {@return the paths of a node and of all nodes below it, each after those that are below it; none if it is not there} */
    CompletionStage<List<String>> withAllBelow(String path) {
        return optional(store.children(path)).thenCompose(names -> {
            if (names == null) {
                return CompletableFuture.completedStage(new ArrayList<>());
            }
            List<CompletionStage<List<String>>> below = new ArrayList<>(names.size());
            for (String name : names) {
                below.add(withAllBelow(path + "/" + name));
            }
            return Stages.all(below).thenApply(lists -> {
                List<String> all = new ArrayList<>();
                lists.forEach(all::addAll);
                all.add(path);
                return all;
            });
        });
    }

    /** Says that a node cannot be read and is left out; once for as long as that is because of the same. */
    void leaveOut(String path, Throwable why) {
        if (unreadable == null) {
            unreadable = new Unreadable();
        }
        unreadable.leaveOut(path, why);
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
        long partBytes = 0;
        for (List<Operation> unit : units) {
            long bytes = Operation.sizeBytes(unit);
            if (!part.isEmpty() && (part.size() + unit.size() > MAX_OPERATIONS || partBytes + bytes > MAX_BYTES)) {
                parts.add(part);
                part = new ArrayList<>();
                partBytes = 0;
            }
            part.addAll(unit);
            partBytes += bytes;
        }
        if (!part.isEmpty()) {
            parts.add(part);
        }
        return parts;
    }
}
