package io.odradek.core.controller;

import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.transport.ControllerClient;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopic;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopicConfig;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Creates topics through whichever broker of a cluster is controller, each of them once at a time, however many ask. The
 * broker's own topics get the replicas that its settings say or, where there are too few brokers, are not created
 * (INVALID_REPLICATION_FACTOR), as Kafka has it: they would never get more.
 */
public final class ClusterTopicCreator implements TopicCreator {
    private static final int VERSION = 7;

    private final ControllerClient controller;
    private final MetadataSource metadata;
    private final AutoTopics topics;
    private final int timeoutMs;
    private final ConcurrentMap<String, CompletableFuture<ErrorCode>> underWay = new ConcurrentHashMap<>();

    /**
     * @param controller the way to the controller
     * @param metadata what this broker knows
     * @param topics what topics look like that are created so
     * @param timeoutMs how long the controller is looked for, and waits for leaders
     */
    public ClusterTopicCreator(ControllerClient controller, MetadataSource metadata, AutoTopics topics, int timeoutMs) {
        this.controller = controller;
        this.metadata = metadata;
        this.topics = topics;
        this.timeoutMs = timeoutMs;
    }

    @Override
    public int partitionsOf(String topic) {
        return topics.partitionsOf(topic);
    }

    /** LEADER_NOT_AVAILABLE if there is no controller, or this broker has not been told of the topic's leaders yet. */
    @Override
    public CompletionStage<ErrorCode> create(String topic) {
        if (metadata.image().topics().containsKey(topic)) {
            return CompletableFuture.completedStage(ErrorCode.TOPIC_ALREADY_EXISTS);
        }
        CompletableFuture<ErrorCode> mine = new CompletableFuture<>();
        CompletableFuture<ErrorCode> others = underWay.putIfAbsent(topic, mine);
        if (others != null) {
            return others;
        }
        controller
                .send(ApiKey.CREATE_TOPICS, VERSION, request(topic), timeoutMs)
                .whenComplete((response, unreachable) -> {
                    underWay.remove(topic);
                    mine.complete(unreachable == null ? outcome(response) : ErrorCode.LEADER_NOT_AVAILABLE);
                });
        return mine;
    }

    private CreateTopicsRequest request(String name) {
        NewTopic topic = topics.named(name);
        List<CreatableTopicConfig> settings = new ArrayList<>();
        for (Map.Entry<String, String> setting : new TreeMap<>(topic.config()).entrySet()) {
            settings.add(new CreatableTopicConfig(setting.getKey(), setting.getValue()));
        }
        CreatableTopic wanted = new CreatableTopic(
                name, topic.partitions(), topic.replicationFactor(), List.of(), List.copyOf(settings));
        return new CreateTopicsRequest(List.of(wanted), timeoutMs, false);
    }

    private static ErrorCode outcome(ApiResponse response) {
        CreateTopicsResponse answer = (CreateTopicsResponse) response;
        return answer.topics().isEmpty()
                ? ErrorCode.UNKNOWN_SERVER_ERROR
                : answer.topics().get(0).errorCode();
    }
}
