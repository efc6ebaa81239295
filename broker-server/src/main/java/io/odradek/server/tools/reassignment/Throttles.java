package io.odradek.server.tools.reassignment;

import io.odradek.server.tools.Answers;
import io.odradek.server.tools.Brokers;
import io.odradek.server.tools.ToolException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.ConfigResource.Type;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The settings of brokers and topics that hold up copying (KIP-73, KIP-113): set when moves begin, cleared when they have ended. */
record Throttles(Admin admin, Report report) {
    private static final String LEADERS_RATE = "leader.replication.throttled.rate";
    private static final String FOLLOWERS_RATE = "follower.replication.throttled.rate";
    private static final String FOLDERS_RATE = "replica.alter.log.dirs.io.max.bytes.per.second";
    private static final String LEADERS_REPLICAS = "leader.replication.throttled.replicas";
    private static final String FOLLOWERS_REPLICAS = "follower.replication.throttled.replicas";

    /** Holds up the copying of moves between brokers, and nothing else of their topics. */
    void set(SortedMap<TopicPartition, PartitionMove> moves, long bytesPerSecond) throws Exception {
        Map<String, String> sources = replicas(moves, PartitionMove::sources);
        Map<String, String> destinations = replicas(moves, PartitionMove::destinations);
        Map<ConfigResource, Collection<AlterConfigOp>> topics = new LinkedHashMap<>();
        sources.forEach((topic, replicas) -> topics.put(
                new ConfigResource(Type.TOPIC, topic),
                List.of(set(LEADERS_REPLICAS, replicas), set(FOLLOWERS_REPLICAS, destinations.get(topic)))));
        alter(topics);
        SortedSet<Integer> brokers = new TreeSet<>();
        moves.values().forEach(move -> {
            brokers.addAll(move.sources());
            brokers.addAll(move.destinations());
        });
        String rate = Long.toString(bytesPerSecond);
        ofBrokers(brokers, List.of(set(LEADERS_RATE, rate), set(FOLLOWERS_RATE, rate)));
        report.text("The inter-broker throttle limit was set to " + rate + " B/s");
        report.object("type", "throttle", "of", "brokers", "brokers", brokers, "bytesPerSecond", bytesPerSecond);
    }

    /** Holds up the copying between log folders of brokers. */
    void setOfFolders(SortedSet<Integer> brokers, long bytesPerSecond) throws Exception {
        ofBrokers(brokers, List.of(set(FOLDERS_RATE, Long.toString(bytesPerSecond))));
        report.text("The replica-alter-dir throttle limit was set to " + bytesPerSecond + " B/s");
        report.object("type", "throttle", "of", "folders", "brokers", brokers, "bytesPerSecond", bytesPerSecond);
    }

    /** Holds up nothing more, on all brokers, and of the topics of moves. @param moved where their partitions were to be */
    void clear(Map<TopicPartition, List<Integer>> moved) throws Exception {
        Set<Integer> up = Brokers.known(admin).keySet();
        SortedSet<Integer> brokers = new TreeSet<>(up);
        SortedSet<String> topics = new TreeSet<>();
        moved.forEach((partition, replicas) -> {
            brokers.addAll(replicas);
            topics.add(partition.topic());
        });
        report.text("Clearing broker-level throttles on broker" + plural(brokers) + " " + Brokers.text(brokers));
        // A broker's settings are changed by itself: one that is down is left out, as its client would wait for it.
        ofBrokers(up, List.of(unset(LEADERS_RATE), unset(FOLLOWERS_RATE), unset(FOLDERS_RATE)));
        report.text("Clearing topic-level throttles on topic" + plural(topics) + " " + String.join(",", topics));
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new LinkedHashMap<>();
        topics.forEach(topic -> changes.put(
                new ConfigResource(Type.TOPIC, topic), List.of(unset(LEADERS_REPLICAS), unset(FOLLOWERS_REPLICAS))));
        alter(changes);
        report.object("type", "throttlesCleared", "brokers", brokers, "topics", topics);
    }

    /** {@return for each topic the replicas of its moves, as its settings name them: {@code 0:1,0:2,1:2}} */
    static Map<String, String> replicas(
            SortedMap<TopicPartition, PartitionMove> moves, Function<PartitionMove, SortedSet<Integer>> which) {
        Map<String, List<String>> named = new TreeMap<>();
        moves.forEach((partition, move) -> {
            List<String> ofTopic = named.computeIfAbsent(partition.topic(), topic -> new ArrayList<>());
            which.apply(move).forEach(broker -> ofTopic.add(partition.partition() + ":" + broker));
        });
        Map<String, String> replicas = new TreeMap<>();
        // In the order of text, as Kafka's tool has it.
        named.forEach((topic, ofTopic) ->
                replicas.put(topic, String.join(",", ofTopic.stream().sorted().toList())));
        return replicas;
    }

    private void ofBrokers(Collection<Integer> brokers, List<AlterConfigOp> changes) throws Exception {
        Map<ConfigResource, Collection<AlterConfigOp>> all = new LinkedHashMap<>();
        brokers.forEach(broker -> all.put(new ConfigResource(Type.BROKER, Integer.toString(broker)), changes));
        alter(all);
    }

    private void alter(Map<ConfigResource, Collection<AlterConfigOp>> changes) throws Exception {
        for (var each : admin.incrementalAlterConfigs(changes).values().entrySet()) {
            try {
                Answers.of(each.getValue());
            } catch (UnknownTopicOrPartitionException gone) {
                throw new ToolException("There is no topic " + each.getKey().name(), gone);
            }
        }
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), OpType.SET);
    }

    private static AlterConfigOp unset(String name) {
        return new AlterConfigOp(new ConfigEntry(name, null), OpType.DELETE);
    }

    private static String plural(Collection<?> many) {
        return many.size() == 1 ? "" : "s";
    }
}
