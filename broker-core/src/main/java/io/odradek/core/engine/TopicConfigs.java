package io.odradek.core.engine;

import io.odradek.core.config.dynamic.StoredTopicConfig;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What topics override of the broker's settings, read once before their logs are loaded. */
final class TopicConfigs {
    private TopicConfigs() {}

    /**
     * {@return the overrides by topic, as far as they can be used}
     *
     * @param brokerDefaults the broker's settings by their broker names
     */
    static CompletionStage<Map<String, Map<String, String>>> read(
            CoordinationStore store, Map<String, String> brokerDefaults) {
        return store.children(ClusterPaths.TOPIC_CONFIGS).thenCompose(topics -> {
            CompletionStage<Map<String, Map<String, String>>> all = CompletableFuture.completedStage(new TreeMap<>());
            for (String topic : topics) {
                all = all.thenCombine(store.get(ClusterPaths.topicConfig(topic)), (read, node) -> {
                    read.put(topic, StoredTopicConfig.usable(topic, node.data(), brokerDefaults));
                    return read;
                });
            }
            return all;
        });
    }
}
