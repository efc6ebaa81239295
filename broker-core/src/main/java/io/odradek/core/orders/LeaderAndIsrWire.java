package io.odradek.core.orders;

import io.odradek.core.partition.LocalReplicas.Move;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.LeaderAndIsrRequest;
import io.odradek.protocol.api.LeaderAndIsrRequest.LeaderAndIsrLiveLeader;
import io.odradek.protocol.api.LeaderAndIsrRequest.LeaderAndIsrPartitionState;
import io.odradek.protocol.api.LeaderAndIsrRequest.LeaderAndIsrTopicState;
import io.odradek.protocol.api.LeaderAndIsrResponse;
import io.odradek.protocol.api.LeaderAndIsrResponse.LeaderAndIsrPartitionError;
import io.odradek.protocol.api.LeaderAndIsrResponse.LeaderAndIsrTopicError;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** LeaderAndIsr as brokers of 3.9 send it (version 7), and in all versions as they receive it. */
public final class LeaderAndIsrWire {
    static final int VERSION = 7;

    private static final int FIRST_BY_TOPIC = 2;
    private static final int FIRST_WITH_TOPIC_IDS = 5;
    private static final byte RECOVERED = 0;
    private static final byte RECOVERING = 1;

    private LeaderAndIsrWire() {}

    /** {@return the request} @param liveLeaders the leaders that live, and where this broker's controller reaches them */
    static LeaderAndIsrRequest request(
            Authority authority, List<PartitionState> states, List<LeaderAndIsrLiveLeader> liveLeaders) {
        Map<Uuid, LeaderAndIsrTopicState> topics = new LinkedHashMap<>();
        for (PartitionState state : states) {
            topics.computeIfAbsent(
                            state.topicId(),
                            id -> new LeaderAndIsrTopicState(state.id().topic(), id, new ArrayList<>()))
                    .partitionStates()
                    .add(new LeaderAndIsrPartitionState(
                            state.id().topic(),
                            state.id().partition(),
                            authority.controllerEpoch(),
                            state.leader(),
                            state.leaderEpoch(),
                            state.isr(),
                            state.partitionEpoch(),
                            state.replicas(),
                            adding(state.move()),
                            removing(state.move()),
                            state.isNew(),
                            state.recovering() ? RECOVERING : RECOVERED));
        }
        return new LeaderAndIsrRequest(
                authority.controllerId(),
                false,
                authority.controllerEpoch(),
                authority.brokerEpoch(),
                LeaderAndIsrRequest.TYPE_UNKNOWN,
                List.of(),
                List.copyOf(topics.values()),
                liveLeaders);
    }

    private static List<Integer> adding(Move move) {
        return move == null ? List.of() : move.adding();
    }

    private static List<Integer> removing(Move move) {
        return move == null ? List.of() : move.removing();
    }

    /** {@return who orders} */
    public static Authority authority(LeaderAndIsrRequest request) {
        return new Authority(request.controllerId(), request.controllerEpoch(), request.brokerEpoch());
    }

    /** {@return what is ordered} @param version the request's */
    public static List<PartitionState> states(LeaderAndIsrRequest request, int version) {
        List<PartitionState> states = new ArrayList<>();
        if (version < FIRST_BY_TOPIC) {
            for (LeaderAndIsrPartitionState state : request.ungroupedPartitionStates()) {
                states.add(state(state.topicName(), Uuid.ZERO, state));
            }
            return states;
        }
        for (LeaderAndIsrTopicState topic : request.topicStates()) {
            Uuid id = version < FIRST_WITH_TOPIC_IDS ? Uuid.ZERO : topic.topicId();
            for (LeaderAndIsrPartitionState state : topic.partitionStates()) {
                states.add(state(topic.topicName(), id, state));
            }
        }
        return states;
    }

    private static PartitionState state(String topic, Uuid topicId, LeaderAndIsrPartitionState state) {
        return new PartitionState(
                new TopicPartition(topic, state.partitionIndex()),
                topicId,
                state.leader(),
                state.leaderEpoch(),
                state.isr(),
                state.partitionEpoch(),
                state.replicas(),
                state.isNew(),
                state.leaderRecoveryState() == RECOVERING,
                move(state));
    }

    private static Move move(LeaderAndIsrPartitionState state) {
        return state.addingReplicas().isEmpty() && state.removingReplicas().isEmpty()
                ? null
                : new Move(state.addingReplicas(), state.removingReplicas());
    }

    /** {@return the answer: KAFKA_STORAGE_ERROR for what cannot be served} @param version the request's */
    public static LeaderAndIsrResponse response(
            List<PartitionState> states, List<TopicPartition> unserved, int version) {
        Set<TopicPartition> failed = new HashSet<>(unserved);
        List<LeaderAndIsrPartitionError> all = new ArrayList<>();
        Map<Uuid, LeaderAndIsrTopicError> topics = new LinkedHashMap<>();
        for (PartitionState state : states) {
            TopicPartition id = state.id();
            LeaderAndIsrPartitionError error = new LeaderAndIsrPartitionError(
                    id.topic(), id.partition(), failed.contains(id) ? ErrorCode.KAFKA_STORAGE_ERROR : ErrorCode.NONE);
            if (version < FIRST_WITH_TOPIC_IDS) {
                all.add(error);
            } else {
                topics.computeIfAbsent(
                                state.topicId(), topicId -> new LeaderAndIsrTopicError(topicId, new ArrayList<>()))
                        .partitionErrors()
                        .add(error);
            }
        }
        return new LeaderAndIsrResponse(ErrorCode.NONE, all, List.copyOf(topics.values()));
    }

    /** {@return the partitions that cannot be served, of an answer to version 7} */
    static List<TopicPartition> unserved(List<PartitionState> states, LeaderAndIsrResponse response) {
        Map<Uuid, String> names = new HashMap<>();
        for (PartitionState state : states) {
            names.put(state.topicId(), state.id().topic());
        }
        List<TopicPartition> unserved = new ArrayList<>();
        for (LeaderAndIsrTopicError topic : response.topics()) {
            String name = names.get(topic.topicId());
            for (LeaderAndIsrPartitionError partition : topic.partitionErrors()) {
                if (name != null && isUnserved(partition.errorCode())) {
                    unserved.add(new TopicPartition(name, partition.partitionIndex()));
                }
            }
        }
        return unserved;
    }

    /** STALE_CONTROLLER_EPOCH is what Kafka says of a partition whose leader epoch is later: then it is served. */
    private static boolean isUnserved(ErrorCode error) {
        return error != ErrorCode.NONE && error != ErrorCode.STALE_CONTROLLER_EPOCH;
    }
}
