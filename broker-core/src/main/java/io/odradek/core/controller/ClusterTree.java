package io.odradek.core.controller;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.CoordinationStore.Node;
import io.odradek.core.coordination.CoordinationStore.Operation;
import io.odradek.core.coordination.node.ClusterIdNode;
import io.odradek.core.coordination.node.FeatureNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes a tree ready for brokers: the nodes that every cluster has, and the cluster's identifier. */
public final class ClusterTree {
    private static final byte[] NO_DATA = new byte[0];

    private ClusterTree() {}

    /**
     * Creates what is missing.
     *
     * @param known the cluster id in the log folders' {@code meta.properties}, if any: adopted by a tree that has none
     * @param fresh a random one for a tree that has none
     * @return the cluster's identifier; fails with {@link IllegalStateException} if the tree has another one than is known
     */
    public static CompletionStage<String> prepare(CoordinationStore store, Optional<String> known, String fresh) {
        List<CompletionStage<Optional<Node>>> reads = new ArrayList<>();
        for (String path : ClusterPaths.PERSISTENT) {
            reads.add(read(store, path));
        }
        reads.add(read(store, ClusterPaths.FEATURE));
        reads.add(read(store, ClusterPaths.CLUSTER_ID));
        return Stages.all(reads).thenCompose(nodes -> {
            Optional<Node> id = nodes.get(nodes.size() - 1);
            String clusterId =
                    id.isPresent() ? ClusterIdNode.decode(id.get().data()).id() : known.orElse(fresh);
            if (known.isPresent() && !known.get().equals(clusterId)) {
                return CompletableFuture.failedStage(new IllegalStateException("The log folders belong to cluster "
                        + known.get() + " (meta.properties), but the cluster's id is " + clusterId
                        + ". Check log.dirs and zookeeper.connect"));
            }
            List<Operation> missing = missing(nodes, clusterId);
            return missing.isEmpty()
                    ? CompletableFuture.completedStage(clusterId)
                    : create(store, missing, known, fresh, clusterId);
        });
    }

    /** Another broker may be doing the same: who comes second reads again. */
    private static CompletionStage<String> create(
            CoordinationStore store, List<Operation> missing, Optional<String> known, String fresh, String clusterId) {
        return store.multi(missing)
                .thenApply(done -> clusterId)
                .exceptionallyCompose(error -> CoordinationException.is(error, Reason.NODE_EXISTS)
                        ? prepare(store, known, fresh)
                        : CompletableFuture.failedStage(Stages.cause(error)));
    }

    private static List<Operation> missing(List<Optional<Node>> nodes, String clusterId) {
        List<Operation> missing = new ArrayList<>();
        for (int i = 0; i < ClusterPaths.PERSISTENT.size(); i++) {
            if (nodes.get(i).isEmpty()) {
                missing.add(new Operation.Create(ClusterPaths.PERSISTENT.get(i), NO_DATA, CreateMode.PERSISTENT));
            }
        }
        if (nodes.get(nodes.size() - 2).isEmpty()) {
            byte[] data = FeatureNode.none().encode();
            missing.add(new Operation.Create(ClusterPaths.FEATURE, data, CreateMode.PERSISTENT));
        }
        if (nodes.get(nodes.size() - 1).isEmpty()) {
            byte[] data = new ClusterIdNode(clusterId).encode();
            missing.add(new Operation.Create(ClusterPaths.CLUSTER_ID, data, CreateMode.PERSISTENT));
        }
        return missing;
    }

    private static CompletionStage<Optional<Node>> read(CoordinationStore store, String path) {
        return store.get(path)
                .thenApply(Optional::of)
                .exceptionallyCompose(error -> CoordinationException.is(error, Reason.NO_NODE)
                        ? CompletableFuture.completedStage(Optional.empty())
                        : CompletableFuture.failedStage(Stages.cause(error)));
    }
}
