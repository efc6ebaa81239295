package io.odradek.server.tools.topics;

import static io.odradek.server.tools.Answers.of;

import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Gathers what is known of topics, and tells of those, and of their partitions, that are asked for. */
record TopicDescriber(Admin admin, PartitionFilter filter, int partitionsPerAnswer) {
    /** As with Kafka's own tool. */
    static final int PARTITIONS_PER_ANSWER = 2000;

    /** They are many, and all of them are in memory at once. */
    private static final int SETTINGS_OF_AT_ONCE = 500;

    private static final String MIN_ISR = "min.insync.replicas";

    /**
     * Describes topics, in the order of their names.
     *
     * @param names those asked for, if no id was given
     * @param id the one asked for; null if names were
     * @param ifExists whether there may be none
     */
    void print(TopicNames names, String id, boolean ifExists, TopicReport report) throws Exception {
        List<TopicDescription> topics = id == null ? named(names.required(ifExists)) : identified(id, ifExists);
        if (topics.isEmpty()) {
            return;
        }
        Set<Integer> liveBrokers = filter.unavailable()
                ? of(admin.describeCluster().nodes()).stream().map(Node::id).collect(Collectors.toSet())
                : Set.of();
        Map<TopicPartition, PartitionReassignment> moves = moves(topics);
        for (int from = 0; from < topics.size(); from += SETTINGS_OF_AT_ONCE) {
            int to = Math.min(topics.size(), from + SETTINGS_OF_AT_ONCE);
            print(topics.subList(from, to), moves, liveBrokers, report);
        }
    }

    private void print(
            List<TopicDescription> topics,
            Map<TopicPartition, PartitionReassignment> moves,
            Set<Integer> liveBrokers,
            TopicReport report)
            throws Exception {
        Map<ConfigResource, KafkaFuture<Config>> settings = admin.describeConfigs(
                        topics.stream().map(TopicDescriber::resource).toList())
                .values();
        for (TopicDescription topic : topics) {
            Config config = of(settings.get(resource(topic)));
            List<TopicPartitionInfo> partitions = new ArrayList<>(topic.partitions());
            partitions.sort(Comparator.comparingInt(TopicPartitionInfo::partition));
            List<ConfigEntry> own = config.entries().stream()
                    .filter(entry -> !entry.isDefault())
                    .toList();
            if (filter.showsTopic(!own.isEmpty())) {
                report.topic(topic, replicas(partitions, topic, moves), own);
            }
            int minIsr = Integer.parseInt(config.get(MIN_ISR).value());
            for (TopicPartitionInfo partition : partitions) {
                PartitionReassignment move = moves.get(new TopicPartition(topic.name(), partition.partition()));
                if (filter.shows(partition, adding(move), minIsr, liveBrokers)) {
                    report.partition(topic, partition, move);
                }
            }
        }
    }

    private List<TopicDescription> named(List<String> names) throws Exception {
        if (names.isEmpty()) {
            return List.of();
        }
        DescribeTopicsOptions options = new DescribeTopicsOptions().partitionSizeLimitPerResponse(partitionsPerAnswer);
        return of(admin.describeTopics(names, options).allTopicNames()).values().stream()
                .sorted(Comparator.comparing(TopicDescription::name))
                .toList();
    }

    private List<TopicDescription> identified(String id, boolean ifExists) throws Exception {
        Uuid uuid;
        try {
            uuid = Uuid.fromString(id);
        } catch (IllegalArgumentException wrong) {
            throw new UsageException("\"" + id + "\" is no topic's id, which is 22 characters long");
        }
        try {
            return List.copyOf(of(admin.describeTopics(TopicCollection.ofTopicIds(List.of(uuid)))
                            .allTopicIds())
                    .values());
        } catch (UnknownTopicIdException | UnknownTopicOrPartitionException unknown) {
            if (ifExists) {
                return List.of();
            }
            throw new ToolException("TopicId '" + id + "' does not exist as expected", unknown);
        }
    }

    /** {@return where partitions are on their way to}; brokers that do not tell, or not us, are taken not to move any. */
    private Map<TopicPartition, PartitionReassignment> moves(List<TopicDescription> topics) throws Exception {
        Set<TopicPartition> partitions =
                new TreeSet<>(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
        for (TopicDescription topic : topics) {
            topic.partitions().forEach(each -> partitions.add(new TopicPartition(topic.name(), each.partition())));
        }
        try {
            return of(admin.listPartitionReassignments(partitions).reassignments());
        } catch (UnsupportedVersionException | ClusterAuthorizationException untold) {
            return Map.of();
        }
    }

    private static int replicas(
            List<TopicPartitionInfo> partitions,
            TopicDescription topic,
            Map<TopicPartition, PartitionReassignment> moves) {
        TopicPartitionInfo first = partitions.get(0);
        return first.replicas().size() - adding(moves.get(new TopicPartition(topic.name(), first.partition())));
    }

    private static int adding(PartitionReassignment move) {
        return move == null ? 0 : move.addingReplicas().size();
    }

    private static ConfigResource resource(TopicDescription topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }
}
