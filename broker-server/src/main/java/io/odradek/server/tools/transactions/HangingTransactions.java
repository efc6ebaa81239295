package io.odradek.server.tools.transactions;

import io.odradek.server.tools.Answers;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.TopicPartitions;
import io.odradek.server.tools.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.DescribeTransactionsResult;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;

/**
 * Finds transactions that are open on a partition for longer than any may be, and that no coordinator will end: it knows no
 * producer of that id, or none that writes to the partition.
 */
record HangingTransactions(Admin admin, long longestMs) {
    /** More partitions are asked about in several requests. */
    private static final int PARTITIONS_PER_QUESTION = 500;

    /** {@return the partitions of a topic, or of all, in order} @param brokerId only those with a replica there; or null */
    Set<TopicPartition> partitions(String topic, Integer brokerId) throws Exception {
        Collection<String> topics = topic != null
                ? List.of(topic)
                : Answers.of(admin.listTopics(new ListTopicsOptions().listInternal(true))
                        .names());
        Set<TopicPartition> partitions = new TreeSet<>(TopicPartitions.IN_ORDER);
        Topics.described(admin, topics)
                .forEach((name, described) -> described.partitions().stream()
                        .filter(each -> brokerId == null
                                || each.replicas().stream().anyMatch(replica -> replica.id() == brokerId))
                        .forEach(each -> partitions.add(new TopicPartition(name, each.partition()))));
        return partitions;
    }

    /** Shows the hanging transactions of partitions. @param brokerId whose replicas are asked; null for the leaders */
    void print(Set<TopicPartition> partitions, Integer brokerId, Terminal terminal, boolean json) throws Exception {
        Rows rows = new Rows(
                terminal,
                json,
                "Topic",
                "Partition",
                "ProducerId",
                "ProducerEpoch",
                "CoordinatorEpoch",
                "StartOffset",
                "LastTimestamp",
                "Duration(min)");
        for (OpenTransaction each : hanging(openForTooLong(partitions, brokerId))) {
            rows.row(
                    each.partition().topic(),
                    each.partition().partition(),
                    each.producer().producerId(),
                    each.producer().producerEpoch(),
                    each.producer().coordinatorEpoch().orElse(-1),
                    each.producer().currentTransactionStartOffset().orElse(-1),
                    each.producer().lastTimestamp(),
                    TimeUnit.MILLISECONDS.toMinutes(
                            System.currentTimeMillis() - each.producer().lastTimestamp()));
        }
        rows.print();
    }

    private List<OpenTransaction> openForTooLong(Set<TopicPartition> partitions, Integer brokerId) throws Exception {
        List<OpenTransaction> open = new ArrayList<>();
        List<TopicPartition> all = List.copyOf(partitions);
        for (int from = 0; from < all.size(); from += PARTITIONS_PER_QUESTION) {
            List<TopicPartition> some = all.subList(from, Math.min(all.size(), from + PARTITIONS_PER_QUESTION));
            Map<TopicPartition, PartitionProducerState> answer = new TreeMap<>(TopicPartitions.IN_ORDER);
            answer.putAll(Answers.of(
                    admin.describeProducers(some, Producers.options(brokerId)).all()));
            long now = System.currentTimeMillis();
            answer.forEach((partition, producers) -> producers.activeProducers().stream()
                    .filter(each -> each.currentTransactionStartOffset().isPresent())
                    .filter(each -> now - each.lastTimestamp() > longestMs)
                    .sorted(Comparator.comparingLong(ProducerState::producerId))
                    .forEach(each -> open.add(new OpenTransaction(partition, each))));
        }
        return open;
    }

    private List<OpenTransaction> hanging(List<OpenTransaction> open) throws Exception {
        if (open.isEmpty()) {
            return open;
        }
        Set<Long> producers =
                open.stream().map(each -> each.producer().producerId()).collect(Collectors.toSet());
        Map<Long, String> ids = new HashMap<>();
        for (TransactionListing listing :
                Answers.of(admin.listTransactions(new ListTransactionsOptions().filterProducerIds(producers))
                        .all())) {
            ids.put(listing.producerId(), listing.transactionalId());
        }
        Map<String, Collection<TopicPartition>> expected = expected(new HashSet<>(ids.values()));
        return open.stream()
                .filter(each -> !expected.getOrDefault(
                                ids.getOrDefault(each.producer().producerId(), ""), Set.of())
                        .contains(each.partition()))
                .toList();
    }

    /** {@return the partitions on which coordinators will end the transaction of each id} */
    private Map<String, Collection<TopicPartition>> expected(Collection<String> ids) throws Exception {
        Map<String, Collection<TopicPartition>> expected = new HashMap<>();
        DescribeTransactionsResult answers = admin.describeTransactions(ids);
        for (String id : ids) {
            try {
                expected.put(id, Answers.of(answers.description(id)).topicPartitions());
            } catch (TransactionalIdNotFoundException gone) {
                // Its coordinator will end nothing.
            }
        }
        return expected;
    }
}
