package io.odradek.core.config.dynamic;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.Operation;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.log.LogConfig;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Changes topics' settings in the tree, under {@code /config/topics}; only of topics that there are. */
public final class TopicConfigWriter {
    private final EntityWriter writer;
    private final Supplier<Map<String, String>> brokerDefaults;
    private final TopicConfigEffect effect;

    /**
     * @param store this broker's session with the tree
     * @param loop the loop that it was opened with
     * @param brokerDefaults the broker's settings now, by their broker names
     * @param effect brings a stored change to this broker's logs and metadata
     */
    public TopicConfigWriter(
            CoordinationStore store,
            EventLoop loop,
            Supplier<Map<String, String>> brokerDefaults,
            TopicConfigEffect effect) {
        this.writer = new EntityWriter(store, loop);
        this.brokerDefaults = brokerDefaults;
        this.effect = effect;
    }

    /**
     * Changes what a topic overrides, all or nothing. May be called from any thread.
     *
     * @param validateOnly whether nothing is to be stored
     * @return completes on the loop when the change is stored and in effect on this broker; fails with an
     *     {@link ApiException}: INVALID_CONFIG, UNKNOWN_TOPIC_OR_PARTITION, POLICY_VIOLATION if it is too large to be
     *     stored, REQUEST_TIMED_OUT, KAFKA_STORAGE_ERROR
     */
    public CompletionStage<Void> alter(String topic, TopicConfigChange change, boolean validateOnly) {
        Operation exists = new Operation.Check(ClusterPaths.topic(topic), CoordinationStore.ANY_VERSION);
        return writer.alter(
                new EntityWriter.Change(
                        "topics/" + topic,
                        List.of(exists),
                        new ApiException(
                                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "The topic '" + topic + "' does not exist."),
                        data -> next(topic, data, change),
                        () -> effect.changed(topic)),
                validateOnly);
    }

    private SortedMap<String, String> next(String topic, byte[] data, TopicConfigChange change) {
        SortedMap<String, String> after = change.applyTo(StoredTopicConfig.all(topic, data));
        LogConfig.of(brokerDefaults.get(), after);
        return after;
    }
}
