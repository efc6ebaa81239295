package io.odradek.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.FindCoordinatorResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Producers of both versions of transactions that take themselves for each other, at once and in no order. */
@Timeout(120)
class ManyZombiesTest {
    private static final int ZOMBIES = 6;
    private static final int STEPS = 2_500;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** What a producer may be told that does nothing in its turn. */
    private static final Set<ErrorCode> EXPECTED = EnumSet.of(
            ErrorCode.NONE,
            ErrorCode.PRODUCER_FENCED,
            ErrorCode.INVALID_PRODUCER_EPOCH,
            ErrorCode.INVALID_PRODUCER_ID_MAPPING,
            ErrorCode.INVALID_TXN_STATE,
            ErrorCode.TRANSACTION_ABORTABLE,
            ErrorCode.CONCURRENT_TRANSACTIONS,
            ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
            ErrorCode.NOT_ENOUGH_REPLICAS,
            ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);

    @Test
    void whateverTheyDoEachIsToldWhatIsWrongAndNoTransactionIsLeftOpen() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        try (HostileBed bed = new HostileBed("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500")) {
            awaitCoordinators(bed);
            Map<String, Integer> told = run(bed, seed);
            assertThat(told.keySet())
                    .as("seed %d: %s", seed, told)
                    .allSatisfy(answer -> assertThat(EXPECTED)
                            .contains(ErrorCode.valueOf(answer.substring(answer.indexOf(' ') + 1))));
            assertThat(told.get("end NONE")).as("seed %d: %s", seed, told).isPositive();
            String servers = bed.broker.bootstrapServers();
            for (String topic : List.of(HostileBed.TOPIC, "__consumer_offsets")) {
                await(topic + " of seed " + seed)
                        .atMost(LIMIT)
                        .until(() -> ends(servers, topic, "read_committed")
                                .equals(ends(servers, topic, "read_uncommitted")));
            }
            bed.assertUnharmed();
        }
    }

    private static void awaitCoordinators(HostileBed bed) throws IOException {
        var client = bed.connect();
        for (byte type = 0; type <= 1; type++) {
            FindCoordinatorRequest request = new FindCoordinatorRequest("group", type, List.of());
            await().atMost(LIMIT)
                    .until(() -> client.ask(request, 3, FindCoordinatorResponse.class)
                                    .errorCode()
                            == ErrorCode.NONE);
        }
    }

    private static Map<String, Integer> run(HostileBed bed, long seed) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(ZOMBIES);
        Map<String, Zombie.Identity> newest = new ConcurrentHashMap<>();
        List<Zombie> all = new ArrayList<>();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < ZOMBIES; i++) {
            Zombie zombie = new Zombie(bed.connect(), new Random(seed + i), i < ZOMBIES / 2, newest);
            all.add(zombie);
            running.add(threads.submit(() -> {
                for (int step = 0; step < STEPS; step++) {
                    zombie.step();
                }
                return null;
            }));
        }
        threads.shutdown();
        for (Future<?> one : running) {
            one.get();
        }
        Map<String, Integer> told = new TreeMap<>();
        for (Zombie zombie : all) {
            zombie.leave();
            zombie.told().forEach((answer, count) -> told.merge(answer, count, Integer::sum));
        }
        return told;
    }

    private static Map<TopicPartition, Long> ends(String servers, String topic, String isolation) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers, "isolation.level", isolation),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            consumer.partitionsFor(topic).forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
            return consumer.endOffsets(partitions);
        }
    }
}
