package io.odradek.server.exactlyonce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.clients.Peer;
import io.odradek.server.cluster.InTarget;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kafka Streams counts words with {@code exactly_once_v2} while brokers are killed: each word's counts are those of its
 * records, one by one.
 *
 * <p>Only by hand: {@code -Dwords.records=200000}; {@code -Dseed=N} repeats the kills of a run.
 */
@EnabledIfSystemProperty(named = "words.records", matches = "\\d+")
class StreamsWordCountTest {
    private static final long RECORDS = Long.getLong("words.records", 0);
    private static final int KILLS = 5;
    private static final int WORDS = 500;
    private static final int PARTITIONS = 4;
    private static final String LINES = "lines";
    private static final String COUNTS = "counts";
    private static final String APPLICATION = "word-count";
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir(factory = InTarget.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    @ParameterizedTest
    @ValueSource(strings = {"3.9.2", "4.3.1"})
    @Timeout(1_800)
    void totalsAreExactWhenTheOneBrokerIsKilled(String streams) throws Exception {
        try (Servers servers = new OneBroker(folder)) {
            counts(servers, streams);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.9.2", "4.3.1"})
    @Timeout(1_800)
    void totalsAreExactWhenBrokersOfThreeAreKilled(String streams) throws Exception {
        try (Servers servers = new ThreeBrokers()) {
            counts(servers, streams);
        }
    }

    private void counts(Servers servers, String version) throws Exception {
        System.out.println("StreamsWordCountTest " + version + " seed " + seed);
        long startNs = System.nanoTime();
        Peer peer = new Peer("streams-" + version, folder.resolve("peer"));
        try (Topics topics = new Topics(servers, PARTITIONS)) {
            topics.create(List.of(LINES, COUNTS));
            Map<String, Long> expected = fill(servers.bootstrapServers());
            try (ClientProcess application =
                    ClientProcess.start(folder.resolve("streams.log"), command(peer, servers))) {
                Progress progress = new Progress(topics, APPLICATION, LINES, PATIENCE);
                for (long after : kills()) {
                    progress.await(
                            after, () -> assertThat(application.isAlive()).isTrue());
                    System.out.println("a broker is killed after " + progress.passed() + " records");
                    topics.awaitAllInSync();
                    int killed = servers.kill(random);
                    if (servers.servesWithoutOne()) {
                        progress.await(Math.min(RECORDS, progress.passed() + RECORDS / 20), () -> {});
                    }
                    servers.restart(killed);
                }
                progress.await(RECORDS, () -> {});
                System.out.printf("%d lines read in %.1f s%n", RECORDS, (System.nanoTime() - startNs) / 1e9);
                long words = 2 * RECORDS;
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofSeconds(1))
                        .until(() -> sum(countedOneByOne(topics)) >= words);
                assertThat(application.stop()).as("stopped").isTrue();
            }
            assertThat(countedOneByOne(topics)).as("totals, seed %d", seed).isEqualTo(expected);
            System.out.printf("all counted in %.1f s%n", (System.nanoTime() - startNs) / 1e9);
        }
    }

    private ProcessBuilder command(Peer peer, Servers servers) {
        return peer.java(
                Path.of("src", "test", "peers", "WordCount.java").toString(),
                servers.bootstrapServers(),
                APPLICATION,
                folder.resolve("state").toString(),
                Short.toString(servers.replicas()),
                LINES,
                COUNTS);
    }

    private TreeSet<Long> kills() {
        TreeSet<Long> kills = new TreeSet<>();
        while (kills.size() < KILLS) {
            kills.add((long) (random.nextDouble() * RECORDS * 0.9));
        }
        return kills;
    }

    /** {@return how often each word has been written} */
    private Map<String, Long> fill(String servers) {
        Map<String, Long> written = new TreeMap<>();
        Map<String, Object> settings = Map.of("bootstrap.servers", servers, "enable.idempotence", true);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (long i = 0; i < RECORDS; i++) {
                String one = "w" + random.nextInt(WORDS);
                String other = "w" + random.nextInt(WORDS);
                written.merge(one, 1L, Long::sum);
                written.merge(other, 1L, Long::sum);
                producer.send(new ProducerRecord<>(LINES, (int) (i % PARTITIONS), null, one + " " + other));
            }
        }
        return written;
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** {@return the last count of each word, each of which follows the one before} */
    private static Map<String, Long> countedOneByOne(Topics topics) {
        Map<String, Long> counted = new TreeMap<>();
        topics.read(COUNTS, "read_committed", record -> {
            String word = new String(record.key(), StandardCharsets.UTF_8);
            long count = ByteBuffer.wrap(record.value()).getLong();
            assertThat(count)
                    .as("%s at %s-%d, offset %d", word, record.topic(), record.partition(), record.offset())
                    .isEqualTo(counted.getOrDefault(word, 0L) + 1);
            counted.put(word, count);
        });
        return counted;
    }
}
