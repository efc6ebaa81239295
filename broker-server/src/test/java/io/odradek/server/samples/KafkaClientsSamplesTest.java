package io.odradek.server.samples;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.inspect.GroupPosition;
import io.odradek.server.inspect.StoredRecord;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The programs of this package, with each version of the client, against one broker. */
@Timeout(120)
class KafkaClientsSamplesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARTITIONS = 4;

    private static EmbeddedBroker broker;
    private static String servers;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start();
        servers = broker.bootstrapServers();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void aTopic() {
        broker.reset();
        broker.createTopic("orders", PARTITIONS);
    }

    @Test
    void valuesAreAllThere() {
        ValueProducer.main(new String[] {servers, "orders", "500"});

        List<StoredRecord> records = broker.records("orders");
        assertThat(records).extracting(StoredRecord::key).containsOnlyNulls();
        assertThat(records)
                .extracting(StoredRecord::value)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 500).mapToObj(i -> "value " + i).toList());
    }

    @Test
    void valuesOfAKeyAreInOnePartitionInTheirOrder() {
        KeyValueProducer.main(new String[] {servers, "orders", "40"});

        Map<String, List<StoredRecord>> byKey =
                broker.records("orders").stream().collect(groupingBy(StoredRecord::key));
        assertThat(byKey).containsOnlyKeys("anna", "bela", "cleo", "dora", "emil");
        byKey.forEach((key, records) -> {
            assertThat(records)
                    .extracting(StoredRecord::partition)
                    .as(key)
                    .containsOnly(records.get(0).partition());
            assertThat(records)
                    .as(key)
                    .extracting(record -> ByteBuffer.wrap(record.valueBytes()).getLong())
                    .containsExactlyElementsOf(
                            IntStream.range(0, 40).mapToObj(i -> (long) i).toList());
        });
    }

    @Test
    void aRecordIsInThePartitionThatWasChosen() throws Exception {
        PartitionProducer.main(new String[] {servers, "orders", "5"});

        Map<Integer, List<String>> byPartition = broker.records("orders").stream()
                .collect(groupingBy(StoredRecord::partition, mapping(StoredRecord::value, toList())));
        assertThat(byPartition).hasSize(PARTITIONS);
        byPartition.forEach((partition, values) -> assertThat(values)
                .containsExactlyElementsOf(
                        IntStream.range(0, 5).mapToObj(i -> partition + ":" + i).toList()));
    }

    @Test
    void membersOfAGroupShareTheRecords() throws Exception {
        Map<String, Set<Integer>> partitions = new ConcurrentHashMap<>();
        Queue<String> read = new ConcurrentLinkedQueue<>();
        CountDownLatch all = new CountDownLatch(PARTITIONS * 10);
        List<GroupConsumer> members = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (String name : List.of("first", "second")) {
            GroupConsumer member = new GroupConsumer(servers, "shared", "orders", each -> {
                partitions
                        .computeIfAbsent(name, absent -> ConcurrentHashMap.newKeySet())
                        .add(each.partition());
                read.add(each.value());
                all.countDown();
            });
            members.add(member);
            threads.add(new Thread(member, name));
        }
        threads.forEach(Thread::start);
        await(() -> broker.groups().stream()
                .anyMatch(group -> group.members().size() == 2
                        && group.members().stream()
                                .allMatch(member -> member.assigned().size() == PARTITIONS / 2)));

        PartitionProducer.main(new String[] {servers, "orders", "10"});
        assertThat(all.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        members.forEach(GroupConsumer::end);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(read).hasSize(PARTITIONS * 10).doesNotHaveDuplicates();
        assertThat(partitions.get("first"))
                .hasSize(PARTITIONS / 2)
                .doesNotContainAnyElementsOf(partitions.get("second"));
        assertThat(committed("shared")).isEqualTo(PARTITIONS * 10);
    }

    @Test
    void whatIsCommittedByItselfIsAllThatWasRead() {
        KeyValueProducer.main(new String[] {servers, "orders", "40"});
        AutoCommitConsumer.main(new String[] {servers, "orders", "automatic", "200"});

        assertThat(committed("automatic")).isEqualTo(200);
        assertThat(broker.group("automatic").members()).isEmpty();
    }

    @Test
    void whatIsCommittedByHandIsWhatWasDone() {
        KeyValueProducer.main(new String[] {servers, "orders", "40"});
        CommittingConsumer.main(new String[] {servers, "orders", "by-hand", "77"});
        assertThat(committed("by-hand")).isEqualTo(77);

        // Goes on where it was.
        CommittingConsumer.main(new String[] {servers, "orders", "by-hand", "123"});
        assertThat(committed("by-hand")).isEqualTo(200);
    }

    @Test
    void manyThreadsReadEachRecordOnceAndEndWhenTheyAreTold() throws Exception {
        Queue<String> read = new ConcurrentLinkedQueue<>();
        Set<String> readers = ConcurrentHashMap.newKeySet();
        CountDownLatch all = new CountDownLatch(PARTITIONS * 25);
        ManyThreadsConsumer consumer = new ManyThreadsConsumer(servers, "threads", "orders", PARTITIONS, each -> {
            read.add(each.value());
            readers.add(Thread.currentThread().getName());
            all.countDown();
        });
        try {
            await(() -> broker.groups().stream()
                    .anyMatch(group -> group.members().size() == PARTITIONS
                            && group.members().stream()
                                    .allMatch(member -> member.assigned().size() == 1)));
            PartitionProducer.main(new String[] {servers, "orders", "25"});
            assertThat(all.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            await(() -> committed("threads") == PARTITIONS * 25);
        } finally {
            consumer.close();
        }

        assertThat(read).hasSize(PARTITIONS * 25).doesNotHaveDuplicates();
        assertThat(readers).hasSize(PARTITIONS);
        assertThat(broker.group("threads").members()).isEmpty();
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(thread -> readers.contains(thread.getName()));
    }

    @Test
    void measurementsEndInAFile(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("metrics.csv");
        MetricsToCsv.main(new String[] {servers, "orders", "12", file.toString()});

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(1 + 3 * 12).startsWith("time,metric,value");
        Map<String, List<Double>> values = lines.stream()
                .skip(1)
                .map(line -> line.split(","))
                .collect(groupingBy(line -> line[1], mapping(line -> Double.valueOf(line[2]), toList())));
        assertThat(values).containsOnlyKeys("heap.used", "threads", "uptime.ms");
        assertThat(values.get("uptime.ms")).hasSize(12).isSorted().doesNotHaveDuplicates();
        assertThat(new HashSet<>(values.get("heap.used"))).allMatch(bytes -> bytes > 0);
    }

    private static long committed(String group) {
        return broker.group(group).positions().stream()
                .mapToLong(GroupPosition::offset)
                .sum();
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition);
    }
}
