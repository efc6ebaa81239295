package io.odradek.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Producers that each send a record, wait for its acknowledgement, and send the next: what many writers do that may not
 * lose what they were told is stored. Prints one line: acknowledged records in a second, then the latency's p50, p99 and
 * p99.9 in milliseconds, then how many records were acknowledged in all.
 */
public final class CommitLoad {
    private static final int MOST_SAMPLES = 4_000_000;

    private final Map<String, Object> settings;
    private final ProducerRecord<byte[], byte[]> record;
    private final long warmUpEndNs;
    private final long endNs;
    private final long[] latenciesNs;
    private int measured;
    private int sent;

    private CommitLoad(
            Map<String, Object> settings,
            ProducerRecord<byte[], byte[]> record,
            long warmUpEndNs,
            long endNs,
            int mostSamples) {
        this.settings = settings;
        this.record = record;
        this.warmUpEndNs = warmUpEndNs;
        this.endNs = endNs;
        this.latenciesNs = new long[mostSamples];
    }

    /** Arguments: {@code host:port topic partitions producers acks recordBytes warmUpSeconds seconds}. */
    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        String topic = arguments[1];
        int partitions = Integer.parseInt(arguments[2]);
        int producers = Integer.parseInt(arguments[3]);
        LoadTopic.create(arguments[0], topic, partitions);
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                arguments[0],
                ProducerConfig.ACKS_CONFIG,
                arguments[4],
                ProducerConfig.LINGER_MS_CONFIG,
                0,
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                false,
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                1L << 20);
        byte[] value = new byte[Integer.parseInt(arguments[5])];
        long warmUpEndNs = System.nanoTime() + Long.parseLong(arguments[6]) * 1_000_000_000;
        long seconds = Long.parseLong(arguments[7]);
        List<CommitLoad> loads = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(producers);
        for (int i = 0; i < producers; i++) {
            CommitLoad load = new CommitLoad(
                    settings,
                    new ProducerRecord<>(topic, i % partitions, null, value),
                    warmUpEndNs,
                    warmUpEndNs + seconds * 1_000_000_000,
                    MOST_SAMPLES / producers);
            loads.add(load);
            new Thread(() -> load.run(done), "producer-" + i).start();
        }
        done.await();
        print(loads, seconds);
    }

    private void run(CountDownLatch done) {
        ByteArraySerializer bytes = new ByteArraySerializer();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings, bytes, bytes)) {
            long startNs = System.nanoTime();
            while (startNs < endNs && measured < latenciesNs.length) {
                producer.send(record).get();
                sent++;
                long nowNs = System.nanoTime();
                if (startNs >= warmUpEndNs && nowNs <= endNs) {
                    latenciesNs[measured++] = nowNs - startNs;
                }
                startNs = nowNs;
            }
        } catch (InterruptedException | ExecutionException e) {
            // Half a measurement is none.
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        } finally {
            done.countDown();
        }
    }

    private static void print(List<CommitLoad> loads, long seconds) {
        int count = 0;
        int sent = 0;
        for (CommitLoad load : loads) {
            count += load.measured;
            sent += load.sent;
        }
        long[] all = new long[count];
        int filled = 0;
        for (CommitLoad load : loads) {
            System.arraycopy(load.latenciesNs, 0, all, filled, load.measured);
            filled += load.measured;
        }
        Percentiles latency = new Percentiles(all);
        System.out.printf(
                "%d %.2f %.2f %.2f %d%n", count / seconds, latency.ms(0.5), latency.ms(0.99), latency.ms(0.999), sent);
    }
}
