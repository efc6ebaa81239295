package io.odradek.server.exactlyonce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.odradek.server.cluster.InTarget;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three members of a group copy a topic to two others in transactions, while members are killed and replaced and brokers
 * killed, as the seed decides. Whoever reads committed records finds each of them in each copy once and in order.
 *
 * <p>{@code -Dcopy.records=100000} makes it long, {@code -Dseed=N} repeats its faults. The short form is run with the
 * client's version 3.9.2 against three brokers, with 4.4.0 against one; the long form with every version against both.
 */
@DisabledOnOs(OS.WINDOWS)
class KafkaClientsCopyLoopTest {
    private static final long SHORT = 4_000;
    private static final long RECORDS = Long.getLong("copy.records", SHORT);
    private static final int RECORDS_PER_FAULT = 2_500;
    private static final int LEAST_FAULTS = 3;
    private static final int RECORDS_PER_TRANSACTION = 20;
    private static final int MEMBERS = 3;
    private static final int PARTITIONS = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir(factory = InTarget.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    private enum Fault {
        MEMBER_KILLED,
        MEMBER_REPLACED,
        BROKER_KILLED
    }

    @Test
    @Timeout(1_800)
    void eachRecordIsCopiedOnceWhenTheOneBrokerIsKilled() throws Exception {
        assumeTrue(RECORDS > SHORT
                || System.getProperty("kafka.clients.version", "").equals("4.4.0"));
        try (Servers servers = new OneBroker(folder)) {
            copies(servers);
        }
    }

    @Test
    @Timeout(1_800)
    void eachRecordIsCopiedOnceWhenBrokersOfThreeAreKilled() throws Exception {
        assumeTrue(RECORDS > SHORT
                || System.getProperty("kafka.clients.version", "").equals("3.9.2"));
        try (Servers servers = new ThreeBrokers()) {
            copies(servers);
        }
    }

    private void copies(Servers servers) throws Exception {
        System.out.println("KafkaClientsCopyLoopTest seed " + seed);
        long startNs = System.nanoTime();
        try (Topics topics = new Topics(servers, PARTITIONS)) {
            topics.create(List.of(Copier.FROM, Copier.TO.get(0), Copier.TO.get(1)));
            fill(servers.bootstrapServers());
            try (Copiers copiers = new Copiers(
                    folder,
                    servers.bootstrapServers(),
                    MEMBERS,
                    RECORDS_PER_TRANSACTION,
                    new Random(random.nextLong()))) {
                Progress progress = new Progress(topics, Copier.GROUP, Copier.FROM, PATIENCE);
                for (Map.Entry<Long, Fault> fault : faults().entrySet()) {
                    progress.await(fault.getKey(), copiers::revive);
                    strike(fault.getValue(), servers, topics, progress, copiers);
                }
                progress.await(RECORDS, copiers::revive);
                System.out.printf(
                        "%d records copied in %.1f s, %d members gave up by themselves%n",
                        RECORDS, (System.nanoTime() - startNs) / 1e9, copiers.endedByThemselves());
            }
            for (String topic : Copier.TO) {
                judge(topics, topic);
            }
        }
    }

    private static void fill(String servers) {
        Map<String, Object> settings = Map.of("bootstrap.servers", servers, "enable.idempotence", true);
        try (KafkaProducer<Long, Long> producer =
                new KafkaProducer<>(settings, new LongSerializer(), new LongSerializer())) {
            for (long i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(Copier.FROM, (int) (i % PARTITIONS), i, i / PARTITIONS));
            }
        }
    }

    /** {@return what happens after how many records have been copied: each kind of fault for the same number of times} */
    private TreeMap<Long, Fault> faults() {
        int count = (int) Math.max(LEAST_FAULTS, RECORDS / RECORDS_PER_FAULT);
        List<Fault> kinds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            kinds.add(Fault.values()[i % Fault.values().length]);
        }
        Collections.shuffle(kinds, random);
        TreeMap<Long, Fault> faults = new TreeMap<>();
        for (Fault kind : kinds) {
            faults.put((long) (random.nextDouble() * RECORDS * 0.9), kind);
        }
        return faults;
    }

    private void strike(Fault fault, Servers servers, Topics topics, Progress progress, Copiers copiers)
            throws Exception {
        System.out.println("after " + progress.passed() + " records: " + fault);
        switch (fault) {
            case MEMBER_KILLED -> copiers.killOne();
            case MEMBER_REPLACED -> copiers.replaceOne();
            case BROKER_KILLED -> {
                topics.awaitAllInSync();
                int killed = servers.kill(random);
                if (servers.servesWithoutOne()) {
                    long further = progress.passed() + 1 + random.nextInt(RECORDS_PER_FAULT);
                    progress.await(Math.min(RECORDS, further), copiers::revive);
                }
                servers.restart(killed);
            }
        }
    }

    private void judge(Topics topics, String topic) {
        // What the members left open when they went is aborted when its time is over.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(topics.ends(topic, "read_committed"))
                        .as("ends of %s, seed %d", topic, seed)
                        .isEqualTo(topics.ends(topic, "read_uncommitted")));
        long[] next = new long[PARTITIONS];
        topics.read(topic, "read_committed", record -> {
            long value = ByteBuffer.wrap(record.value()).getLong();
            assertThat(value)
                    .as("%s-%d, offset %d, seed %d", topic, record.partition(), record.offset(), seed)
                    .isEqualTo(next[record.partition()]++);
        });
        long committed = 0;
        for (int i = 0; i < PARTITIONS; i++) {
            committed += next[i];
        }
        assertThat(committed).as("records of %s, seed %d", topic, seed).isEqualTo(RECORDS);
        long[] all = {0};
        topics.read(topic, "read_uncommitted", record -> all[0]++);
        System.out.printf("%s: %d committed, %d aborted%n", topic, committed, all[0] - committed);
        assertThat(all[0]).as("with the aborted ones").isGreaterThan(committed);
    }
}
