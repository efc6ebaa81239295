package io.odradek.core.engine;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.dynamic.ClientConfigs;
import io.odradek.core.config.dynamic.ClientEntity;
import io.odradek.core.controller.ClusterTree;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.node.ClusterIdNode;
import io.odradek.core.security.scram.ScramCredential;
import io.odradek.core.security.scram.ScramMechanism;
import io.odradek.storage.env.EventLoop;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What the tree of a broker that has yet to be started is to know: its cluster, and users to log in with.
 *
 * @param config the broker's
 * @param store a session with the tree
 * @param loop the loop that it was opened with
 */
public record NewStorage(BrokerConfig config, CoordinationStore store, EventLoop loop) {
    /**
     * Finds out whose the tree is, and makes it ready for a cluster if it is nobody's.
     *
     * @param clusterId the cluster that it is to be of
     * @param kept the broker's number in its log folders, -1 for none
     * @param alone whether no other broker can ever be in this tree
     * @return the broker's number, on the loop; fails with {@link IllegalStateException} and one line if the tree is that of
     *     another cluster
     */
    public CompletionStage<Integer> claim(String clusterId, int kept, boolean alone) {
        return store.get(ClusterPaths.CLUSTER_ID)
                .<Void>thenApply(node -> {
                    String found = ClusterIdNode.decode(node.data()).id();
                    if (!found.equals(clusterId)) {
                        throw new IllegalStateException(
                                "The tree is that of cluster " + found + ", and not of " + clusterId);
                    }
                    return null;
                })
                .exceptionallyCompose(error -> CoordinationException.is(error, Reason.NO_NODE)
                        ? CompletableFuture.completedStage(null)
                        : CompletableFuture.failedStage(error))
                .thenCompose(free -> ClusterTree.prepare(store, Optional.of(clusterId), clusterId))
                .thenCompose(id -> BrokerIdentity.brokerId(config, store, kept, alone));
    }

    /** Adds a user of SCRAM, or gives one another credential. {@return completes on the loop when it is stored} */
    public CompletionStage<Void> addUser(String user, ScramMechanism mechanism, ScramCredential credential) {
        return new ClientConfigs(store, loop)
                .alter(
                        ClientEntity.ofUser(user),
                        settings -> {
                            SortedMap<String, String> changed = new TreeMap<>(settings);
                            changed.put(mechanism.mechanismName(), credential.encode());
                            return changed;
                        },
                        false);
    }
}
