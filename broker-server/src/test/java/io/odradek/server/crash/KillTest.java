package io.odradek.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.clients.WholeRead;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The broker is killed under load again and again; every record it acknowledged must be there once, in order. */
@Timeout(300)
class KillTest {
    private static final int KILLS = 10;
    private static final int PARTITIONS = 2;
    private static final String TOPIC = "load";

    @TempDir
    Path folder;

    /** A producer that does not retry: a record whose acknowledgement got lost may be there or not, but never twice. */
    @ParameterizedTest
    @CsvSource({"1, interval, 10", "all, interval, 10", "1, commit, 4", "all, commit, 4"})
    void whatWasAcknowledgedIsThereOnceAndInOrder(String acks, String flushPolicy, int kills) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("KillTest seed " + seed);
        Random random = new Random(seed);
        int port = freePort();
        NavigableSet<Long> acknowledged = new ConcurrentSkipListSet<>();
        long next = 0;
        BrokerProcess broker = BrokerProcess.start(folder, port, settings(flushPolicy));
        createTopic(port);
        for (int kill = 0; kill < kills; kill++) {
            KafkaProducer<Long, byte[]> producer =
                    producer(port, Map.of("acks", acks, "retries", 0, "enable.idempotence", false));
            next = produceUntil(producer, next, acknowledged, 200 + random.nextInt(600));
            broker.kill();
            // What the client still holds is not sent: it would wait for the broker until delivery.timeout.ms.
            producer.close(Duration.ZERO);
            broker = BrokerProcess.start(folder, port, settings(flushPolicy));
            assertAllThere(port, acknowledged);
        }
        assertThat(acknowledged.size()).isGreaterThan(kills * 100);
        assertThat(broker.stop()).isIn(0, 143);
    }

    /** An idempotent producer lives through all the kills: nothing is lost, nothing is there twice. */
    @ParameterizedTest
    @ValueSource(strings = {"all"})
    void anIdempotentProducerLivesThroughTheKills(String acks) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("KillTest seed " + seed);
        Random random = new Random(seed);
        int port = freePort();
        NavigableSet<Long> acknowledged = new ConcurrentSkipListSet<>();
        BrokerProcess broker = BrokerProcess.start(folder, port, settings("interval"));
        createTopic(port);
        long next = 0;
        try (KafkaProducer<Long, byte[]> producer =
                producer(port, Map.of("acks", acks, "enable.idempotence", true, "delivery.timeout.ms", 120_000))) {
            for (int kill = 0; kill < KILLS / 2; kill++) {
                next = produceUntil(producer, next, acknowledged, 200 + random.nextInt(600));
                broker.kill();
                broker = BrokerProcess.start(folder, port, settings("interval"));
            }
            producer.flush();
        }
        assertThat(acknowledged).hasSize((int) next);
        assertAllThere(port, acknowledged);
        broker.stop();
    }

    private static long produceUntil(
            KafkaProducer<Long, byte[]> producer, long first, NavigableSet<Long> acknowledged, long millis) {
        long deadline = System.nanoTime() + millis * 1_000_000;
        long number = first;
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        while (System.nanoTime() < deadline) {
            long current = number++;
            sent.add(producer.send(
                    new ProducerRecord<>(TOPIC, (int) (current % PARTITIONS), current, new byte[200]),
                    (metadata, error) -> {
                        if (error == null) {
                            acknowledged.add(current);
                        }
                    }));
            if (sent.size() % 50 == 0) {
                LockSupport.parkNanos(1_000_000);
            }
        }
        return number;
    }

    private static void assertAllThere(int port, NavigableSet<Long> acknowledged) {
        NavigableSet<Long> missing = new TreeSet<>(acknowledged);
        Map<Integer, Long> last = new HashMap<>();
        Map<String, Object> settings = Map.of("bootstrap.servers", "127.0.0.1:" + port, "auto.offset.reset", "none");
        try (KafkaConsumer<Long, byte[]> consumer =
                new KafkaConsumer<>(settings, new LongDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(TOPIC, 0), new TopicPartition(TOPIC, 1));
            WholeRead.of(consumer, partitions, record -> {
                assertThat(record.key()).isGreaterThan(last.getOrDefault(record.partition(), -1L));
                last.put(record.partition(), record.key());
                missing.remove(record.key());
            });
        }
        assertThat(missing).isEmpty();
    }

    private static KafkaProducer<Long, byte[]> producer(int port, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", "127.0.0.1:" + port);
        all.put("linger.ms", 1);
        all.put("reconnect.backoff.ms", 20);
        return new KafkaProducer<>(all, new LongSerializer(), new ByteArraySerializer());
    }

    private static void createTopic(int port) throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", "127.0.0.1:" + port))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static Map<String, String> settings(String flushPolicy) {
        return Map.of(
                "log.segment.bytes", "1048576",
                "auto.create.topics.enable", "false",
                "log.flush.policy", flushPolicy);
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
