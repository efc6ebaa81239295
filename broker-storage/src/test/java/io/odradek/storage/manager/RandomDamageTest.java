package io.odradek.storage.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One to three faults in the files of a log folder, while it is served, after a stop, or after a crash: whatever they are, all
 * records outside the segments that were struck are read, what was acknowledged and not struck is on the disk, and all
 * partitions take records. {@code -Ddamage.seeds=N} tries so many seeds, {@code -Dseed=N} one again.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class RandomDamageTest {
    private static final long ENOUGH_NS = TimeUnit.SECONDS.toNanos(4);

    @TempDir
    private Path root;

    private FolderTemplate template;

    private enum When {
        STOPPED,
        KILLED,
        RUNNING
    }

    @BeforeEach
    void write() throws IOException {
        template = new FolderTemplate(root.resolve("template"));
    }

    @Test
    void aFaultCostsItsSegmentAndNoMore() throws IOException {
        Long seed = Long.getLong("seed");
        if (seed != null) {
            tryOne(seed);
            return;
        }
        Integer seeds = Integer.getInteger("damage.seeds");
        long first = System.nanoTime();
        long done = 0;
        long begun = System.nanoTime();
        while (seeds == null ? System.nanoTime() - begun < ENOUGH_NS : done < seeds) {
            tryOne(first + done);
            done++;
        }
        System.out.println("RandomDamageTest: " + done + " seeds from " + first);
    }

    private void tryOne(long seed) throws IOException {
        Random random = new Random(seed);
        When when = When.values()[random.nextInt(When.values().length)];
        RandomFaults faults = new RandomFaults(template, random);
        Path folder = root.resolve("seed" + seed);
        try {
            template.layOut(folder);
            Round round = new Round(folder, faults, when);
            if (when == When.RUNNING) {
                round.strikeWhileItRuns();
            } else {
                if (when == When.KILLED) {
                    Files.delete(folder.resolve(".kafka_cleanshutdown"));
                }
                faults.strike(folder);
            }
            round.start();
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError("-Dseed=" + seed + ", " + when + ", " + faults, e);
        }
        remove(folder);
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** One folder that is struck. */
    private final class Round {
        private final Path folder;
        private final RandomFaults faults;
        private final When when;

        private Round(Path folder, RandomFaults faults, When when) {
            this.folder = folder;
            this.faults = faults;
            this.when = when;
        }

        /** Files are open, or have been, when they are struck. */
        void strikeWhileItRuns() throws IOException {
            try (FolderTemplate.Opened opened = new FolderTemplate.Opened(folder)) {
                for (int i = 0; i < FolderTemplate.PARTITIONS; i++) {
                    Log log = log(opened, i);
                    new LogReading(log, template.batches(log.id())).read(log.startOffset());
                }
                faults.strike(folder);
                checkAll(opened, true);
            }
        }

        /** Starts, twice: what the first start has mended must be so for the second. */
        void start() throws IOException {
            try (FolderTemplate.Opened opened = new FolderTemplate.Opened(folder)) {
                checkAll(opened, when == When.RUNNING);
            }
            try (FolderTemplate.Opened opened = new FolderTemplate.Opened(folder)) {
                checkAll(opened, when == When.RUNNING);
            }
        }

        private Log log(FolderTemplate.Opened opened, int partition) {
            assertThat(opened.folders.online()).containsExactly(folder);
            return opened.manager.log(FolderTemplate.id(partition)).orElseThrow();
        }

        private void checkAll(FolderTemplate.Opened opened, boolean untouched) throws IOException {
            for (int i = 0; i < FolderTemplate.PARTITIONS; i++) {
                Log log = log(opened, i);
                try {
                    LogReading reading = new LogReading(log, template.batches(log.id()));
                    reading.read(log.startOffset());
                    assertThat(reading.offsets()).containsAll(expected(log));
                    LogReading.append(log);
                    checkDisk(log.id());
                } catch (IOException | RuntimeException | AssertionError e) {
                    throw new AssertionError(log.id().toString(), e);
                }
            }
        }

        /** The offsets of all records outside the segments that were struck. */
        private SortedSet<Long> expected(Log log) {
            TopicPartition id = log.id();
            SortedSet<Long> struck = faults.segments(id);
            SortedSet<Long> expected = new TreeSet<>();
            SortedMap<Long, Long> segments = template.segments(id);
            for (Map.Entry<Long, Long> segment : segments.entrySet()) {
                // After a crash a log ends at a damage that was not known to be on the disk; what follows is put aside.
                boolean cut = when == When.KILLED
                        && !struck.headSet(segment.getKey() + 1).isEmpty()
                        && faults.struck("recovery-point-offset-checkpoint");
                if (!struck.contains(segment.getKey()) && !cut) {
                    template.batches(id)
                            .subMap(segment.getKey(), segment.getValue())
                            .forEach((base, batch) -> LogReading.addOffsets(batch, expected));
                }
            }
            long start = faults.struck("log-start-offset-checkpoint") ? log.startOffset() : template.start(id);
            return expected.tailSet(start);
        }

        /** Whatever was not struck itself is somewhere in the partition's folder. */
        private void checkDisk(TopicPartition id) throws IOException {
            StringBuilder all = new StringBuilder();
            Path partition = folder.resolve(id.toString());
            try (Stream<Path> files = Files.list(partition)) {
                for (Path file :
                        files.filter(path -> path.toString().contains(".log")).toList()) {
                    all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                            .append('|');
                }
            }
            for (Map.Entry<Long, Long> segment : template.segments(id).entrySet()) {
                if (segment.getValue() <= template.start(id)) {
                    continue;
                }
                byte[] left = faults.leftOf(id + "/" + String.format("%020d.log", segment.getKey()));
                String struck = left == null ? null : new String(left, StandardCharsets.ISO_8859_1);
                for (byte[] batch : template.batches(id)
                        .subMap(segment.getKey(), segment.getValue())
                        .values()) {
                    String bytes = new String(batch, StandardCharsets.ISO_8859_1);
                    boolean whole = struck == null || struck.contains(bytes);
                    assertThat(!whole || all.indexOf(bytes) >= 0)
                            .as("A batch of segment %d is on the disk", segment.getKey())
                            .isTrue();
                }
            }
        }
    }
}
