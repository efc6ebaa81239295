package io.odradek.core.config.dynamic;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Reads what topics override of the broker's settings, as far as it can be used. */
public final class TopicConfigReader {
    private final CoordinationStore store;
    private final Supplier<Map<String, String>> brokerDefaults;
    private final boolean telling;

    /**
     * @param store this broker's session with the tree
     * @param brokerDefaults the broker's settings now, by their broker names
     */
    public TopicConfigReader(CoordinationStore store, Supplier<Map<String, String>> brokerDefaults) {
        this(store, brokerDefaults, true);
    }

    private TopicConfigReader(CoordinationStore store, Supplier<Map<String, String>> brokerDefaults, boolean telling) {
        this.store = store;
        this.brokerDefaults = brokerDefaults;
        this.telling = telling;
    }

    /** {@return the same, which tells nobody of what cannot be used: for those who may ask at will} */
    public TopicConfigReader quiet() {
        return new TopicConfigReader(store, brokerDefaults, false);
    }

    /** As {@link #read(Collection)}, of all that was stored before the call, also where this broker's server lags behind. */
    public CompletionStage<Map<String, Map<String, String>>> readNewest(Collection<String> topics) {
        return store.upToDate().thenCompose(caughtUp -> read(topics));
    }

    /** {@return the overrides of each topic, none for one of which nothing is stored; on the session's loop} */
    public CompletionStage<Map<String, Map<String, String>>> read(Collection<String> topics) {
        CompletionStage<Map<String, Map<String, String>>> all = CompletableFuture.completedStage(new TreeMap<>());
        for (String topic : topics) {
            all = all.thenCombine(read(topic), (read, overrides) -> {
                read.put(topic, overrides);
                return read;
            });
        }
        return all;
    }

    /** {@return the overrides of a topic, none if nothing is stored; on the session's loop} */
    public CompletionStage<SortedMap<String, String>> read(String topic) {
        return store.get(ClusterPaths.topicConfig(topic)).handle((node, error) -> {
            if (error != null && !CoordinationException.is(error, Reason.NO_NODE)) {
                throw error instanceof CompletionException wrapped ? wrapped : new CompletionException(error);
            }
            byte[] data = error == null ? node.data() : new byte[0];
            return StoredTopicConfig.usable(topic, data, brokerDefaults.get(), telling);
        });
    }
}
