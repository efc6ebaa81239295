package io.odradek.core.config.dynamic;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.LiveConfig;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Brings what the tree sets for brokers into effect on this one.
 *
 * @param store this broker's session with the tree
 * @param brokerId this broker's id
 * @param live its configuration
 */
public record LiveBrokerConfig(CoordinationStore store, int brokerId, LiveConfig live) {
    /** {@return whether settings that are stored under a name below {@code /config/brokers} are this broker's too} */
    boolean concerns(String entity) {
        return entity.equals(ClusterPaths.DEFAULT_ENTITY) || entity.equals(Integer.toString(brokerId));
    }

    /** Reads them again. {@return completes on the session's loop when they are in effect} */
    public CompletionStage<Void> changed() {
        return store.children(ClusterPaths.BROKER_CONFIGS).thenCompose(entities -> {
            BrokerConfig before = live.current();
            for (String entity : entities) {
                if (concerns(entity)) {
                    return StoredBrokerConfig.read(store, brokerId)
                            .thenCompose(stored -> live.take(stored.over(live.current())));
                }
            }
            return before.ofAllBrokers().isEmpty() && before.ofThisBroker().isEmpty()
                    ? CompletableFuture.completedStage(null)
                    : live.take(before.with(Map.of(), Map.of()));
        });
    }
}
