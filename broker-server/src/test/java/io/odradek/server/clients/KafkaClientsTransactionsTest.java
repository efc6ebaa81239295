package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Transactions of the Java client against one broker; the build runs it with several versions of that. */
@Timeout(120)
class KafkaClientsTransactionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private EmbeddedBroker broker;
    private TransactionClients clients;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.builder()
                .logFolder(folder.resolve("data"))
                .setting("transaction.abort.timed.out.transaction.cleanup.interval.ms", "100")
                .start();
        clients = new TransactionClients(broker.bootstrapServers());
        clients.createTopic("t", 3, 1);
    }

    @AfterEach
    void stop() {
        clients.close();
        broker.close();
    }

    private static void send(KafkaProducer<String, String> producer, String... values) {
        for (int i = 0; i < values.length; i++) {
            producer.send(new ProducerRecord<>("t", i % 3, null, values[i]));
        }
    }

    @Test
    void whatIsCommittedIsReadAndWhatIsAbortedOrOpenIsNot() {
        KafkaProducer<String, String> producer = clients.producer("id");
        producer.beginTransaction();
        send(producer, "a", "b", "c", "d");
        producer.commitTransaction();
        producer.beginTransaction();
        send(producer, "aborted", "aborted too");
        producer.flush();
        producer.abortTransaction();
        producer.beginTransaction();
        send(producer, "e");
        producer.commitTransaction();
        producer.beginTransaction();
        send(producer, "open");
        producer.flush();

        assertThat(clients.read("t", "read_committed")).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
        assertThat(clients.read("t", "read_uncommitted"))
                .containsExactlyInAnyOrder("a", "b", "c", "d", "aborted", "aborted too", "e", "open");
    }

    @Test
    void aHundredTransactionsInARowAreEachThereOnce() {
        KafkaProducer<String, String> producer = clients.producer("id");
        List<String> committed = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            producer.beginTransaction();
            send(producer, "x" + i, "y" + i, "z" + i);
            if (i % 3 == 0) {
                producer.abortTransaction();
            } else {
                producer.commitTransaction();
                committed.addAll(List.of("x" + i, "y" + i, "z" + i));
            }
        }
        assertThat(clients.read("t", "read_committed")).containsExactlyInAnyOrderElementsOf(committed);
    }

    @Test
    void theNextProducerOfAnIdFencesTheOneBeforeAndAbortsItsTransaction() throws Exception {
        KafkaProducer<String, String> zombie = clients.producer("id");
        zombie.beginTransaction();
        send(zombie, "lost");
        zombie.flush();

        KafkaProducer<String, String> heir = clients.producer("id");
        heir.beginTransaction();
        send(heir, "kept");
        heir.commitTransaction();

        Future<RecordMetadata> late = zombie.send(new ProducerRecord<>("t", 0, null, "late"));
        assertThatThrownBy(() -> {
                    late.get();
                    zombie.commitTransaction();
                })
                .satisfiesAnyOf(
                        e -> assertThat(e).isInstanceOf(KafkaException.class),
                        e -> assertThat(e).hasCauseInstanceOf(KafkaException.class));
        assertThat(clients.read("t", "read_committed")).containsExactly("kept");
    }

    @Test
    void positionsOfAGroupMoveWithTheirTransaction() throws Exception {
        clients.createTopic("in", 1, 1);
        TopicPartition in = new TopicPartition("in", 0);
        ConsumerGroupMetadata group =
                clients.consumer("read_committed", "copiers").groupMetadata();
        KafkaProducer<String, String> producer = clients.producer("id");

        producer.beginTransaction();
        send(producer, "first");
        producer.sendOffsetsToTransaction(Map.of(in, new OffsetAndMetadata(5)), group);
        producer.commitTransaction();
        assertThat(clients.position("copiers", in)).isEqualTo(5);

        producer.beginTransaction();
        send(producer, "second");
        producer.sendOffsetsToTransaction(Map.of(in, new OffsetAndMetadata(9)), group);
        producer.abortTransaction();
        assertThat(clients.position("copiers", in)).isEqualTo(5);
        assertThat(clients.read("t", "read_committed")).containsExactly("first");
    }

    @Test
    void whatTakesTooLongIsAbortedAndItsProducerFenced() {
        KafkaProducer<String, String> slow = clients.producer("id", 1_000);
        slow.beginTransaction();
        send(slow, "too late");
        slow.flush();

        KafkaConsumer<String, String> consumer = clients.consumer("read_committed", "reader");
        TopicPartition partition = new TopicPartition("t", 0);
        await().atMost(PATIENCE)
                .until(() -> consumer.endOffsets(List.of(partition)).get(partition) > 0);

        assertThatThrownBy(slow::commitTransaction).isInstanceOf(KafkaException.class);
        assertThat(clients.read("t", "read_committed")).isEmpty();
    }

    @Test
    void aTransactionThatIsOpenWhenTheBrokerStopsIsFinishedAfterwards() {
        KafkaProducer<String, String> producer = clients.producer("id");
        producer.beginTransaction();
        send(producer, "before", "as well");
        producer.flush();
        String servers = broker.bootstrapServers();
        int port = Integer.parseInt(servers.substring(servers.lastIndexOf(':') + 1));
        broker.close();
        broker = EmbeddedBroker.builder()
                .logFolder(folder.resolve("data"))
                .port(port)
                .start();
        send(producer, "after");
        producer.commitTransaction();
        assertThat(clients.read("t", "read_committed")).containsExactlyInAnyOrder("before", "as well", "after");
    }

    @Test
    void manyPartitionsAreCommittedTogether() throws Exception {
        clients.createTopic("wide", 200, 1);
        KafkaProducer<String, String> producer = clients.producer("id");
        Map<Integer, String> sent = new HashMap<>();
        producer.beginTransaction();
        for (int i = 0; i < 200; i++) {
            sent.put(i, "wide-" + i);
            producer.send(new ProducerRecord<>("wide", i, null, sent.get(i)));
        }
        producer.commitTransaction();
        assertThat(clients.read("wide", "read_committed")).containsExactlyInAnyOrderElementsOf(sent.values());
    }
}
