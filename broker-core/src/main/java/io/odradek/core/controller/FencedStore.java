package io.odradek.core.controller;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The tree as a controller writes it: a write of a controller that has been replaced fails with BAD_VERSION. */
final class FencedStore {
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

    /** Writes parts one after the other, each all or nothing, as they may be too many for one transaction. */
    CompletionStage<Void> inTurn(List<List<Operation>> parts) {
        CompletionStage<Void> done = CompletableFuture.completedStage(null);
        for (List<Operation> part : parts) {
            done = done.thenCompose(before -> multi(part));
        }
        return done;
    }
}
