package io.odradek.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.partition.LeaderLog;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.ReplicaRole.Leading;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Three brokers and what befalls them by chance: cut off, killed, without power, restarted, elected anew from those in sync,
 * while producers append. Nothing that was committed may be lost, and no log may differ from another below both their high
 * watermarks.
 */
final class ReplicationHistory {
    private static final List<Integer> ALL = List.of(1, 2, 3);
    private static final int PARTITIONS = 3;

    private final Random random;
    private final ReplicationBed bed;
    private final List<Append> open = new ArrayList<>();
    private final List<Append> committed = new ArrayList<>();
    private final Map<String, Long> highWatermarks = new TreeMap<>();
    private final List<String> events = new ArrayList<>();
    private int appends;

    /** One batch that a producer sent with acks=all. */
    private record Append(int partition, int leaderEpoch, Leading term, int broker, long end, String batch) {}

    ReplicationHistory(long seed) {
        random = new Random(seed);
        Map<String, String> config = new TreeMap<>(Map.of("min.insync.replicas", "2", "segment.bytes", "600"));
        if (random.nextInt(4) == 0) {
            config.put("flush.messages", "1");
        }
        bed = new ReplicationBed(seed, config, 1, 2, 3);
        bed.fetchersPerLeader = 1 + random.nextInt(2);
        bed.slowestOrderMs = new int[] {1, 50, 1_500}[random.nextInt(3)];
        bed.start();
    }

    void run(int steps) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            bed.elect(partition, 1 + partition, 0, ALL, ALL);
        }
        bed.world.advanceMs(2_000);
        for (int step = 0; step < steps; step++) {
            act();
            bed.world.advanceMs(random.nextInt(10) == 0 ? random.nextInt(15_000) : random.nextInt(40));
            check();
        }
        recover();
    }

    int committedAppends() {
        return committed.size();
    }

    /** {@return what has happened, and how the partitions stand} */
    String describe() {
        StringBuilder text = new StringBuilder(String.join("\n", events));
        for (int partition = 0; partition < PARTITIONS; partition++) {
            text.append("\npartition ").append(partition).append(", ").append(bed.describe(partition));
        }
        return text.toString();
    }

    private void act() {
        int broker = 1 + random.nextInt(3);
        switch (random.nextInt(24)) {
            case 0 -> kill(broker, false);
            case 1 -> kill(broker, true);
            case 2, 3, 4 -> start(broker);
            case 5 -> cutOff(broker);
            case 6, 7, 8 -> heal(broker);
            case 9 -> elect(random.nextInt(PARTITIONS));
            case 10 -> takenForDead(broker);
            case 11 -> deleteRecords(random.nextInt(PARTITIONS));
            default -> append(random.nextInt(PARTITIONS));
        }
    }

    private void event(String text) {
        events.add(bed.world.clock().monotonicNs() / 1_000_000 + " " + text);
    }

    private PartitionState state(int partition) {
        return bed.states.get(ReplicationBed.id(partition));
    }

    private void append(int partition) {
        for (ReplicaNode node : bed.nodes.values()) {
            Partition replica = node.isUp() ? node.partition(partition) : null;
            if (replica != null && replica.role() instanceof Leading leading) {
                long before = node.end(partition);
                node.tryAppend(partition, 1 + random.nextInt(3));
                if (node.end(partition) > before) {
                    List<String> batches = node.contents(partition);
                    open.add(new Append(
                            partition,
                            leading.leaderEpoch(),
                            leading,
                            node.brokerId,
                            node.end(partition),
                            batches.get(batches.size() - 1)));
                    appends++;
                }
            }
        }
    }

    private void deleteRecords(int partition) {
        PartitionState state = state(partition);
        ReplicaNode node = state.leader() < 0 ? null : bed.node(state.leader());
        if (node != null
                && node.isUp()
                && node.partition(partition) != null
                && node.partition(partition).role() instanceof Leading) {
            event("records of " + partition + " are deleted");
            long left = node.highWatermark(partition) - node.start(partition);
            node.deleteRecords(partition, node.start(partition) + random.nextInt((int) left + 1));
        }
    }

    private void cutOff(int broker) {
        event("cut off " + broker);
        bed.cutOff.add(broker);
    }

    private void heal(int broker) {
        event("heal " + broker);
        bed.heal(broker);
    }

    /** With the loss of power goes what was not forced: within the budget if two others have it. */
    private void kill(int broker, boolean power) {
        boolean lossy = power
                && bed.states.values().stream()
                        .allMatch(state -> state.isr().stream()
                                        .filter(other -> other != broker
                                                && bed.node(other).isUp())
                                        .count()
                                == 2);
        if (!bed.node(broker).isUp()) {
            return;
        }
        event((lossy ? "power loss of " : "kill ") + broker);
        if (lossy) {
            bed.node(broker).losePower();
        } else {
            bed.node(broker).kill();
        }
        dead(broker);
    }

    private void start(int broker) {
        if (!bed.node(broker).isUp()) {
            event("start " + broker);
            bed.node(broker).start();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                if (state(partition).leader() < 0) {
                    elect(partition);
                } else {
                    bed.tell(broker, partition);
                }
            }
        }
    }

    /** Its session ends though it lives: it is fenced when it hears of it, or before. */
    private void takenForDead(int broker) {
        if (bed.node(broker).isUp() && bed.cutOff.contains(broker)) {
            event(broker + " is taken for dead");
            dead(broker);
            if (random.nextBoolean()) {
                bed.node(broker).replicas.fence();
            }
        }
    }

    private void dead(int broker) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            PartitionState state = state(partition);
            List<Integer> isr = new ArrayList<>(state.isr());
            if (isr.size() > 1) {
                isr.remove((Integer) broker);
            }
            int leader = state.leader() == broker ? firstLive(isr, broker) : state.leader();
            if (!isr.equals(state.isr()) || leader != state.leader()) {
                decide(partition, leader, isr);
            }
        }
    }

    private int firstLive(List<Integer> isr, int notThis) {
        return isr.stream()
                .filter(broker -> broker != notThis && bed.node(broker).isUp() && !bed.cutOff.contains(broker))
                .findFirst()
                .orElse(-1);
    }

    private void elect(int partition) {
        List<Integer> live = state(partition).isr().stream()
                .filter(broker -> bed.node(broker).isUp() && !bed.cutOff.contains(broker))
                .toList();
        if (!live.isEmpty()) {
            decide(
                    partition,
                    live.get(random.nextInt(live.size())),
                    state(partition).isr());
        }
    }

    private void decide(int partition, int leader, List<Integer> isr) {
        event(partition + " is led by " + leader + " in epoch "
                + (state(partition).leaderEpoch() + 1) + " with " + isr);
        bed.elect(partition, leader, state(partition).leaderEpoch() + 1, isr, ALL);
    }

    private void check() {
        open.removeIf(this::isOver);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (ReplicaNode node : bed.nodes.values()) {
                if (node.isUp() && node.partition(partition) != null) {
                    check(partition, node);
                }
            }
        }
    }

    private void check(int partition, ReplicaNode node) {
        long highWatermark = node.highWatermark(partition);
        assertThat(highWatermark)
                .as("high watermark of " + partition + " on " + node.brokerId)
                .isBetween(node.start(partition), node.end(partition));
        if (node.partition(partition).role() instanceof Leading leading) {
            String term = partition + "/" + leading.leaderEpoch() + "/" + node.brokerId + "/" + node.lives();
            Long before = highWatermarks.put(term, highWatermark);
            assertThat(before == null ? 0 : before).as(term).isLessThanOrEqualTo(highWatermark);
        }
    }

    private boolean isOver(Append append) {
        ReplicaNode node = bed.node(append.broker());
        Partition replica = node.isUp() ? node.partition(append.partition()) : null;
        if (replica == null) {
            return true;
        }
        ErrorCode outcome = LeaderLog.committed(replica, append.end(), append.leaderEpoch());
        if (outcome == ErrorCode.NONE) {
            committed.add(append);
        }
        return outcome != null;
    }

    /** A leader may have let its log begin later and failed before anybody followed. */
    private void alignStarts(int partition) {
        ReplicaNode leader = bed.node(state(partition).leader());
        bed.world.runUntil(() -> leader.highWatermark(partition) == leader.end(partition), 60_000);
        long latest = bed.nodes.values().stream()
                .mapToLong(node -> node.start(partition))
                .max()
                .orElseThrow();
        leader.deleteRecords(partition, latest);
    }

    private void recover() {
        for (int broker : ALL) {
            start(broker);
            heal(broker);
        }
        bed.world.advanceMs(10_000);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            // Those who were taken for dead have come back, and are in sync again or about to be.
            elect(partition);
        }
        bed.world.advanceMs(2_000);
        bed.world.runUntil(
                () -> bed.states.values().stream().allMatch(state -> state.isr().size() == 3), 120_000);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            alignStarts(partition);
            bed.awaitSame(partition, 1, 2, 3);
        }
        check();
        SortedMap<Integer, List<String>> contents = new TreeMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            contents.put(partition, bed.node(1).contents(partition));
        }
        for (Append append : committed) {
            if (append.end() > bed.node(1).start(append.partition())) {
                assertThat(contents.get(append.partition())).contains(append.batch());
            }
        }
        assertThat(appends).isPositive();
    }
}
