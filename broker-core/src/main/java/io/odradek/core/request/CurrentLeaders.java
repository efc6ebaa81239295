package io.odradek.core.request;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who leads the partitions that were asked of the wrong broker, and where they are found: so that a client need not ask for
 * metadata first (KIP-951). For one answer.
 */
final class CurrentLeaders {
    private final MetadataImage image;
    private final String listener;
    private final SortedMap<Integer, BrokerInfo> named = new TreeMap<>();

    /**
     * What there is to say of an endpoint.
     *
     * @param <T> how the API at hand says it
     */
    interface Naming<T> {
        /** {@return the broker in the words of an API} */
        T name(int brokerId, String host, int port, String rack);
    }

    /**
     * @param image what this broker knows
     * @param listener the listener that the client came by
     */
    CurrentLeaders(MetadataImage image, String listener) {
        this.image = image;
        this.listener = listener;
    }

    /** {@return the partition as it is known, with a leader that clients can reach; null if there is none} */
    PartitionInfo leaderOf(TopicPartition id) {
        TopicInfo topic = image.topics().get(id.topic());
        if (topic == null || id.partition() >= topic.partitions().size()) {
            return null;
        }
        PartitionInfo partition = topic.partitions().get(id.partition());
        BrokerInfo leader = image.brokers().get(partition.leader());
        if (leader == null || !leader.endpoints().containsKey(listener)) {
            return null;
        }
        named.put(leader.id(), leader);
        return partition;
    }

    /** {@return where the leaders are that have been asked for} */
    <T> List<T> endpoints(Naming<T> naming) {
        List<T> endpoints = new ArrayList<>(named.size());
        for (BrokerInfo broker : named.values()) {
            Endpoint endpoint = broker.endpoints().get(listener);
            endpoints.add(naming.name(broker.id(), endpoint.host(), endpoint.port(), broker.rack()));
        }
        return endpoints;
    }
}
