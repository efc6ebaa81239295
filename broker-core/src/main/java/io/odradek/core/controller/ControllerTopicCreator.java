package io.odradek.core.controller;

import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Creates topics through this broker's own controller. */
public final class ControllerTopicCreator implements TopicCreator {
    private final Controller controller;
    private final MetadataSource metadata;
    private final AutoTopics topics;

    /**
     * @param controller this broker's controller
     * @param metadata the image that the controller publishes
     * @param topics what topics look like that are created so
     */
    public ControllerTopicCreator(Controller controller, MetadataSource metadata, AutoTopics topics) {
        this.controller = controller;
        this.metadata = metadata;
        this.topics = topics;
    }

    @Override
    public int partitionsOf(String topic) {
        return topics.partitionsOf(topic);
    }

    /** NOT_CONTROLLER where another broker governs; LEADER_NOT_AVAILABLE if the topic is there but not served. */
    @Override
    public CompletionStage<ErrorCode> create(String topic) {
        if (metadata.image().topics().containsKey(topic)) {
            return CompletableFuture.completedStage(ErrorCode.TOPIC_ALREADY_EXISTS);
        }
        return controller
                .createOrJoin(topics.named(topic))
                .handle((result, error) -> error == null ? served(result) : code(Stages.cause(error)));
    }

    private ErrorCode served(TopicResult result) {
        if (result.error() != ErrorCode.NONE) {
            return result.error();
        }
        TopicInfo topic = metadata.image().topics().get(result.name());
        if (topic == null) {
            return ErrorCode.LEADER_NOT_AVAILABLE;
        }
        for (PartitionInfo partition : topic.partitions()) {
            if (partition.leader() == LeaderElection.NO_LEADER) {
                return ErrorCode.LEADER_NOT_AVAILABLE;
            }
        }
        return ErrorCode.NONE;
    }

    private static ErrorCode code(Throwable error) {
        return error instanceof ApiException refusal ? refusal.error() : ErrorCode.UNKNOWN_SERVER_ERROR;
    }
}
