package io.odradek.core.metadata;

import io.odradek.protocol.wire.Uuid;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What this broker knows of the cluster: immutable, replaced as a whole, read on any thread.
 *
 * @param clusterId the cluster's identifier
 * @param controllerId broker id of the controller, -1 if unknown
 * @param brokers the live brokers by id
 * @param topics the topics by name
 * @param topicNames the topics' names by identifier
 */
public record MetadataImage(
        String clusterId,
        int controllerId,
        SortedMap<Integer, BrokerInfo> brokers,
        SortedMap<String, TopicInfo> topics,
        Map<Uuid, String> topicNames) {

    /**
     * A live broker.
     *
     * @param id its broker id
     * @param rack its rack, or null
     * @param endpoints where it listens, by listener name
     */
    public record BrokerInfo(int id, String rack, SortedMap<String, Endpoint> endpoints) {}

    /**
     * Where a broker listens.
     *
     * @param host the advertised host
     * @param port the advertised port
     */
    public record Endpoint(String host, int port) {
        /** {@return {@code host:port}, with an IPv6 address in brackets, as clients take it for {@code bootstrap.servers}} */
        public String hostAndPort() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    /**
     * A topic.
     *
     * @param name its name
     * @param id its identifier
     * @param partitions its partitions, by index
     * @param config what overrides the broker's defaults, by Kafka's names, on the broker that governs; others know none, as
     *     brokers are not told: whoever needs it there reads it in the tree
     */
    public record TopicInfo(String name, Uuid id, List<PartitionInfo> partitions, Map<String, String> config) {}

    /**
     * A partition.
     *
     * @param leader broker id, -1 for none
     * @param leaderEpoch the leader's epoch
     * @param replicas broker ids, the preferred leader first
     * @param isr broker ids in sync
     * @param failed broker ids of replicas that are offline though their brokers live, because of a failed disk
     */
    public record PartitionInfo(
            int leader, int leaderEpoch, List<Integer> replicas, List<Integer> isr, List<Integer> failed) {
        /** A partition without replicas on failed disks. */
        public PartitionInfo(int leader, int leaderEpoch, List<Integer> replicas, List<Integer> isr) {
            this(leader, leaderEpoch, replicas, isr, List.of());
        }
    }

    /** {@return this image with other overrides of topics; those that it does not have are passed over} */
    public MetadataImage withTopicConfigs(SortedMap<String, ? extends Map<String, String>> configs) {
        SortedMap<String, TopicInfo> changed = new TreeMap<>(topics);
        configs.forEach((topic, config) -> changed.computeIfPresent(
                topic, (name, before) -> new TopicInfo(name, before.id(), before.partitions(), config)));
        return new MetadataImage(clusterId, controllerId, brokers, changed, topicNames);
    }
}
