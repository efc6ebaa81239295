package io.odradek.core.config.dynamic;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What the tree sets for brokers while they run, for all of them and for one (KIP-226), as it is stored: under {@code
 * /config/brokers}, in the form of topics' settings.
 *
 * @param ofAll the data of the node for all brokers, empty if there is none
 * @param ofThis that of the node for this broker
 */
public record StoredBrokerConfig(byte[] ofAll, byte[] ofThis) {
    private static final byte[] NOTHING = {};

    /** {@return what is stored, on the session's loop} */
    public static CompletionStage<StoredBrokerConfig> read(CoordinationStore store, int brokerId) {
        return data(store, ClusterPaths.DEFAULT_ENTITY)
                .thenCombine(data(store, Integer.toString(brokerId)), StoredBrokerConfig::new);
    }

    private static CompletionStage<byte[]> data(CoordinationStore store, String entity) {
        return store.get(ClusterPaths.BROKER_CONFIGS + "/" + entity)
                .thenApply(CoordinationStore.Node::data)
                .exceptionallyCompose(error -> CoordinationException.is(error, Reason.NO_NODE)
                        ? CompletableFuture.completedStage(NOTHING)
                        : CompletableFuture.failedStage(error));
    }

    /**
     * {@return a broker's configuration with what is stored, as far as it can be used} The rest is left out, which is said in
     * the log; what is taken from the tree now and is not stored any more is gone.
     */
    public BrokerConfig over(BrokerConfig config) {
        UsableSettings usable = new UsableSettings(config);
        Map<String, String> forAll = usable.ofAll(ofAll);
        return usable.with(forAll, usable.ofThis(ofThis));
    }
}
