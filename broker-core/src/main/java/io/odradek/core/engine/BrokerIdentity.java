package io.odradek.core.engine;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.controller.ClusterTree;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.storage.env.Randoms;
import io.odradek.storage.manager.LogFolders;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Who a broker is.
 *
 * @param brokerId its number
 * @param clusterId the cluster that it belongs to
 */
record BrokerIdentity(int brokerId, String clusterId) {
    private static final byte[] NO_DATA = new byte[0];

    /**
     * Finds out who this broker is, making the tree ready on the way.
     *
     * @param alone whether no other broker can ever be in this tree
     * @return fails with {@link IllegalStateException} and one line if the folders belong to another cluster
     */
    static CompletionStage<BrokerIdentity> find(
            BrokerConfig config, CoordinationStore store, LogFolders folders, boolean alone, Randoms randoms) {
        String fresh = randoms.nextUuid().toString();
        return refuseForeignFolders(store, folders, alone)
                .thenCompose(checked -> ClusterTree.prepare(store, folders.clusterId(), fresh))
                .thenCompose(clusterId -> brokerId(config, store, folders.brokerId(), alone)
                        .thenApply(brokerId -> new BrokerIdentity(brokerId, clusterId)));
    }

    /** A tree that is empty is not that of the cluster whose folders these are: it would know nothing of their topics. */
    private static CompletionStage<Void> refuseForeignFolders(
            CoordinationStore store, LogFolders folders, boolean alone) {
        Optional<String> known = folders.clusterId();
        if (alone || known.isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        return store.get(ClusterPaths.CLUSTER_ID)
                .<Void>thenApply(node -> null)
                .exceptionallyCompose(error -> CompletableFuture.failedStage(
                        CoordinationException.is(error, Reason.NO_NODE)
                                ? new IllegalStateException(
                                        "The log folders belong to cluster " + known.get()
                                                + " (meta.properties), but the tree is empty. Check log.dirs and zookeeper.connect")
                                : error));
    }

    /**
     * {@return the number given, or else that of the folders, or else a new one} A broker that is alone is number 0. In a
     * cluster a number is drawn as Apache Kafka does: each write of {@code /brokers/seqid} has a version of its own, and
     * numbers begin above those that are given by hand.
     */
    static CompletionStage<Integer> brokerId(BrokerConfig config, CoordinationStore store, int kept, boolean alone) {
        if (config.brokerId() >= 0 || kept >= 0 || alone) {
            return CompletableFuture.completedStage(config.brokerId() >= 0 ? config.brokerId() : Math.max(0, kept));
        }
        return store.set(ClusterPaths.BROKER_SEQUENCE, NO_DATA, CoordinationStore.ANY_VERSION)
                .thenApply(version -> config.int32("reserved.broker.max.id") + version);
    }
}
