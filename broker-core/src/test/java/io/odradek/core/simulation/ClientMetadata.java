package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.api.MetadataResponse.MetadataResponsePartition;
import io.odradek.protocol.api.MetadataResponse.MetadataResponseTopic;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a client knows of the cluster: of each partition the newest leader epoch that it has heard of, as real clients do. */
final class ClientMetadata {
    /**
     * Where a partition is led.
     *
     * @param leader broker id, -1 if nobody leads
     * @param epoch the leader's epoch
     */
    record Led(Uuid topicId, int leader, int epoch) {}

    private final Map<TopicPartition, Led> partitions = new TreeMap<>();
    private int controller = -1;

    void update(MetadataResponse response) {
        controller = response.controllerId();
        for (MetadataResponseTopic topic : response.topics()) {
            if (topic.errorCode() != ErrorCode.NONE) {
                continue;
            }
            partitions
                    .entrySet()
                    .removeIf(known -> known.getKey().topic().equals(topic.name())
                            && !known.getValue().topicId.equals(topic.topicId()));
            for (MetadataResponsePartition partition : topic.partitions()) {
                TopicPartition id = new TopicPartition(topic.name(), partition.partitionIndex());
                Led known = partitions.get(id);
                if (known == null || known.epoch <= partition.leaderEpoch()) {
                    partitions.put(id, new Led(topic.topicId(), partition.leaderId(), partition.leaderEpoch()));
                }
            }
        }
    }

    /** {@return where a partition is led, null if nobody has told} */
    Led of(TopicPartition id) {
        return partitions.get(id);
    }

    /** {@return the partitions of a topic that are known} */
    List<TopicPartition> of(String topic) {
        List<TopicPartition> found = new ArrayList<>();
        for (TopicPartition id : partitions.keySet()) {
            if (id.topic().equals(topic)) {
                found.add(id);
            }
        }
        return found;
    }

    /** {@return the controller's broker id, -1 if unknown} */
    int controller() {
        return controller;
    }
}
