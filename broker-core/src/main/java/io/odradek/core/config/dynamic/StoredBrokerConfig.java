package io.odradek.core.config.dynamic;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.node.TopicConfigNode;
import io.odradek.storage.log.LogSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the tree sets for brokers while they run, for all of them or for one (KIP-226). This build does not heed it: so where
 * it says of logs what a broker's own configuration does not say, that broker does not start, as it might take away what
 * was to be kept.
 */
public final class StoredBrokerConfig {
    private static final Logger LOG = LoggerFactory.getLogger(StoredBrokerConfig.class);

    private StoredBrokerConfig() {}

    /**
     * Compares the tree with a broker's configuration.
     *
     * @param given what is configured, by name
     * @return fails with {@link IllegalStateException} and one line if the tree says otherwise of logs
     */
    public static CompletionStage<Void> check(CoordinationStore store, int brokerId, Map<String, String> given) {
        return read(store, ClusterPaths.DEFAULT_ENTITY)
                .thenCombine(read(store, Integer.toString(brokerId)), (ofAll, own) -> {
                    ofAll.putAll(own);
                    return ofAll;
                })
                .thenAccept(stored -> compare(stored, given));
    }

    private static CompletionStage<SortedMap<String, String>> read(CoordinationStore store, String entity) {
        String path = ClusterPaths.BROKER_CONFIGS + "/" + entity;
        return store.get(path)
                .thenApply(node -> decode(path, node.data()))
                .exceptionallyCompose(error -> CoordinationException.is(error, Reason.NO_NODE)
                        ? CompletableFuture.completedStage(new TreeMap<>())
                        : CompletableFuture.failedStage(error));
    }

    private static SortedMap<String, String> decode(String path, byte[] data) {
        try {
            return data.length == 0
                    ? new TreeMap<>()
                    : new TreeMap<>(TopicConfigNode.decode(data).overrides());
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(path + " of the tree cannot be read: " + e.getMessage());
        }
    }

    private static void compare(SortedMap<String, String> stored, Map<String, String> given) {
        List<String> ofLogs = new ArrayList<>();
        List<String> others = new ArrayList<>();
        stored.forEach((name, value) -> {
            if (value.equals(given.get(name))) {
                return;
            }
            if (isOfLogs(name)) {
                ofLogs.add(name + "=" + value);
            } else {
                others.add(name);
            }
        });
        if (!ofLogs.isEmpty()) {
            throw new IllegalStateException(
                    "The tree sets " + String.join(", ", ofLogs) + " for brokers (" + ClusterPaths.BROKER_CONFIGS
                            + "), which this build does not take from there. Put the same into the configuration file");
        }
        if (!others.isEmpty()) {
            LOG.warn(
                    "The tree sets {} for brokers ({}), which this build does not heed",
                    String.join(", ", others),
                    ClusterPaths.BROKER_CONFIGS);
        }
    }

    private static boolean isOfLogs(String name) {
        for (LogSetting setting : LogSetting.values()) {
            if (setting.brokerNames().contains(name)) {
                return true;
            }
        }
        return false;
    }
}
