package io.odradek.server.tools.topics;

import static io.odradek.server.tools.Answers.of;

import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.UsageException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.internals.Topic;

/** Creates a topic, and says so in Kafka's words. */
record TopicCreation(Admin admin, Terminal terminal) {
    void create(
            String name,
            Integer partitions,
            Integer replicationFactor,
            String replicaAssignment,
            List<String> settings,
            boolean ifNotExists)
            throws Exception {
        UsageException.when(partitions != null && partitions < 1, "The number of --partitions must be at least 1");
        UsageException.when(
                replicationFactor != null && (replicationFactor < 1 || replicationFactor > Short.MAX_VALUE),
                "The --replication-factor must be at least 1, and at most " + Short.MAX_VALUE);
        NewTopic topic = replicaAssignment == null
                ? new NewTopic(
                        name,
                        Optional.ofNullable(partitions),
                        Optional.ofNullable(replicationFactor).map(Integer::shortValue))
                : new NewTopic(name, assignment(replicaAssignment));
        topic.configs(settings(settings));
        if (Topic.hasCollisionChars(name)) {
            terminal.line(
                    "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could"
                            + " collide. To avoid issues it is best to use either, but not both.");
        }
        try {
            of(admin.createTopics(List.of(topic), new CreateTopicsOptions().retryOnQuotaViolation(false))
                    .all());
            terminal.line("Created topic " + name + ".");
        } catch (TopicExistsException exists) {
            if (!ifNotExists) {
                throw exists;
            }
        }
    }

    private static Map<Integer, List<Integer>> assignment(String given) {
        Map<Integer, List<Integer>> assignment = new TreeMap<>();
        for (List<Integer> brokers : ReplicaAssignment.parse(given)) {
            assignment.put(assignment.size(), brokers);
        }
        return assignment;
    }

    private static Map<String, String> settings(List<String> given) {
        Map<String, String> settings = new HashMap<>();
        for (String each : given) {
            int equals = each.indexOf('=');
            UsageException.when(equals < 1, "\"" + each + "\" is not KEY=VALUE");
            settings.put(
                    each.substring(0, equals).strip(),
                    each.substring(equals + 1).strip());
        }
        return settings;
    }
}
