package io.odradek.server.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Producers and readers that work on while a cluster suffers, and their ledger. */
final class Load implements AutoCloseable {
    private static final List<String> CODECS = List.of("none", "lz4", "zstd");
    private static final int TOPICS = 2;
    private static final int PARTITIONS = 3;
    private static final short REPLICAS = 3;

    private final ProcessCluster cluster;
    private final AcknowledgedLedger ledger = new AcknowledgedLedger();
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final List<LoadProducer> producers = new ArrayList<>();
    private final List<LoadReader> readers = new ArrayList<>();

    private Load(ProcessCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Creates the topics, starts the clients and returns when all of them get on.
     *
     * @param recordsPerSecond that each of the producers tries to send
     */
    static Load start(ProcessCluster cluster, int recordsPerSecond) throws Exception {
        Load load = new Load(cluster);
        try {
            load.createTopics();
            String bootstrap = cluster.bootstrapServers();
            for (int i = 0; i < CODECS.size(); i++) {
                load.producers.add(
                        new LoadProducer(i, bootstrap, CODECS.get(i), recordsPerSecond, load.partitions, load.ledger));
            }
            Set<String> topics = new HashSet<>();
            load.partitions.forEach(partition -> topics.add(partition.topic()));
            load.readers.add(new TailingReader("tail-0", bootstrap, load.partitions, load.ledger));
            load.readers.add(new TailingReader("tail-1", bootstrap, load.partitions, load.ledger));
            load.readers.add(new GroupReader("group", bootstrap, topics, load.ledger));
            load.readers.forEach(LoadReader::start);
            load.awaitProgress();
            return load;
        } catch (Throwable failed) {
            load.close();
            throw failed;
        }
    }

    private void createTopics() throws ExecutionException, InterruptedException {
        List<NewTopic> topics = new ArrayList<>();
        for (int t = 0; t < TOPICS; t++) {
            topics.add(new NewTopic("load-" + t, PARTITIONS, REPLICAS));
            for (int p = 0; p < PARTITIONS; p++) {
                partitions.add(new TopicPartition("load-" + t, p));
            }
        }
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", cluster.bootstrapServers()))) {
            admin.createTopics(topics).all().get();
        }
    }

    AcknowledgedLedger ledger() {
        return ledger;
    }

    List<TopicPartition> partitions() {
        return partitions;
    }

    /** Waits until every producer has new records acknowledged in every partition, and every reader has seen some of these. */
    void awaitProgress() {
        Map<TopicPartition, Long> from = new HashMap<>();
        Map<TopicPartition, long[]> counts = new HashMap<>();
        for (TopicPartition partition : partitions) {
            from.put(partition, ledger.acknowledgedEnd(partition));
            counts.put(partition, counts(partition));
        }
        await("progress of all producers", partition -> {
            long[] now = counts(partition);
            return IntStream.range(0, now.length).allMatch(i -> now[i] > counts.get(partition)[i]);
        });
        awaitEnds("progress of all readers", partition -> from.get(partition) + 1);
    }

    private long[] counts(TopicPartition partition) {
        return producers.stream()
                .mapToLong(producer -> ledger.count(partition, producer.number()))
                .toArray();
    }

    private interface End {
        long of(TopicPartition partition);
    }

    private void awaitEnds(String what, End end) {
        await(
                what,
                partition -> ledger.acknowledgedEnd(partition) >= end.of(partition)
                        && readers.stream()
                                .allMatch(
                                        reader -> ledger.seenEnd(reader.readerName(), partition) >= end.of(partition)));
    }

    private void await(String what, Predicate<TopicPartition> condition) {
        try {
            Awaitility.await(what)
                    .atMost(ProcessCluster.PATIENCE)
                    .until(() -> partitions.stream().allMatch(condition));
        } catch (ConditionTimeoutException late) {
            StringBuilder text = new StringBuilder(late.getMessage()).append('\n');
            for (TopicPartition partition : partitions) {
                text.append(partition).append(": acknowledged ").append(ledger.acknowledgedEnd(partition));
                text.append(", by producer ").append(Arrays.toString(counts(partition)));
                readers.forEach(reader -> text.append(", ")
                        .append(reader.readerName())
                        .append(' ')
                        .append(ledger.seenEnd(reader.readerName(), partition)));
                text.append('\n');
            }
            throw new AssertionError(text.append(ledger.problems()) + "\n" + cluster.describe(), late);
        }
    }

    /** {@return how many records had to be sent more than once} */
    double retries() {
        return producers.stream().mapToDouble(LoadProducer::retries).sum();
    }

    /** Stops the producers, lets the readers come to the end, and stops them too. */
    void finish() throws InterruptedException {
        for (LoadProducer producer : producers) {
            producer.finish();
        }
        awaitEnds("the end of all logs", ledger::acknowledgedEnd);
        close();
    }

    /** Reads all that is stored, and compares. {@return all that is wrong} */
    List<String> judge() {
        Map<TopicPartition, OffsetColumn> stored = new HashMap<>();
        Map<String, Object> settings =
                Map.of("bootstrap.servers", cluster.bootstrapServers(), "auto.offset.reset", "none");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends =
                    new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
            ends.putAll(consumer.endOffsets(partitions));
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    stored.computeIfAbsent(
                                    new TopicPartition(record.topic(), record.partition()), key -> new OffsetColumn())
                            .put(
                                    record.offset(),
                                    NumberedRecord.fromBytes(record.value()).number());
                }
            }
        }
        return ledger.judge(stored);
    }

    @Override
    public void close() {
        for (LoadReader reader : readers) {
            reader.close();
        }
        for (LoadProducer producer : producers) {
            producer.close();
        }
    }
}
