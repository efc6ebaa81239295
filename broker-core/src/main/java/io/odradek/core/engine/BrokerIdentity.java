package io.odradek.core.engine;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.controller.ClusterTree;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.storage.env.Randoms;
import io.odradek.storage.manager.LogFolders;
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
        return ClusterTree.prepare(store, folders.clusterId(), fresh)
                .thenCompose(clusterId -> brokerId(config, store, folders.brokerId(), alone)
                        .thenApply(brokerId -> new BrokerIdentity(brokerId, clusterId)));
    }

    /**
     * {@return the number given, or else that of the folders, or else a new one} A broker that is alone is number 0. In a
     * cluster a number is drawn as Apache Kafka does: each write of {@code /brokers/seqid} has a version of its own, and
     * numbers begin above those that are given by hand.
     */
    private static CompletionStage<Integer> brokerId(
            BrokerConfig config, CoordinationStore store, int kept, boolean alone) {
        if (config.brokerId() >= 0 || kept >= 0 || alone) {
            return CompletableFuture.completedStage(config.brokerId() >= 0 ? config.brokerId() : Math.max(0, kept));
        }
        return store.set(ClusterPaths.BROKER_SEQUENCE, NO_DATA, CoordinationStore.ANY_VERSION)
                .thenApply(version -> config.int32("reserved.broker.max.id") + version);
    }
}
