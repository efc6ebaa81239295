package io.odradek.core.orders;

import io.odradek.core.controller.BrokerOrders.StoppedReplica;
import io.odradek.core.partition.LocalReplicas.ReplicaStop;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.StopReplicaRequest;
import io.odradek.protocol.api.StopReplicaRequest.StopReplicaPartitionState;
import io.odradek.protocol.api.StopReplicaRequest.StopReplicaPartitionV0;
import io.odradek.protocol.api.StopReplicaRequest.StopReplicaTopicState;
import io.odradek.protocol.api.StopReplicaRequest.StopReplicaTopicV1;
import io.odradek.protocol.api.StopReplicaResponse;
import io.odradek.protocol.api.StopReplicaResponse.StopReplicaPartitionError;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** StopReplica as brokers of 3.9 send it (version 4), and in all versions as they receive it. */
public final class StopReplicaWire {
    static final int VERSION = 4;

    private static final int FIRST_BY_TOPIC = 1;
    private static final int FIRST_WITH_LEADER_EPOCHS = 3;

    private StopReplicaWire() {}

    static StopReplicaRequest request(Authority authority, List<StoppedReplica> replicas) {
        Map<String, StopReplicaTopicState> topics = new LinkedHashMap<>();
        for (StoppedReplica replica : replicas) {
            topics.computeIfAbsent(replica.id().topic(), name -> new StopReplicaTopicState(name, new ArrayList<>()))
                    .partitionStates()
                    .add(new StopReplicaPartitionState(
                            replica.id().partition(), replica.leaderEpoch(), replica.delete()));
        }
        return new StopReplicaRequest(
                authority.controllerId(),
                false,
                authority.controllerEpoch(),
                authority.brokerEpoch(),
                false,
                List.of(),
                List.of(),
                List.copyOf(topics.values()));
    }

    /** {@return who orders} */
    public static Authority authority(StopReplicaRequest request) {
        return new Authority(request.controllerId(), request.controllerEpoch(), request.brokerEpoch());
    }

    /** {@return what is ordered} @param version the request's */
    public static List<ReplicaStop> stops(StopReplicaRequest request, int version) {
        List<ReplicaStop> stops = new ArrayList<>();
        if (version < FIRST_BY_TOPIC) {
            for (StopReplicaPartitionV0 partition : request.ungroupedPartitions()) {
                stops.add(stop(request, partition.topicName(), partition.partitionIndex()));
            }
        } else if (version < FIRST_WITH_LEADER_EPOCHS) {
            for (StopReplicaTopicV1 topic : request.topics()) {
                for (int partition : topic.partitionIndexes()) {
                    stops.add(stop(request, topic.name(), partition));
                }
            }
        } else {
            for (StopReplicaTopicState topic : request.topicStates()) {
                for (StopReplicaPartitionState partition : topic.partitionStates()) {
                    stops.add(new ReplicaStop(
                            new TopicPartition(topic.topicName(), partition.partitionIndex()),
                            partition.leaderEpoch(),
                            partition.deletePartition()));
                }
            }
        }
        return stops;
    }

    private static ReplicaStop stop(StopReplicaRequest request, String topic, int partition) {
        return new ReplicaStop(
                new TopicPartition(topic, partition), StopReplicaRequest.NO_LEADER_EPOCH, request.deletePartitions());
    }

    /** {@return the answer: KAFKA_STORAGE_ERROR for what cannot be stopped or deleted} */
    public static StopReplicaResponse response(List<ReplicaStop> stops, List<TopicPartition> left) {
        Set<TopicPartition> failed = new HashSet<>(left);
        List<StopReplicaPartitionError> errors = new ArrayList<>(stops.size());
        for (ReplicaStop stop : stops) {
            errors.add(new StopReplicaPartitionError(
                    stop.id().topic(),
                    stop.id().partition(),
                    failed.contains(stop.id()) ? ErrorCode.KAFKA_STORAGE_ERROR : ErrorCode.NONE));
        }
        return new StopReplicaResponse(ErrorCode.NONE, errors);
    }

    /** {@return the partitions that could not be stopped or deleted} */
    static List<TopicPartition> left(StopReplicaResponse response) {
        List<TopicPartition> left = new ArrayList<>();
        for (StopReplicaPartitionError partition : response.partitionErrors()) {
            if (partition.errorCode() != ErrorCode.NONE) {
                left.add(new TopicPartition(partition.topicName(), partition.partitionIndex()));
            }
        }
        return left;
    }
}
