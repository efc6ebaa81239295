package io.odradek.core.orders;

import io.odradek.core.controller.LiveBroker;
import io.odradek.core.controller.MetadataUpdate;
import io.odradek.core.controller.MetadataUpdate.TopicUpdate;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.LeaderAndIsrRequest;
import io.odradek.protocol.api.UpdateMetadataRequest;
import io.odradek.protocol.api.UpdateMetadataRequest.UpdateMetadataPartitionState;
import io.odradek.protocol.api.UpdateMetadataRequest.UpdateMetadataTopicState;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * UpdateMetadata as brokers of 3.9 send it (version 8), and in all versions as they receive it. That an update is the whole is
 * said by a type that Kafka heeds from a KRaft controller only; a partition that is gone has the leader -2. On the wire a
 * partition has one state: of a topic deleted and made again it is the new one, whose topic has another identifier.
 */
public final class UpdateMetadataWire {
    static final int VERSION = 8;

    private static final int FIRST_WITH_OFFLINE_REPLICAS = 4;
    private static final int FIRST_BY_TOPIC = 5;
    private static final int FIRST_WITH_TOPIC_IDS = 7;
    private static final int FIRST_WITH_TYPE = 8;
    private static final int NO_VERSION = 0;

    private UpdateMetadataWire() {}

    static UpdateMetadataRequest request(Authority authority, MetadataUpdate update) {
        Map<String, UpdateMetadataTopicState> topics = new LinkedHashMap<>();
        Set<TopicPartition> told = new HashSet<>();
        for (TopicUpdate topic : update.topics()) {
            List<UpdateMetadataPartitionState> states =
                    new ArrayList<>(topic.partitions().size());
            for (Map.Entry<Integer, PartitionInfo> entry : topic.partitions().entrySet()) {
                told.add(new TopicPartition(topic.name(), entry.getKey()));
                states.add(state(authority, topic.name(), entry.getKey(), entry.getValue(), update.brokers()));
            }
            topics.put(topic.name(), new UpdateMetadataTopicState(topic.name(), topic.id(), states));
        }
        for (TopicPartition id : update.deleted()) {
            if (!told.contains(id)) {
                topics.computeIfAbsent(
                                id.topic(), name -> new UpdateMetadataTopicState(name, Uuid.ZERO, new ArrayList<>()))
                        .partitionStates()
                        .add(gone(authority, id));
            }
        }
        return new UpdateMetadataRequest(
                authority.controllerId(),
                false,
                update.whole() ? LeaderAndIsrRequest.TYPE_FULL : LeaderAndIsrRequest.TYPE_UNKNOWN,
                authority.controllerEpoch(),
                authority.brokerEpoch(),
                List.of(),
                List.copyOf(topics.values()),
                LiveBrokersWire.encode(update.brokers()));
    }

    private static UpdateMetadataPartitionState state(
            Authority authority, String topic, int partition, PartitionInfo info, SortedMap<Integer, LiveBroker> live) {
        List<Integer> offline = new ArrayList<>();
        for (Integer replica : info.replicas()) {
            if (!live.containsKey(replica) || info.failed().contains(replica)) {
                offline.add(replica);
            }
        }
        return new UpdateMetadataPartitionState(
                topic,
                partition,
                authority.controllerEpoch(),
                info.leader(),
                info.leaderEpoch(),
                info.isr(),
                NO_VERSION,
                info.replicas(),
                offline);
    }

    private static UpdateMetadataPartitionState gone(Authority authority, TopicPartition id) {
        return new UpdateMetadataPartitionState(
                id.topic(),
                id.partition(),
                authority.controllerEpoch(),
                UpdateMetadataRequest.LEADER_DURING_DELETE,
                0,
                List.of(),
                NO_VERSION,
                List.of(),
                List.of());
    }

    /** {@return who orders} */
    public static Authority authority(UpdateMetadataRequest request) {
        return new Authority(request.controllerId(), request.controllerEpoch(), request.brokerEpoch());
    }

    /** {@return what is told} @param version the request's */
    public static MetadataUpdate update(UpdateMetadataRequest request, int version) {
        SortedMap<Integer, LiveBroker> live = LiveBrokersWire.decode(request.liveBrokers(), version);
        Map<String, TopicUpdate> topics = new LinkedHashMap<>();
        List<TopicPartition> deleted = new ArrayList<>();
        if (version < FIRST_BY_TOPIC) {
            for (UpdateMetadataPartitionState state : request.ungroupedPartitionStates()) {
                take(state.topicName(), Uuid.ZERO, state, version, live, topics, deleted);
            }
        } else {
            for (UpdateMetadataTopicState topic : request.topicStates()) {
                Uuid id = version < FIRST_WITH_TOPIC_IDS ? Uuid.ZERO : topic.topicId();
                for (UpdateMetadataPartitionState state : topic.partitionStates()) {
                    take(topic.topicName(), id, state, version, live, topics, deleted);
                }
            }
        }
        boolean whole = version >= FIRST_WITH_TYPE && request.type() == LeaderAndIsrRequest.TYPE_FULL;
        return new MetadataUpdate(live, List.copyOf(topics.values()), deleted, whole);
    }

    private static void take(
            String topic,
            Uuid id,
            UpdateMetadataPartitionState state,
            int version,
            SortedMap<Integer, LiveBroker> live,
            Map<String, TopicUpdate> topics,
            List<TopicPartition> deleted) {
        if (state.leader() == UpdateMetadataRequest.LEADER_DURING_DELETE) {
            deleted.add(new TopicPartition(topic, state.partitionIndex()));
            return;
        }
        List<Integer> failed = new ArrayList<>();
        for (Integer replica : version < FIRST_WITH_OFFLINE_REPLICAS ? List.<Integer>of() : state.offlineReplicas()) {
            if (live.containsKey(replica)) {
                failed.add(replica);
            }
        }
        topics.computeIfAbsent(topic, name -> new TopicUpdate(name, id, new TreeMap<>()))
                .partitions()
                .put(
                        state.partitionIndex(),
                        new PartitionInfo(state.leader(), state.leaderEpoch(), state.replicas(), state.isr(), failed));
    }
}
