package io.odradek.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.clients.TransactionClients;
import io.odradek.server.embedded.EmbeddedCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions whose coordinator, partitions and positions are on different brokers, one of which goes and comes back. */
@Timeout(180)
class TransactionsOfClusterTest {
    private static final int PARTITIONS = 6;
    private static final TopicPartition IN = new TopicPartition("in", 0);

    private EmbeddedCluster cluster;
    private TransactionClients clients;

    @BeforeEach
    void start() throws Exception {
        cluster = EmbeddedCluster.builder(3).setting("min.insync.replicas", "2").start();
        clients = new TransactionClients(cluster.bootstrapServers());
        clients.createTopic("t", PARTITIONS, 3);
        clients.createTopic("in", 1, 3);
    }

    @AfterEach
    void stop() {
        clients.close();
        cluster.close();
    }

    private static void transaction(
            KafkaProducer<String, String> producer, KafkaConsumer<String, String> group, int number, boolean commits) {
        producer.beginTransaction();
        for (int i = 0; i < PARTITIONS; i++) {
            producer.send(new ProducerRecord<>("t", i, null, number + "-" + i));
        }
        producer.sendOffsetsToTransaction(Map.of(IN, new OffsetAndMetadata(number)), group.groupMetadata());
        if (commits) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }

    @Test
    void eachTransactionIsThereWholeOrNotAtAllWhicheverBrokerGoes() {
        List<String> expected = new ArrayList<>();
        try (KafkaProducer<String, String> producer = clients.producer("id");
                KafkaConsumer<String, String> group = clients.consumer("read_committed", "copiers")) {
            int number = 0;
            for (int killed = 1; killed <= 3; killed++) {
                for (int i = 0; i < 10; i++) {
                    if (i == 5) {
                        cluster.kill(killed);
                    }
                    boolean commits = i % 3 != 0;
                    transaction(producer, group, ++number, commits);
                    if (commits) {
                        for (int partition = 0; partition < PARTITIONS; partition++) {
                            expected.add(number + "-" + partition);
                        }
                    }
                }
                cluster.restart(killed);
            }
            transaction(producer, group, 1_000, false);
        }
        assertThat(clients.position("copiers", IN))
                .as("the last that was committed")
                .isEqualTo(29);
        assertThat(clients.read("t", "read_committed")).containsExactlyInAnyOrderElementsOf(expected);
    }
}
