package io.odradek.server.cluster;

import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a cluster is made up.
 *
 * @param brokers how many
 * @param zooKeepers how many ZooKeeper servers: one alone, or an ensemble
 * @param settings what every broker is told, by Kafka's names
 */
record ClusterShape(int brokers, int zooKeepers, SortedMap<String, String> settings) {
    /** How long a broker may be silent before ZooKeeper gives it up. */
    static final Duration SESSION = Duration.ofSeconds(4);

    /**
     * Three brokers with three replicas of everything, two of which must have a record. They notice faults in seconds, and
     * throw nothing away that is to be compared in the end.
     */
    static ClusterShape ofThree(int zooKeepers) {
        return new ClusterShape(
                3,
                zooKeepers,
                new TreeMap<>(Map.ofEntries(
                        Map.entry("auto.create.topics.enable", "false"),
                        Map.entry("default.replication.factor", "3"),
                        Map.entry("min.insync.replicas", "2"),
                        Map.entry("unclean.leader.election.enable", "false"),
                        Map.entry("offsets.topic.replication.factor", "3"),
                        Map.entry("offsets.topic.num.partitions", "3"),
                        Map.entry("zookeeper.session.timeout.ms", Long.toString(SESSION.toMillis())),
                        Map.entry("zookeeper.connection.timeout.ms", "30000"),
                        Map.entry("replica.lag.time.max.ms", "4000"),
                        Map.entry("replica.socket.timeout.ms", "5000"),
                        Map.entry("controller.socket.timeout.ms", "5000"),
                        Map.entry("leader.imbalance.check.interval.seconds", "5"),
                        Map.entry("log.segment.bytes", "1048576"),
                        Map.entry("log.cleaner.enable", "false"),
                        Map.entry("group.initial.rebalance.delay.ms", "0"),
                        Map.entry("num.network.threads", "2"),
                        Map.entry("num.io.threads", "2"))));
    }

    /** The same with a setting more. */
    ClusterShape with(String name, String value) {
        TreeMap<String, String> more = new TreeMap<>(settings);
        more.put(name, value);
        return new ClusterShape(brokers, zooKeepers, more);
    }
}
