package io.odradek.core.simulation;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.TreeView;
import io.odradek.core.coordination.node.ControllerNode;
import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.core.coordination.node.TopicNode;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;

/** What stands in the tree, as nobody's fault can hide it. */
final class ClusterState {
    private final TreeView tree;

    ClusterState(TreeView tree) {
        this.tree = tree;
    }

    /** {@return a topic's identifier, null if there is no such topic} */
    Uuid topicId(String topic) {
        byte[] data = tree.data(ClusterPaths.topic(topic));
        return data == null ? null : TopicNode.decode(data).topicId();
    }

    /** {@return a partition's leader and in-sync replicas, null if it has none} */
    PartitionStateNode state(TopicPartition id) {
        byte[] data = tree.data(ClusterPaths.partitionState(id.topic(), id.partition()));
        return data == null || data.length == 0 ? null : PartitionStateNode.decode(data);
    }

    /** {@return the controller's broker id, -1 if there is none} */
    int controller() {
        byte[] data = tree.data(ClusterPaths.CONTROLLER);
        return data == null ? -1 : ControllerNode.decode(data).brokerId();
    }

    /** {@return the brokers that are registered} */
    List<String> registered() {
        return tree.children(ClusterPaths.BROKER_IDS);
    }

    /** {@return how many partitions a broker leads} */
    int ledBy(int broker) {
        int led = 0;
        for (String topic : tree.children(ClusterPaths.TOPICS)) {
            for (String partition : tree.children(ClusterPaths.partitions(topic))) {
                PartitionStateNode state = state(new TopicPartition(topic, Integer.parseInt(partition)));
                led += state != null && state.leader() == broker ? 1 : 0;
            }
        }
        return led;
    }

    /** {@return all partitions that there are} */
    List<TopicPartition> partitions() {
        List<TopicPartition> all = new ArrayList<>();
        for (String topic : tree.children(ClusterPaths.TOPICS)) {
            TopicNode.decode(tree.data(ClusterPaths.topic(topic)))
                    .replicas()
                    .keySet()
                    .forEach(partition -> all.add(new TopicPartition(topic, partition)));
        }
        return all;
    }

    /** {@return the partitions that are on their way, or have another number of replicas} */
    List<TopicPartition> astray(int replicas) {
        List<TopicPartition> astray = new ArrayList<>();
        for (String topic : tree.children(ClusterPaths.TOPICS)) {
            TopicNode node = TopicNode.decode(tree.data(ClusterPaths.topic(topic)));
            node.replicas().forEach((partition, brokers) -> {
                if (brokers.size() != replicas
                        || node.adding().containsKey(partition)
                        || node.removing().containsKey(partition)) {
                    astray.add(new TopicPartition(topic, partition));
                }
            });
        }
        return astray;
    }

    /** {@return what keeps the cluster from being whole, nothing if all brokers are there and all replicas in sync} */
    List<String> defects(int brokers, int replicas) {
        List<String> defects = new ArrayList<>();
        if (registered().size() < brokers) {
            defects.add("only brokers " + registered() + " are registered");
        }
        for (String topic : tree.children(ClusterPaths.TOPICS)) {
            for (String partition : tree.children(ClusterPaths.partitions(topic))) {
                PartitionStateNode state = state(new TopicPartition(topic, Integer.parseInt(partition)));
                if (state == null || state.leader() < 0 || state.isr().size() < replicas) {
                    defects.add(topic + "-" + partition + " " + state);
                }
            }
        }
        return defects;
    }
}
