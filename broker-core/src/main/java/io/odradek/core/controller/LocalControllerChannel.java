package io.odradek.core.controller;

import io.odradek.core.partition.LocalReplicas;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reaches the controller's own broker by plain calls; every other one is BROKER_NOT_AVAILABLE. */
public final class LocalControllerChannel implements ControllerChannel {
    private final int brokerId;
    private final LocalReplicas replicas;

    /**
     * @param brokerId this broker's id
     * @param replicas its replicas
     */
    public LocalControllerChannel(int brokerId, LocalReplicas replicas) {
        this.brokerId = brokerId;
        this.replicas = replicas;
    }

    @Override
    public CompletionStage<List<TopicPartition>> apply(
            int brokerId, List<PartitionState> states, Map<String, Map<String, String>> topicConfigs) {
        return brokerId == this.brokerId ? replicas.apply(states, topicConfigs) : unreachable(brokerId);
    }

    @Override
    public CompletionStage<Void> delete(int brokerId, List<TopicPartition> partitions) {
        return brokerId == this.brokerId ? replicas.delete(partitions) : unreachable(brokerId);
    }

    private static <T> CompletionStage<T> unreachable(int brokerId) {
        return CompletableFuture.failedStage(
                new ApiException(ErrorCode.BROKER_NOT_AVAILABLE, "Broker " + brokerId + " cannot be reached"));
    }
}
