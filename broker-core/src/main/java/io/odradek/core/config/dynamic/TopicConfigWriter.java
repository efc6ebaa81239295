package io.odradek.core.config.dynamic;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationErrors;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.CoordinationStore.Node;
import io.odradek.core.coordination.CoordinationStore.Operation;
import io.odradek.core.coordination.node.ConfigChangeNode;
import io.odradek.core.coordination.node.TopicConfigNode;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.log.LogConfig;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Changes topics' settings in the tree, as any broker of Apache Kafka 3.9's ZooKeeper mode does: the new overrides under
 * {@code /config/topics}, and a notice for all brokers under {@code /config/changes}. Both are written at once, and only
 * if nobody else has changed the topic's settings in between.
 */
public final class TopicConfigWriter {
    /** Each loss of the race is another change that was stored, so only a storm of changes makes one give up. */
    private static final int MAX_ATTEMPTS = 100;

    private static final String NOTICE = ClusterPaths.CONFIG_CHANGES + "/" + ClusterPaths.CONFIG_CHANGE_PREFIX;

    private final CoordinationStore store;
    private final EventLoop loop;
    private final Map<String, String> brokerDefaults;
    private final TopicConfigEffect effect;

    /**
     * @param store this broker's session with the tree
     * @param loop the loop that it was opened with
     * @param brokerDefaults the broker's settings by their broker names
     * @param effect brings a stored change to this broker's logs and metadata
     */
    public TopicConfigWriter(
            CoordinationStore store, EventLoop loop, Map<String, String> brokerDefaults, TopicConfigEffect effect) {
        this.store = store;
        this.loop = loop;
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
        CompletableFuture<Void> result = new CompletableFuture<>();
        loop.post(() -> attempt(topic, change, validateOnly, 1).whenComplete((done, error) -> {
            if (error == null) {
                result.complete(null);
            } else {
                result.completeExceptionally(refusal(topic, error));
            }
        }));
        return result;
    }

    private CompletionStage<Void> attempt(String topic, TopicConfigChange change, boolean validateOnly, int attempt) {
        return current(topic).thenCompose(node -> {
            SortedMap<String, String> before = StoredTopicConfig.all(topic, node.data());
            SortedMap<String, String> after = change.applyTo(before);
            LogConfig.of(brokerDefaults, after);
            if (validateOnly) {
                return CompletableFuture.completedStage(null);
            }
            return write(topic, node.version(), after)
                    .thenCompose(done -> effect.changed(topic))
                    .exceptionallyCompose(error -> lostRace(topic, error) && attempt < MAX_ATTEMPTS
                            ? attempt(topic, change, false, attempt + 1)
                            : CompletableFuture.failedStage(error));
        });
    }

    /** {@return the topic's node, or an empty one without version if there is none} */
    private CompletionStage<Node> current(String topic) {
        return store.get(ClusterPaths.topicConfig(topic))
                .exceptionallyCompose(error -> CoordinationException.is(error, Reason.NO_NODE)
                        ? CompletableFuture.completedStage(
                                new Node(new byte[0], CoordinationStore.ANY_VERSION, false, false, 0, 0))
                        : CompletableFuture.failedStage(error));
    }

    private CompletionStage<Void> write(String topic, int version, SortedMap<String, String> overrides) {
        String path = ClusterPaths.topicConfig(topic);
        byte[] data = new TopicConfigNode(overrides).encode();
        byte[] notice = ConfigChangeNode.ofTopic(topic).encode();
        return store.multi(List.of(
                new Operation.Check(ClusterPaths.topic(topic), CoordinationStore.ANY_VERSION),
                version == CoordinationStore.ANY_VERSION
                        ? new Operation.Create(path, data, CreateMode.PERSISTENT)
                        : new Operation.Set(path, data, version),
                new Operation.Create(NOTICE, notice, CreateMode.PERSISTENT_SEQUENTIAL)));
    }

    private static boolean lostRace(String topic, Throwable error) {
        return CoordinationException.is(error, Reason.BAD_VERSION)
                || CoordinationException.is(error, Reason.NODE_EXISTS)
                || missing(ClusterPaths.topicConfig(topic), error);
    }

    private static boolean missing(String path, Throwable error) {
        return cause(error) instanceof CoordinationException failure
                && failure.reason() == Reason.NO_NODE
                && failure.path().equals(path);
    }

    private static ApiException refusal(String topic, Throwable error) {
        Throwable cause = cause(error);
        if (cause instanceof ApiException refusal) {
            return refusal;
        }
        if (missing(ClusterPaths.topic(topic), cause)) {
            return new ApiException(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "The topic '" + topic + "' does not exist.");
        }
        if (lostRace(topic, cause)) {
            return new ApiException(
                    ErrorCode.REQUEST_TIMED_OUT, "The settings of topic '" + topic + "' change all the time");
        }
        return new ApiException(CoordinationErrors.code(cause), CoordinationErrors.message(cause));
    }

    private static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
