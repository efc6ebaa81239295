package io.odradek.server.tools.transactions;

import io.odradek.server.tools.Answers;
import io.odradek.server.tools.Brokers;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.Topics;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/** What the replicas of partitions know of their producers. */
record Producers(Admin admin) {
    /**
     * {@return the producers of a partition, by their ids}
     *
     * @param brokerId of the replica that is asked; null for the leader
     * @throws ToolException if there is no such partition, or the broker has none of it
     */
    List<ProducerState> of(TopicPartition partition, Integer brokerId) throws Exception {
        TopicPartitionInfo known = known(partition);
        if (brokerId != null) {
            Brokers.require(List.of(brokerId), Brokers.known(admin).keySet());
            if (known.replicas().stream().noneMatch(replica -> replica.id() == brokerId)) {
                throw new ToolException("Broker " + brokerId + " has no replica of " + partition);
            }
        } else if (known.leader() == null || known.leader().isEmpty()) {
            throw new ToolException(partition + " has no leader now");
        }
        return Answers.of(admin.describeProducers(Set.of(partition), options(brokerId))
                        .partitionResult(partition))
                .activeProducers()
                .stream()
                .sorted(Comparator.comparingLong(ProducerState::producerId))
                .toList();
    }

    /** {@return whom to ask} @param brokerId null for leaders */
    static DescribeProducersOptions options(Integer brokerId) {
        DescribeProducersOptions options = new DescribeProducersOptions();
        return brokerId == null ? options : options.brokerId(brokerId);
    }

    /** {@return what is known of a partition, for which a client would wait if it were not there} */
    private TopicPartitionInfo known(TopicPartition wanted) throws Exception {
        return Topics.described(admin, List.of(wanted.topic())).get(wanted.topic()).partitions().stream()
                .filter(each -> each.partition() == wanted.partition())
                .findFirst()
                .orElseThrow(() -> new ToolException("There is no partition " + wanted));
    }

    /** Shows the producers of a partition. */
    void print(TopicPartition partition, Integer brokerId, Terminal terminal, boolean json) throws Exception {
        Rows rows = new Rows(
                terminal,
                json,
                "ProducerId",
                "ProducerEpoch",
                "LatestCoordinatorEpoch",
                "LastSequence",
                "LastTimestamp",
                "CurrentTransactionStartOffset");
        for (ProducerState each : of(partition, brokerId)) {
            rows.row(
                    each.producerId(),
                    each.producerEpoch(),
                    each.coordinatorEpoch().orElse(-1),
                    each.lastSequence(),
                    each.lastTimestamp(),
                    each.currentTransactionStartOffset().isPresent()
                            ? each.currentTransactionStartOffset().getAsLong()
                            : null);
        }
        rows.print();
    }
}
