package io.odradek.server.tools.topics;

import static io.odradek.server.tools.Answers.of;

import io.odradek.server.tools.ToolException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TopicDescription;

/** Gives topics more partitions; says nothing. */
record TopicGrowth(Admin admin) {
    /**
     * Grows them.
     *
     * @param topics their names
     * @param partitions how many they are to have
     * @param replicaAssignment the brokers of all of them, those there are included; null to leave that to the broker
     */
    void grow(List<String> topics, int partitions, String replicaAssignment) throws Exception {
        if (topics.isEmpty()) {
            return;
        }
        Map<String, NewPartitions> grown = new TreeMap<>();
        if (replicaAssignment == null) {
            topics.forEach(topic -> grown.put(topic, NewPartitions.increaseTo(partitions)));
        } else {
            Map<String, TopicDescription> known =
                    of(admin.describeTopics(topics).allTopicNames());
            List<List<Integer>> assigned = ReplicaAssignment.parse(replicaAssignment);
            for (String topic : topics) {
                int there = known.get(topic).partitions().size();
                if (assigned.size() < there) {
                    throw new ToolException("Topic " + topic + " has " + there
                            + " partitions, and --replica-assignment names brokers for " + assigned.size() + " only");
                }
                grown.put(topic, NewPartitions.increaseTo(partitions, assigned.subList(there, assigned.size())));
            }
        }
        of(admin.createPartitions(grown, new CreatePartitionsOptions().retryOnQuotaViolation(false))
                .all());
    }
}
