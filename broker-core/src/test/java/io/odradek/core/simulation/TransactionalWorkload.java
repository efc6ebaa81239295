package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The clients of a run that write in transactions, and those that read what is committed. */
final class TransactionalWorkload {
    private static final String ORDERS = "orders";
    private static final String COPIES = "copies";
    private static final List<TopicPartition> INPUTS =
            List.of(new TopicPartition(ORDERS, 0), new TopicPartition(ORDERS, 1));
    private static final List<TopicPartition> OUTPUTS =
            List.of(new TopicPartition(COPIES, 0), new TopicPartition(COPIES, 1));

    /** What they need. */
    static final List<ClusterAdmin.Wanted> TOPICS = List.of(
            new ClusterAdmin.Wanted(ORDERS, 2, Map.of("min.insync.replicas", "2", "segment.bytes", "4000")),
            new ClusterAdmin.Wanted(COPIES, 2, Map.of("min.insync.replicas", "2")));

    private final ClusterClients clients;
    private final List<TransactionalClient> writers = new ArrayList<>();
    private final List<CopyLoop> copiers = new ArrayList<>();
    private final CommittedReader reader;

    /** @param shared partitions that others write to as well */
    TransactionalWorkload(ClusterWorld cluster, ClusterClients clients, List<TopicPartition> shared) {
        this.clients = clients;
        List<TopicPartition> written = new ArrayList<>(INPUTS);
        written.add(shared.get(0));
        // Two of one id, who fence each other.
        for (String name : List.of("writer-a", "writer-b")) {
            writers.add(new TransactionalProducer(name, "writer", cluster, clients, written));
        }
        for (String name : List.of("copier-0", "copier-1")) {
            copiers.add(new CopyLoop(name, "copiers", cluster, clients, INPUTS, OUTPUTS));
        }
        List<TopicPartition> read = new ArrayList<>(written);
        read.addAll(OUTPUTS);
        reader = new CommittedReader("reader", cluster, clients, read);
        writers.addAll(copiers);
        clients.all().addAll(writers);
        clients.all().add(reader);
    }

    /** {@return the partitions of their own topics} */
    static List<TopicPartition> partitions() {
        List<TopicPartition> all = new ArrayList<>(INPUTS);
        all.addAll(OUTPUTS);
        return all;
    }

    /** {@return who has to get on, and how far they have come} */
    Map<String, Long> progress() {
        Map<String, Long> progress = new TreeMap<>();
        progress.put("the transactions", clients.transactions().committed());
        progress.put("the copiers", copiers.stream().mapToLong(CopyLoop::copied).sum());
        progress.put(reader.toString(), reader.read());
        return progress;
    }

    /** {@return who has a transaction in hand} */
    List<String> open() {
        List<String> open = new ArrayList<>();
        writers.stream()
                .filter(writer -> !writer.isAtRest())
                .forEach(writer -> open.add(writer + " has not ended " + writer.transaction()));
        return open;
    }
}
