package io.odradek.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The clients of {@code small-broker.sh}, all of them the Java client in one JVM. {@code load SERVERS CONNECTIONS MB SECONDS}
 * opens so many connections with consumers that wait for records, and meanwhile writes and reads so many MB a second.
 * {@code idle SERVERS CLIENTS KIND} connects so many clients, of {@code producers} that have written a record each or
 * {@code consumers} that wait for more, says so, and stays until its input ends.
 */
public final class SmallBrokerLoad {
    private static final int RECORD_BYTES = 1_000;
    private static final int PRODUCERS = 2;
    private static final int CONNECTIONS_OF_A_CONSUMER = 2;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final TopicPartition QUIET = new TopicPartition("quiet", 0);
    private static final TopicPartition BUSY = new TopicPartition("busy", 0);

    private final String servers;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile boolean ended;

    private SmallBrokerLoad(String servers) {
        this.servers = servers;
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        SmallBrokerLoad load = new SmallBrokerLoad(arguments[1]);
        int count = Integer.parseInt(arguments[2]);
        if (arguments[0].equals("load")) {
            load.run(count, Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
        } else {
            load.idle(count, arguments[3].equals("producers"));
        }
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private void run(int connections, int megabytesPerSecond, int seconds) throws Exception {
        write(QUIET.topic());
        write(BUSY.topic());
        List<KafkaConsumer<byte[], byte[]>> waiting = consumers(connections / CONNECTIONS_OF_A_CONSUMER, QUIET);
        background(() -> pollAll(waiting));
        KafkaConsumer<byte[], byte[]> reader = consumers(1, BUSY).get(0);
        background(() -> {
            while (!ended) {
                reader.poll(POLL).forEach(record -> read.addAndGet(record.value().length));
            }
        });
        System.out.println("connected");
        long bytesPerSecond = megabytesPerSecond * 1_000_000L;
        long startNs = System.nanoTime();
        for (int i = 0; i < PRODUCERS; i++) {
            background(() -> write(bytesPerSecond / PRODUCERS, startNs));
        }
        Thread.sleep(seconds * 1_000L);
        double elapsed = (System.nanoTime() - startNs) / 1e9;
        System.out.printf(
                "%.1f MB/s written, %.1f MB/s read, %d records refused%n",
                written.get() / elapsed / 1e6, read.get() / elapsed / 1e6, failed.get());
    }

    private void write(long bytesPerSecond, long startNs) {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            byte[] value = new byte[RECORD_BYTES];
            for (long sent = 0; !ended; sent += RECORD_BYTES) {
                long dueNs = startNs + sent * 1_000_000 / bytesPerSecond * 1_000;
                long earlyNs = dueNs - System.nanoTime();
                if (earlyNs > 0) {
                    LockSupport.parkNanos(earlyNs);
                }
                producer.send(new ProducerRecord<>(BUSY.topic(), 0, null, value), (metadata, failure) -> {
                    (failure == null ? written : failed).addAndGet(failure == null ? RECORD_BYTES : 1);
                });
            }
        }
    }

    private void idle(int clients, boolean producers) throws Exception {
        write(QUIET.topic());
        List<KafkaProducer<byte[], byte[]>> idle = new ArrayList<>();
        if (producers) {
            for (int i = 0; i < clients; i++) {
                KafkaProducer<byte[], byte[]> producer = producer();
                producer.send(new ProducerRecord<>(QUIET.topic(), new byte[1])).get();
                idle.add(producer);
            }
        } else {
            List<KafkaConsumer<byte[], byte[]>> waiting = consumers(clients, QUIET);
            background(() -> pollAll(waiting));
        }
        System.out.println("connected");
        System.out.flush();
        while (System.in.read() >= 0) {
            // Until its input ends.
        }
        idle.forEach(KafkaProducer::close);
    }

    /** As applications do it: each is always in a poll, or about to be. */
    private void pollAll(List<KafkaConsumer<byte[], byte[]>> consumers) {
        while (!ended) {
            for (KafkaConsumer<byte[], byte[]> consumer : consumers) {
                consumer.poll(Duration.ZERO);
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private void write(String topic) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            producer.send(new ProducerRecord<>(topic, new byte[1])).get();
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "linger.ms", 5, "batch.size", 65_536),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private List<KafkaConsumer<byte[], byte[]>> consumers(int count, TopicPartition of) {
        List<KafkaConsumer<byte[], byte[]>> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                    Map.of("bootstrap.servers", servers), new ByteArrayDeserializer(), new ByteArrayDeserializer());
            consumer.assign(List.of(of));
            consumer.seekToEnd(List.of(of));
            consumer.position(of);
            made.add(consumer);
        }
        return made;
    }

    private static void background(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }
}
