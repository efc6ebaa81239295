package io.odradek.server.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Thirty members in five groups, half of them static, over sixty partitions join, leave, die, come back and are replaced as the
 * seed decides, while records are produced: each group has an assignor of its own. Every record is consumed by every group, no
 * partition has two owners in one generation, and no committed position goes back.
 *
 * <p>{@code -Drebalance.seconds=300} makes it long, {@code -Dseed=N} repeats what happens to whom.
 */
class KafkaClientsGroupStressTest {
    static final String TOPIC = "stressed";

    private static final int PARTITIONS = 60;
    private static final int MEMBERS_PER_GROUP = 6;
    private static final long RECORDS_PER_TICK = 30;
    private static final long TICK_MS = 30;
    private static final String ASSIGNORS = "org.apache.kafka.clients.consumer.";
    private static final List<String> GROUPS = List.of(
            "RangeAssignor",
            "RoundRobinAssignor",
            "StickyAssignor",
            "CooperativeStickyAssignor",
            "CooperativeStickyAssignor,RangeAssignor");
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final boolean IS_DEFAULT_CLIENT =
            System.getProperty("kafka.clients.version", "3.9.2").equals("3.9.2");
    private static final long SECONDS = Long.getLong("rebalance.seconds", IS_DEFAULT_CLIENT ? 4 : 1);

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<String, StressLedger> ledgers = new HashMap<>();
    private final List<StressMember> all = new ArrayList<>();
    private final StressMember[][] members = new StressMember[GROUPS.size()][MEMBERS_PER_GROUP];
    private final long[] ends = new long[PARTITIONS];
    private String servers;
    private int strikes;

    @Test
    @Timeout(1_800)
    void everyRecordIsConsumedByOneOwnerPerGenerationAndNoPositionGoesBack() throws Exception {
        System.out.println("KafkaClientsGroupStressTest seed " + seed + ", " + SECONDS + " s");
        ScheduledExecutorService background = Executors.newScheduledThreadPool(2);
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                        .setting("group.min.session.timeout.ms", "1000")
                        .topic(TOPIC, PARTITIONS)
                        .start();
                Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers(), "acks", "all"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            servers = broker.bootstrapServers();
            GROUPS.forEach(group -> ledgers.put(group, new StressLedger(group)));
            try {
                var producing =
                        background.scheduleAtFixedRate(() -> produce(producer), 0, TICK_MS, TimeUnit.MILLISECONDS);
                background.scheduleWithFixedDelay(() -> watch(admin), 100, 100, TimeUnit.MILLISECONDS);
                strikeAtRandom();
                producing.cancel(false);
                bringAllBack();
                producer.flush();
                awaitAllConsumed();
                assertThat(wrongs()).as("seed %d", seed).isEmpty();
                assertThat(ledgers.values())
                        .allSatisfy(ledger -> assertThat(ledger.generations()).isGreaterThan(1));
                tell();
            } finally {
                background.shutdownNow();
                background.awaitTermination(1, TimeUnit.MINUTES);
                endAll();
            }
        }
    }

    private void produce(KafkaProducer<byte[], byte[]> producer) {
        synchronized (ends) {
            for (long i = 0; i < RECORDS_PER_TICK; i++) {
                int partition = random(PARTITIONS);
                ends[partition]++;
                producer.send(new ProducerRecord<>(TOPIC, partition, null, new byte[20]), (written, failure) -> {
                    if (failure != null) {
                        ledgers.get(GROUPS.get(0)).wrong("a record could not be produced: " + failure);
                    }
                });
            }
        }
    }

    private int random(int bound) {
        synchronized (random) {
            return random.nextInt(bound);
        }
    }

    /** Looks at all groups from outside, as an operator does. */
    private void watch(Admin admin) {
        for (String group : GROUPS) {
            StressLedger ledger = ledgers.get(group);
            try {
                ledger.watched(admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get());
                Set<Integer> owned = new TreeSet<>();
                for (MemberDescription member : admin.describeConsumerGroups(List.of(group))
                        .all()
                        .get()
                        .get(group)
                        .members()) {
                    for (TopicPartition partition : member.assignment().topicPartitions()) {
                        if (!owned.add(partition.partition())) {
                            ledger.wrong(partition + " has two owners as DescribeGroups has it");
                        }
                    }
                }
            } catch (ExecutionException failure) {
                // Before its first member has joined.
                if (!(failure.getCause() instanceof GroupIdNotFoundException)) {
                    ledger.wrong("could not be watched: " + failure);
                }
            } catch (InterruptedException over) {
                return;
            }
        }
    }

    /** {@return whether every group has had a second generation, or it has been waited for long enough} */
    private boolean allHaveChanged(long startNs) {
        return System.nanoTime() - startNs > PATIENCE.toNanos()
                || ledgers.values().stream().allMatch(ledger -> ledger.generations() > 1);
    }

    private void strikeAtRandom() throws InterruptedException {
        for (int group = 0; group < GROUPS.size(); group++) {
            for (int slot = 0; slot < MEMBERS_PER_GROUP / 2; slot++) {
                join(group, slot);
            }
        }
        long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(SECONDS) || !allHaveChanged(startNs)) {
            TimeUnit.MILLISECONDS.sleep(random(250));
            int group = random(GROUPS.size());
            int slot = random(MEMBERS_PER_GROUP);
            StressMember member = members[group][slot];
            strikes++;
            if (member == null || !member.isAlive()) {
                join(group, slot);
            } else if (isStatic(slot) && random(4) == 0) {
                // Its next life fences it.
                join(group, slot);
            } else {
                member.end();
                if (random(2) == 0) {
                    join(group, slot);
                }
            }
        }
    }

    private static boolean isStatic(int slot) {
        return slot % 2 == 1;
    }

    private void join(int group, int slot) {
        long lifeSeed;
        boolean killed;
        synchronized (random) {
            lifeSeed = random.nextLong();
            killed = random.nextBoolean();
        }
        StressMember member = new StressMember(
                "member" + slot, settings(group), isStatic(slot), killed, lifeSeed, ledgers.get(GROUPS.get(group)));
        member.start();
        members[group][slot] = member;
        all.add(member);
    }

    private Map<String, Object> settings(int group) {
        String strategy = ASSIGNORS + GROUPS.get(group).replace(",", "," + ASSIGNORS);
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", servers);
        settings.put("group.id", GROUPS.get(group));
        settings.put("partition.assignment.strategy", strategy);
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "earliest");
        settings.put("session.timeout.ms", 2_000);
        settings.put("heartbeat.interval.ms", 300);
        settings.put("max.poll.interval.ms", 120_000);
        return settings;
    }

    private void bringAllBack() {
        for (int group = 0; group < GROUPS.size(); group++) {
            for (int slot = 0; slot < MEMBERS_PER_GROUP; slot++) {
                if (members[group][slot] == null || !members[group][slot].isAlive()) {
                    join(group, slot);
                }
            }
        }
    }

    private void awaitAllConsumed() {
        synchronized (ends) {
            var patience = await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100));
            patience.failFast(() -> assertThat(wrongs()).as("seed %d", seed).isEmpty())
                    .untilAsserted(() -> {
                        // A member that was told to go a moment before all were brought back is missed only now.
                        bringAllBack();
                        for (StressLedger ledger : ledgers.values()) {
                            assertThat(ledger.missing(ends))
                                    .as("not consumed, seed %d", seed)
                                    .isZero();
                        }
                    });
        }
    }

    private List<String> wrongs() {
        List<String> wrongs = new ArrayList<>();
        ledgers.values().forEach(ledger -> wrongs.addAll(ledger.wrongs()));
        return wrongs;
    }

    private void endAll() throws InterruptedException {
        all.forEach(StressMember::end);
        for (StressMember member : all) {
            member.join();
        }
    }

    private void tell() {
        long records = 0;
        for (long end : ends) {
            records += end;
        }
        System.out.printf("%d records, %d strikes, %d lives of members%n", records, strikes, all.size());
        for (String group : GROUPS) {
            StressLedger ledger = ledgers.get(group);
            System.out.printf(
                    "%s: %d generations, %d records read again%n", group, ledger.generations(), ledger.duplicates());
        }
    }
}
