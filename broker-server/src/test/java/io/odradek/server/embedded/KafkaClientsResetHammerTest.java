package io.odradek.server.embedded;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients of every kind that never rest while their broker is reset again and again: none of them may end for it. {@code
 * -Dresets=100} does so more often.
 */
@Timeout(300)
class KafkaClientsResetHammerTest {
    private static final int RESETS = Integer.getInteger("resets", 10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int BATCH = 5;

    /** What a client does again and again. */
    private interface Round {
        void go() throws Exception;
    }

    private final EmbeddedBroker broker = EmbeddedBroker.builder()
            .topic("plain", 2)
            .topic("sure", 2)
            .topic("paid", 2)
            .start();
    private final List<Worker> workers = new ArrayList<>();
    private volatile boolean over;

    /** A client with a thread. */
    private final class Worker extends Thread {
        private final Round round;
        private final Runnable close;
        private final AtomicLong rounds = new AtomicLong();
        private volatile Throwable failure;

        Worker(String name, Round round, Runnable close) {
            super(name);
            this.round = round;
            this.close = close;
            workers.add(this);
        }

        @Override
        public void run() {
            try {
                while (!over) {
                    round.go();
                    rounds.incrementAndGet();
                }
                close.run();
            } catch (Exception | Error failed) {
                failure = failed;
            }
        }
    }

    @AfterEach
    void close() throws Exception {
        over = true;
        for (Worker worker : workers) {
            worker.join();
        }
        broker.close();
    }

    @Test
    void noneOfThemEndsWhileAllIsResetAgainAndAgain() throws Exception {
        produce("plain", "acks", "1", "enable.idempotence", "false");
        produce("sure", "acks", "all", "enable.idempotence", "true");
        transact("paid", "copier");
        consume("readers", "plain", "sure");
        consume("committed", "paid");
        look();
        workers.forEach(Thread::start);
        awaitRounds();
        long[] tookUs = new long[RESETS];
        for (int i = 0; i < RESETS; i++) {
            long beganNs = System.nanoTime();
            broker.reset();
            tookUs[i] = (System.nanoTime() - beganNs) / 1_000;
            awaitRounds();
        }
        Arrays.sort(tookUs);
        System.out.printf(
                "%d resets: p50 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
                RESETS, tookUs[RESETS / 2] / 1e3, tookUs[(RESETS - 1) * 99 / 100] / 1e3, tookUs[RESETS - 1] / 1e3);
        assertThat(broker.topics()).extracting(topic -> topic.name()).containsExactly("paid", "plain", "sure");
    }

    /** Every client has done its work twice from now on: once at least since the reset that was the last one. */
    private void awaitRounds() {
        List<Long> seen = workers.stream().map(worker -> worker.rounds.get()).toList();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
            for (int i = 0; i < workers.size(); i++) {
                Worker worker = workers.get(i);
                if (worker.failure != null) {
                    throw new AssertionError(worker.getName() + " has ended", worker.failure);
                }
                if (worker.rounds.get() < seen.get(i) + 2) {
                    return false;
                }
            }
            return true;
        });
    }

    private void produce(String topic, String... settings) {
        KafkaProducer<String, String> producer = producer(settings);
        List<Exception> refused = new CopyOnWriteArrayList<>();
        new Worker(
                "producer of " + topic,
                () -> {
                    for (int i = 0; i < BATCH; i++) {
                        producer.send(new ProducerRecord<>(topic, "k" + i, "v"), (sent, failure) -> {
                            if (failure != null) {
                                refused.add(failure);
                            }
                        });
                    }
                    producer.flush();
                    if (!refused.isEmpty()) {
                        throw refused.get(0);
                    }
                },
                producer::close);
    }

    private void transact(String topic, String transactionalId) {
        KafkaProducer<String, String> producer = producer("transactional.id", transactionalId);
        producer.initTransactions();
        new Worker(
                "transactions on " + topic,
                () -> {
                    producer.beginTransaction();
                    for (int i = 0; i < BATCH; i++) {
                        producer.send(new ProducerRecord<>(topic, "k" + i, "v"));
                        if (i == BATCH / 2) {
                            producer.flush();
                        }
                    }
                    producer.commitTransaction();
                },
                producer::close);
    }

    private void consume(String group, String... topics) {
        Map<String, Object> all = broker.consumerProperties(group);
        all.put("heartbeat.interval.ms", "20");
        all.put("auto.commit.interval.ms", "20");
        all.put("isolation.level", "read_committed");
        KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(topics));
        new Worker(
                "consumer of " + group,
                () -> {
                    while (!over && consumer.poll(Duration.ofMillis(20)).isEmpty()) {
                        Thread.onSpinWait();
                    }
                },
                consumer::close);
    }

    private void look() {
        Admin admin = Admin.create(broker.clientProperties());
        new Worker(
                "admin",
                () -> {
                    admin.listTopics().names().get(60, SECONDS);
                    admin.describeCluster().nodes().get(60, SECONDS);
                    admin.describeConsumerGroups(List.of("readers")).all().get(60, SECONDS);
                },
                admin::close);
    }

    private KafkaProducer<String, String> producer(String... settings) {
        Map<String, Object> all = broker.clientProperties();
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }
}
