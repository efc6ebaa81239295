package io.odradek.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.engine.Ledger.Existence;
import io.odradek.core.engine.Ledger.Topic;
import io.odradek.protocol.TopicPartition;
import io.odradek.storage.log.LogSetting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A broker's lives under clients, as a seed decides: it is stopped, killed, robbed of its power while it starts, serves and
 * stops, its disks fail and are full. At the end all is well again, and then: what was acknowledged is there, every request
 * has been completed, nothing is parked, nothing is left open.
 */
final class EngineHistory {
    private static final String GROUP = "simple";
    private static final long QUIET_MS = 120_000;
    private static final long LONGEST_MS = 120_000;

    private final Random random;
    private final SimulatedBed bed;
    private final Ledger ledger = new Ledger();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final boolean forced;
    private final List<String> course = new ArrayList<>();

    EngineHistory(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        forced = random.nextBoolean();
        bed = new SimulatedBed(seed, Map.of("log.flush.policy", forced ? "commit" : "interval"));
        course.add(forced ? "forced" : "unforced");
        for (String topic : SimulatedClient.TOPICS) {
            clients.add(new TopicAdmin(topic, bed.world, bed.broker, ledger));
            clients.add(new IdempotentProducer("idempotent-" + topic, topic, bed.world, bed.broker, ledger));
        }
        for (int i = 0; i < 3; i++) {
            clients.add(new RecordProducer("producer-" + i, bed.world, bed.broker, ledger));
            clients.add(new RecordConsumer("consumer-" + i, bed.world, bed.broker, ledger));
            clients.add(new GroupMember("member-" + i, "members", bed.world, bed.broker, ledger));
        }
        clients.add(new OffsetCommitter(GROUP, bed.world, bed.broker, ledger));
    }

    /** {@return what happened, for the message of a failure} */
    List<String> course() {
        return course;
    }

    /** {@return tells this course of tasks from another} */
    long fingerprint() {
        return bed.world.history();
    }

    /** {@return how many answers the clients got} */
    int answers() {
        return clients.stream().mapToInt(SimulatedClient::answers).sum();
    }

    /** {@return how many records were promised that had to be there at the end} */
    long records() {
        return ledger.topics().values().stream()
                .mapToLong(Topic::acknowledgedRecords)
                .sum();
    }

    void run() {
        bed.start();
        clients.forEach(SimulatedClient::pause);
        for (int incidents = 1 + random.nextInt(4); incidents > 0; incidents--) {
            pass(2_500);
            incident();
        }
        pass(1_500);
        heal();
        pass(2_500);
        clients.forEach(SimulatedClient::rest);
        course.add("rest");
        bed.world.advanceMs(QUIET_MS);
        assertThat(bed.broker.isServing()).as("serving").isTrue();
        assertThat(bed.broker.open()).as("requests that nobody has completed").isEmpty();
        assertThat(bed.broker.parked()).as("parked operations").isZero();
        verify();
        end();
        bed.start();
        verify();
        bed.stop();
        loseTheTree();
        bed.disk.close();
    }

    /** All that the tree held is beside the data too. */
    private void loseTheTree() {
        course.add("lose the tree");
        try {
            for (Path folder : SimulatedBed.FOLDERS) {
                bed.disk.delete(folder.resolve("coordination.journal"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bed.start();
        verify();
        if (ledger.topic("small").existence == Existence.PRESENT) {
            assertThat(bed.broker
                            .partition(new TopicPartition("small", 0))
                            .log()
                            .config()
                            .overrides())
                    .containsEntry("segment.bytes", "600")
                    .doesNotContainKey(LogSetting.UNCONFIRMED);
        }
        bed.stop();
    }

    private void pass(int mostMs) {
        bed.world.advanceMs(random.nextInt(mostMs));
    }

    private void incident() {
        int kind = random.nextInt(6);
        ledger.disksFail(kind >= 2 && kind <= 4);
        switch (kind) {
            case 0, 1 -> end();
            case 2 -> breakFolder();
            case 3 -> failOnce();
            case 4 -> fillDisk();
            default -> endWhileItEnds();
        }
        if (bed.broker.isDown()) {
            startMaybeInSteps();
        }
    }

    /** Comes down, in one of the ways that lose nothing that was acknowledged. */
    private void end() {
        int way = bed.broker.isServing() ? random.nextInt(3) : 1 + random.nextInt(2);
        if (way == 0) {
            course.add("stop");
            bed.stop();
        } else {
            crash(way == 1);
        }
    }

    private void crash(boolean killOnly) {
        if (killOnly || !forced) {
            course.add("kill");
            bed.broker.kill();
        } else {
            course.add("power loss");
            bed.broker.losePower();
        }
    }

    private void endWhileItEnds() {
        if (bed.broker.isServing()) {
            course.add("stop begins");
            bed.broker.stop();
            pass(30);
        }
        crash(random.nextBoolean());
    }

    private void startMaybeInSteps() {
        while (random.nextInt(3) == 0) {
            course.add("start begins");
            bed.broker.start();
            pass(30);
            crash(random.nextBoolean());
        }
        course.add("start");
        bed.broker.start();
    }

    private void breakFolder() {
        Path folder = SimulatedBed.FOLDERS.get(random.nextInt(2));
        course.add("break " + folder);
        bed.disk.breakBelow(folder.getParent());
        pass(2_000);
        if (random.nextBoolean()) {
            end();
            course.add("start on a broken disk");
            bed.broker.start();
            pass(2_000);
        }
        course.add("mend");
        bed.disk.mend();
        if (!bed.broker.isDown()) {
            pass(500);
            end();
        }
    }

    private void failOnce() {
        course.add("fail once");
        bed.disk.failOperation(1 + random.nextInt(100));
        pass(2_000);
        if (!bed.broker.isDown()) {
            end();
        }
    }

    private void fillDisk() {
        course.add("fill");
        bed.disk.diskFullAfter(random.nextInt(20_000));
        pass(4_000);
        boolean again = random.nextInt(3) == 0;
        if (again) {
            end();
            course.add("start on a full disk");
            bed.broker.start();
            pass(2_000);
        }
        course.add("free");
        bed.disk.freeSpace();
        if (again && !bed.broker.isDown()) {
            // A log folder that could not be loaded for want of room comes with the next start, not before.
            end();
        }
    }

    /** All is well from now on; what came of the last incident is over. */
    private void heal() {
        course.add("heal");
        bed.disk.freeSpace();
        bed.disk.mend();
        if (bed.broker.isDown()) {
            bed.start();
        } else {
            bed.world.runUntil(() -> bed.broker.isServing() || bed.broker.isDown(), LONGEST_MS);
        }
        if (bed.broker.isDown()) {
            // Of a start that the disk had refused.
            bed.start();
        }
        ledger.disksFail(false);
    }

    private void verify() {
        course.add("verify");
        Set<String> found = bed.topics();
        for (Topic topic : ledger.topics().values()) {
            if (topic.existence == Existence.PRESENT) {
                assertThat(found).contains(topic.name);
                for (int partition = 0; partition < SimulatedClient.PARTITIONS; partition++) {
                    topic.check(partition, 0, Long.MAX_VALUE, bed.readAll(topic.name, partition));
                }
            } else if (topic.existence == Existence.ABSENT) {
                assertThat(found).doesNotContain(topic.name);
            }
        }
        for (String group : ledger.groups()) {
            ledger.checkPositions(group, bed.committed(group));
        }
    }
}
