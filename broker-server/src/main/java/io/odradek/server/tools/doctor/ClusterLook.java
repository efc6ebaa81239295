package io.odradek.server.tools.doctor;

import io.odradek.server.tools.Answers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Looks at topics: partitions without a leader or short of replicas, and replication that cannot do what it is for. */
record ClusterLook(Admin admin, Consumer<Finding> found) {
    private static final int NAMED_AT_MOST = 5;
    private static final int SETTINGS_OF_AT_ONCE = 500;
    private static final String MIN_ISR = "min.insync.replicas";

    void look() throws Exception {
        int brokers = Answers.of(admin.describeCluster().nodes()).size();
        Set<String> names = Answers.of(
                admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
        Map<String, TopicDescription> topics =
                there(admin.describeTopics(new TreeSet<>(names)).topicNameValues());
        Map<TopicPartition, PartitionReassignment> moves = moves();
        List<String> offline = new ArrayList<>();
        List<String> behind = new ArrayList<>();
        List<String> alone = new ArrayList<>();
        for (TopicDescription topic : topics.values()) {
            for (TopicPartitionInfo each : topic.partitions()) {
                String name = topic.name() + "-" + each.partition();
                if (each.leader() == null || each.leader().isEmpty()) {
                    offline.add(name);
                } else if (each.isr().size()
                        < each.replicas().size()
                                - adding(moves.get(new TopicPartition(topic.name(), each.partition())))) {
                    behind.add(name);
                }
            }
            if (topic.isInternal() && brokers > 1 && replication(topic) == 1) {
                alone.add(topic.name());
            }
        }
        report(
                "leaders",
                offline,
                "every partition has one",
                names(offline) + " can be neither written nor read",
                Finding.Level.FAIL,
                "Start the brokers that have their replicas (broker-topics.sh --describe --unavailable-partitions)");
        report(
                "replicas",
                behind,
                "all are in sync",
                names(behind) + " have replicas that are not in sync",
                Finding.Level.WARN,
                "Start the brokers that are missing (broker-topics.sh --describe --under-replicated-partitions)");
        report(
                "internal topics",
                alone,
                "as safe as the cluster allows",
                names(alone) + " have one replica in a cluster of " + brokers,
                Finding.Level.WARN,
                "Groups and transactions stop with one broker: give them more replicas"
                        + " (broker-reassign-partitions.sh)");
        lookAtMinIsr(topics, brokers);
    }

    private void lookAtMinIsr(Map<String, TopicDescription> topics, int brokers) throws Exception {
        List<ConfigResource> resources = topics.keySet().stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        List<String> never = new ArrayList<>();
        for (int from = 0; from < resources.size(); from += SETTINGS_OF_AT_ONCE) {
            List<ConfigResource> asked =
                    resources.subList(from, Math.min(resources.size(), from + SETTINGS_OF_AT_ONCE));
            Map<ConfigResource, Config> settings =
                    there(admin.describeConfigs(asked).values());
            settings.forEach((topic, config) -> {
                int least = Integer.parseInt(config.get(MIN_ISR).value());
                int most = replication(topics.get(topic.name()));
                if (least > Math.min(most, brokers)) {
                    never.add(topic.name() + " (" + least + " of " + most + " replicas, " + brokers + " brokers)");
                }
            });
        }
        report(
                MIN_ISR,
                never,
                "every topic can have as many",
                names(never) + " can never be written with acks=all",
                Finding.Level.FAIL,
                "Lower it (broker-configs.sh --alter --topic TOPIC --add-config " + MIN_ISR
                        + "=1), or add replicas and brokers");
    }

    /** {@return what is known of those that nobody has deleted in the meantime} */
    private static <K, V> Map<K, V> there(Map<K, KafkaFuture<V>> asked) throws Exception {
        Map<K, V> there = new LinkedHashMap<>();
        for (Map.Entry<K, KafkaFuture<V>> each : asked.entrySet()) {
            try {
                there.put(each.getKey(), Answers.of(each.getValue()));
            } catch (UnknownTopicOrPartitionException deleted) {
                // Then there is nothing to be found about it.
            }
        }
        return there;
    }

    /** Replicas on their way to a broker are not in sync for good reason. Brokers that do not tell are taken not to move any. */
    private Map<TopicPartition, PartitionReassignment> moves() throws Exception {
        try {
            return Answers.of(admin.listPartitionReassignments().reassignments());
        } catch (UnsupportedVersionException | ClusterAuthorizationException untold) {
            return Map.of();
        }
    }

    private static int adding(PartitionReassignment move) {
        return move == null ? 0 : move.addingReplicas().size();
    }

    private void report(String about, List<String> bad, String good, String what, Finding.Level level, String advice) {
        found.accept(bad.isEmpty() ? Finding.ok(about, good) : new Finding(level, about, what, advice));
    }

    private static int replication(TopicDescription topic) {
        return topic.partitions().stream()
                .mapToInt(each -> each.replicas().size())
                .min()
                .orElse(0);
    }

    /** {@return the first of them, and how many more there are} */
    static String names(List<String> all) {
        String first = String.join(", ", all.subList(0, Math.min(NAMED_AT_MOST, all.size())));
        return all.size() <= NAMED_AT_MOST ? first : first + " and " + (all.size() - NAMED_AT_MOST) + " more";
    }
}
