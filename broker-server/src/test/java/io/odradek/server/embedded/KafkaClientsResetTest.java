package io.odradek.server.embedded;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.inspect.StoredRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that live on when what they use is reset, emptied or restarted. */
class KafkaClientsResetTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void afterAResetTheTopicsOfTheBuilderAreEmptyAndEverythingElseIsGone() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("kept", 2).start();
                KafkaProducer<String, String> producer = producer(broker);
                KafkaConsumer<String, String> consumer = consumer(broker, "kept")) {
            producer.send(new ProducerRecord<>("kept", 1, null, "a")).get(60, SECONDS);
            producer.send(new ProducerRecord<>("gone", "b")).get(60, SECONDS);
            readUntil(consumer, List.of("a"));
            consumer.commitSync();

            broker.reset();

            assertThat(broker.topics())
                    .singleElement()
                    .satisfies(topic -> assertThat(topic.name()).isEqualTo("kept"))
                    .satisfies(topic -> assertThat(topic.partitions()).hasSize(2));
            assertThat(broker.records("kept")).isEmpty();
            assertThat(broker.groups()).isEmpty();
            assertThat(broker.produce("kept", "first").offset()).isZero();
        }
    }

    @Test
    void aProducerGoesOnAfterAReset() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("t").start();
                KafkaProducer<String, String> plain = producer(broker, "acks", "1");
                KafkaProducer<String, String> idempotent =
                        producer(broker, "enable.idempotence", "true", "acks", "all")) {
            for (int round = 0; round < 3; round++) {
                plain.send(new ProducerRecord<>("t", "plain")).get(60, SECONDS);
                idempotent.send(new ProducerRecord<>("t", "one")).get(60, SECONDS);
                idempotent.send(new ProducerRecord<>("t", "two")).get(60, SECONDS);

                assertThat(broker.records("t")).extracting(StoredRecord::value).containsExactly("plain", "one", "two");
                broker.reset();
            }
        }
    }

    @Test
    void aTransactionalProducerGoesOnAfterAReset() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("t").start();
                KafkaProducer<String, String> producer = producer(broker, "transactional.id", "id")) {
            producer.initTransactions();
            for (int round = 0; round < 3; round++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("t", "committed"));
                producer.commitTransaction();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("t", "aborted"));
                producer.flush();
                producer.abortTransaction();

                assertThat(broker.awaitRecords("t", 1, PATIENCE))
                        .extracting(StoredRecord::value)
                        .containsExactly("committed");
                broker.reset();
            }
        }
    }

    @Test
    void aTransactionThatIsOpenWhenAllIsResetEndsOnWhatIsNewAndHoldsUpNobody() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("t").start();
                KafkaProducer<String, String> producer = producer(broker, "transactional.id", "id")) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("t", "before"));
            producer.flush();
            broker.reset();
            producer.send(new ProducerRecord<>("t", "after")).get(60, SECONDS);
            producer.commitTransaction();

            assertThat(broker.awaitRecords("t", 1, PATIENCE))
                    .extracting(StoredRecord::value)
                    .containsExactly("after");
        }
    }

    @Test
    void aTransactionThatIsOpenWhenAllIsResetMayEndWithoutAnotherRecordAndItsProducerGoesOn() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("t").start();
                KafkaProducer<String, String> producer = producer(broker, "transactional.id", "id")) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("t", "before"));
            producer.flush();
            broker.reset();
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("t", "after")).get(60, SECONDS);
            producer.commitTransaction();

            assertThat(broker.awaitRecords("t", 1, PATIENCE))
                    .extracting(StoredRecord::value)
                    .containsExactly("after");
        }
    }

    @Test
    void aSubscribedConsumerGoesOnAfterAReset() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("t").start();
                KafkaConsumer<String, String> consumer = consumer(broker, "t")) {
            broker.produce("t", "a");
            broker.produce("t", "b");
            readUntil(consumer, List.of("a", "b"));
            for (int round = 0; round < 2; round++) {
                broker.reset();
                String first = "first of round " + round;
                String second = "second of round " + round;
                broker.produce("t", first);
                broker.produce("t", second);
                readUntil(consumer, List.of(first, second));
                await().atMost(PATIENCE)
                        .ignoreExceptionsMatching(refused -> refused instanceof KafkaException)
                        .until(() -> {
                            consumer.poll(Duration.ofMillis(50));
                            consumer.commitSync();
                            return broker.groups().size() == 1
                                    && broker.group("group").members().size() == 1
                                    && broker.group("group").position("t", 0) == 2;
                        });
                assertThat(broker.group("group").lag()).isZero();
            }
        }
    }

    @Test
    void clientsThatAskForATopicWhileItIsResetDoNotCreateItAsTheBrokerWould() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("t", 5).start()) {
            AtomicBoolean over = new AtomicBoolean();
            List<Thread> asking = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                asking.add(new Thread(() -> {
                    try (KafkaConsumer<String, String> consumer = consumer(broker, "t")) {
                        while (!over.get()) {
                            consumer.partitionsFor("t");
                            consumer.poll(Duration.ZERO);
                        }
                    }
                }));
            }
            asking.forEach(Thread::start);
            try {
                for (int round = 0; round < 20; round++) {
                    broker.reset();
                    assertThat(broker.topic("t").partitions()).hasSize(5);
                }
            } finally {
                over.set(true);
                for (Thread thread : asking) {
                    thread.join();
                }
            }
        }
    }

    @Test
    @Timeout(20)
    void whoWaitsForRecordsWhileTheBrokerIsRestartedGetsThemFromItsNextLife() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("t").start()) {
            CompletableFuture<List<StoredRecord>> awaited =
                    CompletableFuture.supplyAsync(() -> broker.awaitRecords("t", 2, PATIENCE));
            broker.produce("t", "before");
            broker.restart();
            broker.produce("t", "after");

            assertThat(awaited.get(60, SECONDS)).extracting(StoredRecord::value).containsExactly("before", "after");
        }
    }

    @Test
    void aBrokerMayBeResetRestartedAndMovedInTimeBySeveralThreads() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("t", 2).start()) {
            List<Runnable> work = List.of(
                    broker::reset,
                    broker::restart,
                    () -> broker.advance(Duration.ofHours(1)),
                    broker::topics,
                    () -> broker.awaitRecords("t", 0, PATIENCE),
                    broker::groups);
            List<CompletableFuture<Void>> done = work.stream()
                    .map(task -> CompletableFuture.runAsync(() -> {
                        for (int i = 0; i < 5; i++) {
                            task.run();
                        }
                    }))
                    .toList();
            for (CompletableFuture<Void> one : done) {
                one.get(60, SECONDS);
            }
            assertThat(broker.produce("t", "v").value()).isEqualTo("v");
        }
    }

    @Test
    void aCompactedTopicIsEmptiedTooAndStaysCompacted() throws Exception {
        Map<String, String> compacted = Map.of("cleanup.policy", "compact");
        try (EmbeddedBroker broker =
                        EmbeddedBroker.builder().topic("t", 2, compacted).start();
                Admin admin = Admin.create(broker.clientProperties())) {
            broker.produce("t", NewRecord.of("k", "a").partition(0));
            broker.produce("t", NewRecord.of("k", "b").partition(1));
            broker.deleteRecords();

            assertThat(broker.records("t")).isEmpty();
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "t");
            assertThat(admin.describeConfigs(List.of(topic))
                            .all()
                            .get(60, SECONDS)
                            .get(topic)
                            .get("cleanup.policy")
                            .value())
                    .isEqualTo("compact");
        }
    }

    @Test
    void aConsumerNoticesNothingWhenOnlyRecordsAreDeleted() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("t").start();
                KafkaConsumer<String, String> consumer = consumer(broker, "t")) {
            broker.produce("t", "a");
            List<String> all = readUntil(consumer, List.of("a"));
            broker.deleteRecords();
            assertThat(broker.records("t")).isEmpty();

            assertThat(broker.produce("t", "b").offset()).isEqualTo(1);
            all.addAll(readUntil(consumer, List.of("b")));

            assertThat(all).containsExactly("a", "b");
            assertThat(broker.records("t")).extracting(StoredRecord::value).containsExactly("b");
        }
    }

    @Test
    void clientsGoOnAfterARestartWithTheDataThatWereThere() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("t").start();
                KafkaProducer<String, String> producer = producer(broker);
                KafkaConsumer<String, String> consumer = consumer(broker, "t")) {
            producer.send(new ProducerRecord<>("t", "a")).get(60, SECONDS);
            readUntil(consumer, List.of("a"));
            consumer.commitSync();
            String address = broker.bootstrapServers();

            broker.restart();

            assertThat(broker.bootstrapServers()).isEqualTo(address);
            assertThat(broker.group("group").position("t", 0)).isEqualTo(1);
            producer.send(new ProducerRecord<>("t", "b")).get(60, SECONDS);
            readUntil(consumer, List.of("b"));
            assertThat(broker.records("t")).extracting(StoredRecord::value).containsExactly("a", "b");
        }
    }

    private static KafkaProducer<String, String> producer(EmbeddedBroker broker, String... settings) {
        Map<String, Object> all = broker.clientProperties();
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(EmbeddedBroker broker, String topic) {
        Map<String, Object> all = broker.consumerProperties("group");
        all.put("enable.auto.commit", "false");
        KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(topic));
        return consumer;
    }

    /** {@return what was read until all of these were} */
    private static List<String> readUntil(KafkaConsumer<String, String> consumer, List<String> expected) {
        List<String> read = new ArrayList<>();
        await().atMost(PATIENCE).until(() -> {
            consumer.poll(Duration.ofMillis(100)).forEach(record -> read.add(record.value()));
            return read.containsAll(expected);
        });
        return read;
    }
}
