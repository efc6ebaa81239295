package io.odradek.server.groups;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The coordinator of a group is killed while its members commit, again and again: what was acknowledged is there after each change, no
 * position goes back, nobody is told that there is none, and the members go on. {@code -Dcoordinator.kills=N} kills more often.
 */
@Timeout(1_800)
class CoordinatorKilledTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int KILLS = Integer.getInteger("coordinator.kills", 2);
    private static final int PARTITIONS = 6;
    private static final int RECORDS_PER_TICK = 12;
    private static final List<String> GROUPS = List.of("dynamic", "static");

    private final Map<String, StressLedger> ledgers = new HashMap<>();
    private final List<StressMember> members = new ArrayList<>();
    private final long[] ends = new long[PARTITIONS];

    @Test
    void whatWasAcknowledgedIsThereAndNothingGoesBack() throws Exception {
        ScheduledExecutorService background = Executors.newScheduledThreadPool(2);
        try (EmbeddedCluster cluster = EmbeddedCluster.builder(3)
                        .topic(KafkaClientsGroupStressTest.TOPIC, PARTITIONS)
                        .start();
                Admin admin = Admin.create(cluster.clientProperties());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        cluster.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            try {
                GROUPS.forEach(group -> ledgers.put(group, new StressLedger(group)));
                join(cluster.bootstrapServers());
                background.scheduleWithFixedDelay(() -> produce(producer), 0, 20, MILLISECONDS);
                background.scheduleWithFixedDelay(() -> watch(admin), 100, 50, MILLISECONDS);
                awaitCommits();
                for (int kill = 0; kill < KILLS; kill++) {
                    int coordinator = coordinatorOf(admin, GROUPS.get(kill % GROUPS.size()));
                    cluster.kill(coordinator);
                    awaitCommits();
                    cluster.restart(coordinator);
                    awaitCommits();
                }
                background.shutdownNow();
                assertThat(background.awaitTermination(60, SECONDS)).isTrue();
                producer.flush();
                await().atMost(PATIENCE)
                        .untilAsserted(() -> ledgers.values()
                                .forEach(ledger -> assertThat(ledger.missing(ends)
                                                + ledger.wrongs().size())
                                        .as("not consumed, %s", ledger.wrongs())
                                        .isZero()));
                ledgers.values().forEach(ledger -> assertThat(ledger.wrongs()).isEmpty());
            } finally {
                background.shutdownNow();
                members.forEach(StressMember::end);
                for (StressMember member : members) {
                    member.join();
                }
            }
        }
    }

    private void join(String servers) {
        for (String group : GROUPS) {
            for (int i = 0; i < 2; i++) {
                Map<String, Object> settings = new HashMap<>();
                settings.put("bootstrap.servers", servers);
                settings.put("group.id", group);
                settings.put("enable.auto.commit", false);
                settings.put("auto.offset.reset", "earliest");
                settings.put("heartbeat.interval.ms", 300);
                boolean isStatic = group.equals("static");
                StressMember member =
                        new StressMember(group + "-" + i, settings, isStatic, false, i, ledgers.get(group));
                members.add(member);
                member.start();
            }
        }
    }

    private void produce(KafkaProducer<byte[], byte[]> producer) {
        for (int i = 0; i < RECORDS_PER_TICK; i++) {
            int partition = i % PARTITIONS;
            ends[partition]++;
            producer.send(
                    new ProducerRecord<>(KafkaClientsGroupStressTest.TOPIC, partition, null, new byte[20]),
                    (written, failure) -> {
                        if (failure != null) {
                            ledgers.get(GROUPS.get(0)).wrong("a record could not be produced: " + failure);
                        }
                    });
        }
    }

    private void watch(Admin admin) {
        for (String group : GROUPS) {
            try {
                ledgers.get(group)
                        .watched(admin.listConsumerGroupOffsets(group)
                                .partitionsToOffsetAndMetadata()
                                .get());
            } catch (ExecutionException failure) {
                ledgers.get(group).wrong("could not be watched: " + failure);
            } catch (InterruptedException over) {
                return;
            }
        }
    }

    private void awaitCommits() {
        Map<String, Long> before = new HashMap<>();
        ledgers.forEach((group, ledger) -> before.put(group, ledger.commits()));
        await().atMost(PATIENCE)
                .untilAsserted(() -> ledgers.forEach((group, ledger) -> assertThat(ledger.commits())
                        .as("commits of %s, %s", group, ledger.wrongs())
                        .isGreaterThan(before.get(group) + 10)));
    }

    private static int coordinatorOf(Admin admin, String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group))
                .all()
                .get(60, SECONDS)
                .get(group)
                .coordinator()
                .id();
    }
}
