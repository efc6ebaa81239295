package io.odradek.core.controller;

import io.odradek.core.coordination.CoordinationErrors;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.FewLines;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes topics; belongs to the controller's loop. The wish is written first, then the brokers remove the logs, then the
 * topic's nodes go together with the wish: whoever is controller after a crash in between carries on.
 */
final class TopicDeletion {
    private static final Logger LOG = LoggerFactory.getLogger(TopicDeletion.class);

    private final ControllerContext context;
    private final TopicStore topics;
    private final BrokerPush brokers;
    private final ImagePublisher images;
    private final Consumer<List<TopicPartition>> deleted;
    private final FewLines refusals;
    private final SortedMap<String, CompletableFuture<ErrorCode>> underWay = new TreeMap<>();

    /**
     * @param images shows what is left
     * @param deleted is told what is gone, before whoever asked for it is
     */
    TopicDeletion(
            ControllerContext context,
            TopicStore topics,
            BrokerPush brokers,
            ImagePublisher images,
            Consumer<List<TopicPartition>> deleted,
            Clock clock) {
        this.context = context;
        this.topics = topics;
        this.brokers = brokers;
        this.images = images;
        this.deleted = deleted;
        this.refusals = new FewLines(LOG, clock);
    }

    /**
     * Deletes a topic.
     *
     * @param requested whether the wish is in the tree already
     * @return NONE when nothing is left of the topic that a live broker can reach, or why it could not be deleted. A topic
     *     with a replica on a failed disk is hidden and stays marked for deletion, as Kafka has it, so that it does not come
     *     back with the disk; its name is free when the broker has been restarted with that folder, or without it
     */
    CompletionStage<ErrorCode> delete(String name, boolean requested) {
        ControlledTopic topic = context.topics().get(name);
        if (topic == null) {
            return CompletableFuture.completedStage(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        CompletableFuture<ErrorCode> already = underWay.get(name);
        if (already != null) {
            return already;
        }
        CompletableFuture<ErrorCode> result = new CompletableFuture<>();
        underWay.put(name, result);
        CompletionStage<Void> wish = requested || context.deleting().contains(name)
                ? CompletableFuture.completedStage(null)
                : topics.requestDeletion(name);
        wish.thenCompose(done -> {
                    context.deleting().add(name);
                    return images.publish();
                })
                .thenCompose(hidden -> brokers.delete(topic))
                .thenCompose(done -> topics.remove(topic, true))
                .whenComplete((done, error) -> {
                    underWay.remove(name);
                    if (error == null) {
                        context.remove(topic);
                        context.forgetFailures(topic);
                        context.deleting().remove(name);
                        deleted.accept(topic.allPartitions());
                        result.complete(ErrorCode.NONE);
                    } else if (isStorageError(Stages.cause(error))) {
                        refusals.warn("Topic " + name + " stays marked for deletion: "
                                + Stages.cause(error).getMessage());
                        result.complete(ErrorCode.NONE);
                    } else {
                        logFailure(name, Stages.cause(error));
                        result.complete(CoordinationErrors.code(Stages.cause(error)));
                    }
                });
        return result;
    }

    /** A full disk is told in a line, as a client may ask again at will; what nobody foresaw with its trace. */
    private void logFailure(String name, Throwable cause) {
        String line = "Topic " + name + " could not be deleted: " + cause.getMessage();
        if (cause instanceof CoordinationException || cause instanceof ApiException) {
            refusals.warn(line);
        } else {
            refusals.error(line, cause);
        }
    }

    private static boolean isStorageError(Throwable error) {
        return error instanceof ApiException refusal && refusal.error() == ErrorCode.KAFKA_STORAGE_ERROR;
    }
}
