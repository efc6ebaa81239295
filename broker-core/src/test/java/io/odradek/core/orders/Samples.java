package io.odradek.core.orders;

import io.odradek.core.controller.LiveBroker;
import io.odradek.core.coordination.node.BrokerNode;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Brokers and partitions for tests of orders. */
final class Samples {
    static final Uuid TOPIC_ID = new Uuid(5, 7);

    private Samples() {}

    /** {@return live brokers, each in the epoch 100 more than its id} */
    static SortedMap<Integer, LiveBroker> brokers(int... ids) {
        SortedMap<Integer, LiveBroker> brokers = new TreeMap<>();
        for (int id : ids) {
            brokers.put(id, broker(id, 100 + id));
        }
        return brokers;
    }

    static LiveBroker broker(int id, long epoch) {
        return new LiveBroker(
                new BrokerNode(
                        new TreeMap<>(Map.of(
                                "INTERNAL", new Endpoint("broker-" + id, 9092),
                                "OUTSIDE", new Endpoint("broker-" + id + ".example", 443))),
                        new TreeMap<>(Map.of("INTERNAL", "PLAINTEXT", "OUTSIDE", "SSL")),
                        "rack-" + id,
                        -1),
                epoch);
    }

    /** {@return what a controller says of a partition of two replicas} */
    static PartitionState state(TopicPartition id, int leader, int leaderEpoch) {
        return new PartitionState(id, TOPIC_ID, leader, leaderEpoch, List.of(1, 2), 3, List.of(1, 2), false);
    }
}
