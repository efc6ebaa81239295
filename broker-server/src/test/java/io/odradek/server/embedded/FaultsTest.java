package io.odradek.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.errors.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ordinary clients do about the faults that a test sets. */
@Timeout(120)
class FaultsTest {
    private static final Duration PATIENCE = TestClients.PATIENCE;

    private final EmbeddedBroker broker = EmbeddedBroker.start();
    private final Faults faults = broker.faults();
    private final TestClients clients = new TestClients(broker.bootstrapServers());

    @BeforeEach
    void createTopics() throws Exception {
        clients.create("orders", Map.of());
        clients.create("payments", Map.of());
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private static Future<RecordMetadata> send(KafkaProducer<String, String> producer, String topic, String value) {
        return producer.send(new ProducerRecord<>(topic, "k", value));
    }

    @Test
    void aProducerSendsAgainWhatMetAPassingError() throws Exception {
        Fault fault = faults.on(ApiKey.PRODUCE).topic("orders").times(2).failWith("NOT_ENOUGH_REPLICAS");
        try (KafkaProducer<String, String> producer = clients.producer()) {
            send(producer, "orders", "v").get();
        }
        assertThat(fault.struck()).isEqualTo(2);
        assertThat(clients.values("orders")).containsExactly("v");
    }

    @Test
    void aProducerGivesUpWhatMetAFinalErrorAndWhatItSentToOtherTopicsIsServed() throws Exception {
        faults.on(ApiKey.PRODUCE).topic("orders").failWith(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        try (KafkaProducer<String, String> producer = clients.producer("linger.ms", "100")) {
            Future<RecordMetadata> refused = send(producer, "orders", "v");
            Future<RecordMetadata> served = send(producer, "payments", "v");
            assertThat(served.get().offset()).isZero();
            assertThatThrownBy(refused::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
        }
        assertThat(clients.values("orders")).isEmpty();
        assertThat(clients.values("payments")).containsExactly("v");
    }

    @Test
    void anAnswerThatIsLostMakesADuplicateUnlessTheProducerIsIdempotent() throws Exception {
        faults.on(ApiKey.PRODUCE).topic("orders").times(1).closeAfter();
        try (KafkaProducer<String, String> producer = clients.producer("enable.idempotence", "false")) {
            send(producer, "orders", "v").get();
        }
        assertThat(clients.values("orders")).containsExactly("v", "v");

        faults.on(ApiKey.PRODUCE).topic("payments").times(1).closeAfter();
        try (KafkaProducer<String, String> producer = clients.producer("enable.idempotence", "true")) {
            send(producer, "payments", "v").get();
        }
        assertThat(clients.values("payments")).containsExactly("v");
    }

    @Test
    void aConnectionThatIsClosedBeforeMakesNone() throws Exception {
        Fault fault = faults.on(ApiKey.PRODUCE).times(2).closeConnection();
        try (KafkaProducer<String, String> producer = clients.producer("enable.idempotence", "false")) {
            send(producer, "orders", "v").get();
        }
        assertThat(fault.struck()).isEqualTo(2);
        assertThat(clients.values("orders")).containsExactly("v");
    }

    @Test
    void anAnswerThatNeverComesIsGivenUpAfterTheRequestsTime() throws Exception {
        Fault fault = faults.on(ApiKey.PRODUCE).times(1).dropAnswer();
        try (KafkaProducer<String, String> producer = clients.producer("request.timeout.ms", "1000")) {
            send(producer, "orders", "v").get();
        }
        assertThat(fault.struck()).isEqualTo(1);
        assertThat(clients.values("orders")).containsExactly("v");
    }

    @Test
    void whatIsDelayedComesInOrderWhenItsTimeIsOver() throws Exception {
        Fault fault = faults.on(ApiKey.PRODUCE).clientId("slow").times(1).delay(Duration.ofMinutes(1));
        try (KafkaProducer<String, String> slow = clients.producer(
                        "client.id", "slow", "enable.idempotence", "false", "request.timeout.ms", "60000");
                KafkaProducer<String, String> other = clients.producer("client.id", "other")) {
            Future<RecordMetadata> first = send(slow, "orders", "first");
            fault.awaitStruck(PATIENCE);
            Future<RecordMetadata> second = send(slow, "orders", "second");
            send(other, "orders", "of another client").get();
            assertThat(first).isNotDone();
            assertThat(second).isNotDone();

            broker.advance(Duration.ofMinutes(1));
            first.get();
            second.get();
        }
        assertThat(clients.values("orders")).containsExactly("of another client", "first", "second");
    }

    @Test
    void aPartitionThatIsNotServedHoldsUpItsClientsAndNoOthers() throws Exception {
        TopicPartition orders = new TopicPartition("orders", 0);
        TopicPartition payments = new TopicPartition("payments", 0);
        try (KafkaProducer<String, String> producer = clients.producer();
                KafkaConsumer<String, String> consumer = clients.consumer()) {
            consumer.assign(List.of(orders, payments));
            send(producer, "orders", "before").get();
            assertThat(awaitValues(consumer, 1)).containsExactly("before");

            Fault outage = faults.stopServing("orders", 0);
            Future<RecordMetadata> held = send(producer, "orders", "after");
            outage.awaitStruck(3, PATIENCE);
            send(producer, "payments", "meanwhile").get();
            assertThat(awaitValues(consumer, 1)).containsExactly("meanwhile");
            assertThat(held).isNotDone();

            outage.close();
            held.get();
            assertThat(awaitValues(consumer, 1)).containsExactly("after");
        }
    }

    @Test
    void whoReadsFromAPartitionThatIsNotServedIsToldSoAndReadsFromTheOthers() throws Exception {
        broker.errorsAnswered();
        try (KafkaProducer<String, String> producer = clients.producer();
                KafkaConsumer<String, String> consumer = clients.consumer("client.id", "reader")) {
            consumer.assign(List.of(new TopicPartition("orders", 0), new TopicPartition("payments", 0)));
            send(producer, "orders", "before").get();
            assertThat(awaitValues(consumer, 1)).containsExactly("before");

            Fault outage = faults.stopServing("orders", 0);
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100));
                return outage.struck() > 0;
            });
            send(producer, "payments", "meanwhile").get();

            assertThat(awaitValues(consumer, 1)).containsExactly("meanwhile");
            assertThat(broker.errorsAnswered())
                    .anySatisfy(line -> assertThat(line).contains("FETCH of reader: NOT_LEADER_OR_FOLLOWER"));
        }
    }

    private static List<String> awaitValues(KafkaConsumer<String, String> consumer, int count) {
        List<String> values = new ArrayList<>();
        await().atMost(PATIENCE).until(() -> {
            consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            return values.size() >= count;
        });
        return values;
    }

    @Test
    void aFetchThatFailsIsTriedAgain() throws Exception {
        try (KafkaProducer<String, String> producer = clients.producer();
                KafkaConsumer<String, String> consumer = clients.consumer()) {
            consumer.assign(List.of(new TopicPartition("orders", 0)));
            send(producer, "orders", "first").get();
            assertThat(awaitValues(consumer, 1)).containsExactly("first");
            Fault fault = faults.on(ApiKey.FETCH).times(2).failWith("NOT_LEADER_OR_FOLLOWER");
            await().atMost(PATIENCE).until(() -> {
                assertThat(consumer.poll(Duration.ofMillis(50))).isEmpty();
                return fault.struck() == 2;
            });
            send(producer, "orders", "second").get();
            assertThat(awaitValues(consumer, 1)).containsExactly("second");
        }
    }

    @Test
    void aMemberWhoseHeartbeatIsRefusedLosesItsPartitionsAndJoinsAgain() {
        Losses losses = new Losses();
        try (KafkaConsumer<String, String> consumer =
                clients.consumer("group.id", "readers", "group.instance.id", "one", "heartbeat.interval.ms", "100")) {
            consumer.subscribe(List.of("orders"), losses);
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(50));
                return losses.assigned == 1;
            });
            Fault fault = faults.on(ApiKey.HEARTBEAT).times(1).failWith("UNKNOWN_MEMBER_ID");
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(50));
                return losses.assigned == 2;
            });
            assertThat(losses.lost).isEqualTo(1);
            assertThat(fault.struck()).isEqualTo(1);
        }
    }

    private static final class Losses implements ConsumerRebalanceListener {
        private int assigned;
        private int lost;

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            assigned += partitions.size();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // Not what this is about.
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            lost += partitions.size();
        }
    }

    @Test
    void aMemberWhoseHeartbeatsAreLostIsMissedWhenItsSessionEnds() throws Exception {
        try (KafkaConsumer<String, String> consumer =
                        clients.consumer("group.id", "readers", "heartbeat.interval.ms", "100");
                var admin = clients.admin()) {
            consumer.subscribe(List.of("orders"));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(50));
                return !consumer.assignment().isEmpty();
            });
            Fault fault = faults.on(ApiKey.HEARTBEAT, ApiKey.JOIN_GROUP).closeConnection();
            fault.awaitStruck(PATIENCE);
            broker.advance(Duration.ofSeconds(46));
            assertThat(admin.describeConsumerGroups(List.of("readers"))
                            .describedGroups()
                            .get("readers")
                            .get()
                            .members())
                    .isEmpty();
        }
    }

    @Test
    void aFullDiskHoldsUpProducersUntilThereIsRoomAgain() throws Exception {
        try (KafkaProducer<String, String> producer = clients.producer()) {
            send(producer, "orders", "before").get();
            Fault full = faults.fullDisk();
            Future<RecordMetadata> held = send(producer, "orders", "during");
            assertThat(clients.values("orders")).containsExactly("before");
            try (Admin admin = clients.admin()) {
                NewTopic another = new NewTopic("another", 1, (short) 1);
                CreateTopicsOptions within = new CreateTopicsOptions().timeoutMs(1_000);
                assertThatThrownBy(() -> admin.createTopics(List.of(another), within)
                                .all()
                                .get())
                        .isInstanceOf(ExecutionException.class);
            }
            assertThat(held).isNotDone();
            full.close();
            held.get();
        }
        assertThat(clients.values("orders")).containsExactly("before", "during");
        assertThat(broker.failure()).isEmpty();
    }

    @Test
    void onAFullDiskATopicIsRefusedAtOnceAndComesIntoBeingOnlyWhenAskedForAgain() throws Exception {
        try (Admin admin = clients.admin();
                KafkaProducer<String, String> producer = clients.producer()) {
            Fault full = faults.fullDisk();
            for (String topic : List.of("first", "second")) {
                long begin = System.nanoTime();
                assertThatThrownBy(() -> admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
                                .all()
                                .get())
                        .hasCauseInstanceOf(KafkaStorageException.class)
                        .hasMessageContaining("coordination.journal")
                        .hasMessageContaining("make room on that disk");
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
            }
            assertThat(clients.values("orders")).isEmpty();
            full.close();
            assertThat(admin.listTopics().names().get()).doesNotContain("first", "second");
            admin.createTopics(List.of(new NewTopic("first", 1, (short) 1)))
                    .all()
                    .get();
            send(producer, "first", "after").get();
            assertThat(admin.listTopics().names().get()).contains("first").doesNotContain("second");
        }
        assertThat(clients.values("first")).containsExactly("after");
        broker.restart();
        assertThat(clients.values("first")).containsExactly("after");
    }

    @Test
    void onlyTheRequestsThatAreCountedAreStruck() throws Exception {
        Fault fault = faults.on(ApiKey.PRODUCE).after(2).times(1).closeAfter();
        try (KafkaProducer<String, String> producer = clients.producer("enable.idempotence", "false")) {
            for (String value : List.of("1", "2", "3", "4")) {
                send(producer, "orders", value).get();
            }
        }
        assertThat(fault.struck()).isEqualTo(1);
        assertThat(clients.values("orders")).containsExactly("1", "2", "3", "3", "4");
    }

    @Test
    void faultsAreUndoneByTheirHandleAndByReset() throws Exception {
        Fault first = faults.on(ApiKey.PRODUCE).failWith("INVALID_RECORD");
        Fault second = faults.stopServing("orders", 0);
        Fault third = faults.fullDisk();
        assertThat(faults.set()).containsExactly(first, second, third);
        first.close();
        assertThat(faults.set()).containsExactly(second, third);
        faults.reset();
        assertThat(faults.set()).isEmpty();
        try (KafkaProducer<String, String> producer = clients.producer()) {
            send(producer, "orders", "v").get();
        }
        assertThat(first.struck() + second.struck()).isZero();
    }

    @Test
    void faultsOutliveARestartAndNotTheResetOfTheBroker() throws Exception {
        Fault fault = faults.on(ApiKey.PRODUCE).topic("orders").failWith("INVALID_RECORD");
        Fault full = faults.fullDisk();
        full.close();
        broker.restart();
        try (KafkaProducer<String, String> producer = clients.producer("client.id", "shop")) {
            assertThatThrownBy(() -> send(producer, "orders", "v").get()).isInstanceOf(ExecutionException.class);
            assertThat(fault.struck()).isEqualTo(1);
            assertThat(broker.errorsAnswered()).isEmpty();
            assertThatThrownBy(() -> send(producer, "orders", "v").get()).isInstanceOf(ExecutionException.class);
            assertThat(broker.errorsAnswered().get(0)).endsWith("PRODUCE of shop: INVALID_RECORD");

            broker.reset();
            assertThat(faults.set()).isEmpty();
            clients.create("orders", Map.of());
            send(producer, "orders", "v").get();
        }
    }

    @Test
    void whoAsksForWhatThereIsNotIsToldSo() {
        FaultBuilder fault = faults.on(ApiKey.PRODUCE);
        assertThatThrownBy(() -> fault.times(0)).hasMessage("A fault strikes 1 time or more, not 0");
        assertThatThrownBy(() -> fault.after(-1)).hasMessage("A fault strikes after 0 requests or more, not after -1");
        assertThatThrownBy(() -> fault.topic("")).hasMessage("The topic has no name");
        assertThatThrownBy(() -> fault.delay(Duration.ZERO))
                .hasMessage("A request is delayed by more than nothing, not by PT0S");
        assertThatThrownBy(() -> fault.failWith("NONE")).hasMessage("NONE is no error");
        assertThatThrownBy(() -> fault.failWith("NOT_LEADER_OR_FOLOWER"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Kafka has no error named NOT_LEADER_OR_FOLOWER; did you mean NOT_LEADER_OR_FOLLOWER?");
        Fault unmet = fault.times(3).dropAnswer();
        assertThatThrownBy(() -> unmet.awaitStruck(2, Duration.ofMillis(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("\"PRODUCE, 3 times: is done and not answered\" has struck 0 of 2 times");
    }
}
