package io.odradek.benchmarks;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Waits until a cluster has all its brokers, creates a topic with a replica on each of them, unless it is there, and waits
 * until every replica is in sync and has as many bytes as its leader. Prints the milliseconds that the last took.
 */
public final class ReplicatedTopic {
    private static final long PATIENCE_NS = 180_000_000_000L;
    private static final long PAUSE_MS = 50;

    private final Admin admin;
    private final String topic;
    private final int partitions;
    private final int brokers;

    private ReplicatedTopic(Admin admin, String topic, int partitions, int brokers) {
        this.admin = admin;
        this.topic = topic;
        this.partitions = partitions;
        this.brokers = brokers;
    }

    /** Arguments: {@code host:port,... topic partitions brokers minInsyncReplicas}. */
    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.<String, Object>of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                arguments[0],
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                10_000))) {
            ReplicatedTopic replicated = new ReplicatedTopic(
                    admin, arguments[1], Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
            replicated.awaitThat("all brokers are there", replicated::hasAllBrokers);
            replicated.create(arguments[4]);
            long start = System.nanoTime();
            replicated.awaitThat("all replicas are equal", replicated::isEqualEverywhere);
            System.out.println((System.nanoTime() - start) / 1_000_000);
        }
    }

    private interface Condition {
        boolean holds() throws InterruptedException, ExecutionException;
    }

    private void awaitThat(String what, Condition condition) throws InterruptedException {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        String why = "";
        while (System.nanoTime() < deadlineNs) {
            try {
                if (condition.holds()) {
                    return;
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof KafkaException)) {
                    throw new IllegalStateException(e);
                }
                why = ": " + e.getCause();
            }
            Thread.sleep(PAUSE_MS);
        }
        throw new IllegalStateException("It did not come true that " + what + why);
    }

    private boolean hasAllBrokers() throws InterruptedException, ExecutionException {
        return admin.describeCluster().nodes().get().size() == brokers;
    }

    private void create(String minInsyncReplicas) throws InterruptedException, ExecutionException {
        try {
            NewTopic wanted = new NewTopic(topic, partitions, (short) brokers)
                    .configs(Map.of("min.insync.replicas", minInsyncReplicas));
            admin.createTopics(List.of(wanted)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private boolean isEqualEverywhere() throws InterruptedException, ExecutionException {
        List<TopicPartitionInfo> described = admin.describeTopics(List.of(topic))
                .topicNameValues()
                .get(topic)
                .get()
                .partitions();
        for (TopicPartitionInfo partition : described) {
            Node leader = partition.leader();
            if (leader == null || leader.isEmpty() || partition.isr().size() < brokers) {
                return false;
            }
        }
        return described.size() == partitions && sizes().size() == partitions;
    }

    /** {@return each different pair of a partition and the size of one of its replicas} */
    private Set<String> sizes() throws InterruptedException, ExecutionException {
        List<Integer> ids =
                admin.describeCluster().nodes().get().stream().map(Node::id).toList();
        Set<String> sizes = new HashSet<>();
        for (Map<String, LogDirDescription> folders :
                admin.describeLogDirs(ids).allDescriptions().get().values()) {
            for (LogDirDescription folder : folders.values()) {
                folder.replicaInfos().forEach((partition, replica) -> add(sizes, partition.toString(), replica));
            }
        }
        return sizes;
    }

    private void add(Set<String> sizes, String partition, ReplicaInfo replica) {
        if (partition.substring(0, partition.lastIndexOf('-')).equals(topic)) {
            sizes.add(partition + "=" + replica.size());
        }
    }
}
