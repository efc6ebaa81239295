package io.odradek.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Many groups with a position in each partition of one topic. {@code commit} commits all of them again and again, so many
 * requests at a time; it prints a line when the first round is done, and what the others took at the end. {@code await} prints
 * a line when it is ready, waits for one, and prints how many milliseconds after that all groups had been asked for their
 * positions and had told them.
 */
public final class GroupsLoad {
    private static final String TOPIC = "bench";

    private final Admin admin;
    private final int groups;
    private final int partitions;

    private GroupsLoad(String servers, int groups, int partitions) {
        this.admin = Admin.create(Map.<String, Object>of(
                "bootstrap.servers",
                servers,
                "default.api.timeout.ms",
                300_000,
                "reconnect.backoff.max.ms",
                50,
                "retry.backoff.ms",
                20));
        this.groups = groups;
        this.partitions = partitions;
    }

    /** @param arguments {@code commit} or {@code await}, the servers, groups, partitions; then rounds and requests at a time */
    public static void main(String[] arguments) throws Exception {
        GroupsLoad load = new GroupsLoad(arguments[1], Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        if (arguments[0].equals("await")) {
            System.out.println("ready");
            System.in.read();
            load.awaitAll();
        } else {
            load.commitAll(Integer.parseInt(arguments[4]), Integer.parseInt(arguments[5]));
        }
        load.admin.close();
    }

    private void commitAll(int rounds, int atATime) throws Exception {
        admin.createTopics(List.of(new NewTopic(TOPIC, partitions, (short) 1)))
                .all()
                .get();
        commit(0, atATime);
        System.out.println("warm");
        long startNs = System.nanoTime();
        for (int round = 1; round <= rounds; round++) {
            commit(round, atATime);
        }
        System.out.printf("%.0f%n", (double) rounds * groups / (System.nanoTime() - startNs) * 1e9);
    }

    private void commit(int round, int atATime) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> positions = new TreeMap<>((a, b) -> a.partition() - b.partition());
        for (int partition = 0; partition < partitions; partition++) {
            positions.put(new TopicPartition(TOPIC, partition), new OffsetAndMetadata(round));
        }
        Semaphore permits = new Semaphore(atATime);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int group = 0; group < groups; group++) {
            permits.acquire();
            admin.alterConsumerGroupOffsets("group-" + group, positions).all().whenComplete((nothing, failed) -> {
                if (failed != null) {
                    failure.set(failed);
                }
                permits.release();
            });
        }
        permits.acquire(atATime);
        if (failure.get() != null) {
            throw new IllegalStateException(failure.get());
        }
    }

    private void awaitAll() throws Exception {
        long startNs = System.nanoTime();
        Map<String, ListConsumerGroupOffsetsSpec> asked = new TreeMap<>();
        for (int group = 0; group < groups; group++) {
            asked.put("group-" + group, new ListConsumerGroupOffsetsSpec());
        }
        Map<String, Map<TopicPartition, OffsetAndMetadata>> told =
                admin.listConsumerGroupOffsets(asked).all().get();
        told.forEach((group, positions) -> {
            if (positions.size() != partitions) {
                throw new IllegalStateException(group + " has " + positions);
            }
        });
        System.out.println((System.nanoTime() - startNs) / 1_000_000);
    }
}
