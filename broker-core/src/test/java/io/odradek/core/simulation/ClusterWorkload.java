package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The clients of a run, and whether they get on. */
final class ClusterWorkload {
    /** How many replicas each partition has. */
    static final int REPLICAS = Integer.getInteger("sim.replicas", 3);

    private static final String OFFSETS = "__consumer_offsets";
    private static final String TRANSACTION_STATE = "__transaction_state";
    private static final String STEADY = "steady";
    private static final String SMALL = "small";
    private static final String CHURN = "churn";
    private static final int MOST_CHURN_PARTITIONS = 3;
    private static final List<TopicPartition> LASTING =
            List.of(new TopicPartition(STEADY, 0), new TopicPartition(STEADY, 1), new TopicPartition(SMALL, 0));

    private final ClusterClients clients = new ClusterClients();
    private final List<ClusterProducer> producers = new ArrayList<>();
    private final List<ClusterConsumer> consumers = new ArrayList<>();
    private final List<ClusterGroupMember> members = new ArrayList<>();
    private final TransactionalWorkload transactional;
    private final ClusterAdmin admin;
    private final Map<String, Long> before = new TreeMap<>();

    /** @param transactions whether there are clients with transactions among them */
    ClusterWorkload(ClusterWorld cluster, boolean transactions) {
        List<ClusterAdmin.Wanted> wanted = new ArrayList<>(List.of(
                new ClusterAdmin.Wanted(STEADY, 2, Map.of("min.insync.replicas", "2")),
                new ClusterAdmin.Wanted(
                        SMALL, 1, Map.of("segment.bytes", "1500", "min.insync.replicas", "2", "retention.ms", "-1"))));
        if (transactions) {
            wanted.addAll(TransactionalWorkload.TOPICS);
        }
        admin = new ClusterAdmin(
                cluster,
                clients,
                wanted,
                new ClusterAdmin.Wanted(CHURN, 1, Map.of("file.delete.delay.ms", "1000")),
                MOST_CHURN_PARTITIONS,
                REPLICAS);
        clients.all().add(admin);
        for (int i = 0; i < 2; i++) {
            producers.add(new ClusterProducer("producer-" + i, cluster, clients, LASTING));
            consumers.add(new ClusterConsumer("consumer-" + i, cluster, clients, List.of(STEADY, SMALL, CHURN)));
            members.add(new ClusterGroupMember("member-" + i, "group", cluster, clients, LASTING));
        }
        clients.all().addAll(producers);
        clients.all().addAll(consumers);
        clients.all().addAll(members);
        clients.all().add(new ClusterWriter("writer", cluster, clients, List.of(STEADY, SMALL, CHURN), CHURN));
        transactional = transactions ? new TransactionalWorkload(cluster, clients, LASTING) : null;
    }

    ClusterClients clients() {
        return clients;
    }

    /** {@return all partitions that there may be} */
    List<TopicPartition> partitions() {
        List<TopicPartition> all = new ArrayList<>(lastingPartitions());
        for (int i = 0; i < MOST_CHURN_PARTITIONS; i++) {
            all.add(new TopicPartition(CHURN, i));
        }
        return all;
    }

    /** {@return the partitions of topics that are never deleted} */
    List<TopicPartition> lastingPartitions() {
        List<TopicPartition> all = new ArrayList<>(LASTING);
        all.add(new TopicPartition(OFFSETS, 0));
        if (transactional != null) {
            all.addAll(TransactionalWorkload.partitions());
            all.add(new TopicPartition(TRANSACTION_STATE, 0));
        }
        return all;
    }

    /** {@return whether the records of a partition are the numbers of clients} */
    static boolean carriesNumbers(TopicPartition id) {
        return !id.topic().startsWith("__");
    }

    void checkAgainst(ClusterInvariants invariants) {
        clients.records().committedBy(invariants::committedEnd);
    }

    /** Lets the leaders be elected that the assignment of replicas prefers. */
    void electPreferredLeaders(int controller) {
        admin.electPreferredLeaders(controller);
    }

    /** Lets replicas be moved, or only be brought back to all brokers. */
    void moves(boolean allowed) {
        admin.moves(allowed);
    }

    void begin() {
        clients.all().forEach(ClusterClient::pause);
    }

    /** Lets nobody write any more, or all of them again. */
    void hold(boolean held) {
        clients.hold(held);
    }

    void throwFailure() {
        clients.throwFailure();
    }

    List<String> unready() {
        return admin.isReady() ? List.of() : List.of("the admin has not created its topics");
    }

    private Map<String, Long> written() {
        Map<String, Long> written = new TreeMap<>();
        for (ClusterProducer producer : producers) {
            LASTING.forEach(id -> written.put(producer + " in " + id, producer.acknowledged(id)));
        }
        return written;
    }

    private Map<String, Long> progress() {
        Map<String, Long> progress = written();
        consumers.forEach(consumer -> progress.put(consumer.toString(), consumer.read()));
        progress.put(
                "the members",
                members.stream().mapToLong(ClusterGroupMember::commits).sum());
        if (transactional != null) {
            progress.putAll(transactional.progress());
        }
        return progress;
    }

    /** From now on everybody has to get on. */
    void expectProgress() {
        before.clear();
        before.putAll(progress());
    }

    private List<String> stuck(Map<String, Long> now) {
        List<String> stuck = new ArrayList<>();
        now.forEach((who, count) -> {
            if (count <= before.getOrDefault(who, 0L)) {
                stuck.add("no progress of " + who);
            }
        });
        return stuck;
    }

    /** {@return where nobody's records were acknowledged by all since} */
    List<String> writersStuck() {
        return stuck(written());
    }

    /** {@return who has not got on since} */
    List<String> noProgress() {
        List<String> stuck = stuck(progress());
        if (!admin.isSettled()) {
            stuck.add("the admin waits for a topic to be created, deleted or moved");
        }
        return stuck;
    }

    /** {@return what clients have begun and not ended} */
    List<String> openTransactions() {
        return transactional == null ? List.of() : transactional.open();
    }

    /** {@return how many answers all clients have got} */
    long answers() {
        return clients.all().stream().mapToLong(ClusterClient::answers).sum();
    }
}
