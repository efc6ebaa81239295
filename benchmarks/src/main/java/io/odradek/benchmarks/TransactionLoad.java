package io.odradek.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Producers that each write one transaction after the other, as fast as they can or at a fixed rate: begin, so many records in
 * turn over the partitions, commit. They warm up at a rate that slower brokers have too: thousands of transactions a second
 * would leave so much to be written back to the disk that it burdens what is measured next. A commit is timed from the call to
 * its return, with the records flushed before, so that it is the coordinator's time; a transaction from when it was due to the
 * end of its commit. In the end the topic is deleted.
 *
 * <p>Prints two lines. The first, with nothing to read, when warming up is over, so that others can begin to measure. The second
 * when what counts is over: committed transactions a second, the commit's p50, p99 and p99.9, the transaction's p99, all in
 * milliseconds, and how many transactions were committed between the two lines.
 */
public final class TransactionLoad {
    private static final long NS_PER_SECOND = 1_000_000_000;
    private static final int MOST_A_SECOND_TO_WARM_UP = 200;

    private final KafkaProducer<byte[], byte[]> producer;
    private final List<Long> commitsNs = new ArrayList<>();
    private final List<Long> transactionsNs = new ArrayList<>();

    /** What every producer writes in a transaction. */
    private record Work(String topic, int partitions, int records, byte[] value) {}

    private TransactionLoad(KafkaProducer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /**
     * Arguments: {@code host:port topic partitions producers records recordBytes transactionsPerSecond warmUpSeconds seconds};
     * without a limit the rate is 0.
     */
    public static void main(String[] arguments) throws Exception {
        String topic = arguments[1];
        int partitions = Integer.parseInt(arguments[2]);
        int producers = Integer.parseInt(arguments[3]);
        double rate = Double.parseDouble(arguments[6]);
        Work work =
                new Work(topic, partitions, Integer.parseInt(arguments[4]), new byte[Integer.parseInt(arguments[5])]);
        LoadTopic.create(arguments[0], work.topic(), partitions);
        long paceNs = rate == 0 ? 0 : (long) (producers * NS_PER_SECOND / rate);
        List<TransactionLoad> loads = new ArrayList<>();
        ByteArraySerializer bytes = new ByteArraySerializer();
        for (int i = 0; i < producers; i++) {
            loads.add(new TransactionLoad(new KafkaProducer<>(settings(arguments[0], topic + "-" + i), bytes, bytes)));
            loads.get(i).producer.initTransactions();
        }
        runAll(loads, work, Long.parseLong(arguments[7]), producers * NS_PER_SECOND / MOST_A_SECOND_TO_WARM_UP);
        loads.forEach(load -> {
            load.commitsNs.clear();
            load.transactionsNs.clear();
        });
        System.out.println();
        long startNs = System.nanoTime();
        runAll(loads, work, Long.parseLong(arguments[8]), paceNs);
        print(loads, System.nanoTime() - startNs);
        loads.forEach(load -> load.producer.close());
        LoadTopic.delete(arguments[0], work.topic());
    }

    private static Map<String, Object> settings(String server, String transactionalId) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, server);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 64 << 10);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        return settings;
    }

    /** @param paceNs from the beginning of a producer's transaction to that of its next, 0 for no wait */
    private static void runAll(List<TransactionLoad> loads, Work work, long seconds, long paceNs)
            throws InterruptedException {
        CountDownLatch done = new CountDownLatch(loads.size());
        long startNs = System.nanoTime();
        for (int i = 0; i < loads.size(); i++) {
            TransactionLoad load = loads.get(i);
            long firstNs = startNs + paceNs * i / loads.size();
            long endNs = startNs + seconds * NS_PER_SECOND;
            new Thread(() -> load.run(work, firstNs, endNs, paceNs, done), "producer-" + i).start();
        }
        done.await();
    }

    private void run(Work work, long firstNs, long endNs, long paceNs, CountDownLatch done) {
        try {
            long dueNs = firstNs;
            while (dueNs < endNs) {
                for (long ahead = dueNs - System.nanoTime(); ahead > 0; ahead = dueNs - System.nanoTime()) {
                    LockSupport.parkNanos(ahead);
                }
                transaction(work, dueNs);
                dueNs = paceNs == 0 ? System.nanoTime() : dueNs + paceNs;
            }
        } catch (RuntimeException e) {
            // Half a measurement is none.
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        } finally {
            done.countDown();
        }
    }

    private void transaction(Work work, long dueNs) {
        producer.beginTransaction();
        for (int i = 0; i < work.records(); i++) {
            producer.send(new ProducerRecord<>(work.topic(), i % work.partitions(), null, work.value()));
        }
        producer.flush();
        long commitNs = System.nanoTime();
        producer.commitTransaction();
        long endNs = System.nanoTime();
        commitsNs.add(endNs - commitNs);
        transactionsNs.add(endNs - dueNs);
    }

    private static void print(List<TransactionLoad> loads, long tookNs) {
        Percentiles commits = percentiles(loads.stream().map(load -> load.commitsNs));
        Percentiles transactions = percentiles(loads.stream().map(load -> load.transactionsNs));
        System.out.printf(
                "%.1f %.2f %.2f %.2f %.2f %d%n",
                commits.count() * (double) NS_PER_SECOND / tookNs,
                commits.ms(0.5),
                commits.ms(0.99),
                commits.ms(0.999),
                transactions.ms(0.99),
                commits.count());
    }

    private static Percentiles percentiles(Stream<List<Long>> all) {
        return new Percentiles(
                all.flatMap(List::stream).mapToLong(Long::longValue).toArray());
    }
}
