package io.odradek.server.damage;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One to three faults in the files of a log folder with 20 partitions, under a running broker or between two runs: a client
 * reads every record outside the segments that were struck, and writes to every partition. {@code -Ddamage.broker.seeds=N}
 * tries so many seeds, {@code -Dseed=N} one again.
 */
@Timeout(1800)
class BrokerDamageTest {
    private static final String TOPIC = "t";
    private static final int PARTITIONS = 20;
    private static final int RECORDS = 80;
    private static final String[] KINDS = {
        ".log",
        ".log",
        ".index",
        ".timeindex",
        ".snapshot",
        "leader-epoch-checkpoint",
        "-offset-checkpoint",
        "coordination.journal"
    };

    @TempDir
    private Path root;

    private final List<String> told = new ArrayList<>();
    private final SortedMap<Integer, Set<Long>> lost = new TreeMap<>();

    private static EmbeddedBroker start(Path folder) {
        return EmbeddedBroker.builder()
                .logFolder(folder)
                .setting("log.segment.bytes", "3000")
                .setting("log.index.interval.bytes", "500")
                .start();
    }

    @Test
    void aFaultCostsItsSegmentAndNoMore() throws Exception {
        Path template = root.resolve("template");
        try (EmbeddedBroker broker = start(template)) {
            NumberedTopic.create(broker.bootstrapServers(), TOPIC, PARTITIONS);
            for (int i = 0; i < PARTITIONS; i++) {
                new NumberedTopic(TOPIC, i).fill(broker.bootstrapServers(), RECORDS);
            }
        }
        Long seed = Long.getLong("seed");
        int seeds = Integer.getInteger("damage.broker.seeds", 1);
        long first = seed == null ? System.nanoTime() : seed;
        for (int i = 0; i < seeds; i++) {
            try {
                tryOne(template, first + i);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("-Dseed=" + (first + i) + ": " + told, e);
            }
        }
        System.out.println("BrokerDamageTest: " + seeds + " seeds from " + first);
    }

    private void tryOne(Path template, long seed) throws Exception {
        Random random = new Random(seed);
        told.clear();
        lost.clear();
        Path folder = root.resolve("seed" + seed);
        Folders.copy(template, folder);
        boolean running = random.nextBoolean();
        if (running) {
            try (EmbeddedBroker broker = start(folder)) {
                told.add("running");
                new WholeTopic(TOPIC, PARTITIONS).read(broker.bootstrapServers());
                strikeAny(folder, random);
                check(broker);
            }
        } else {
            strikeAny(folder, random);
        }
        try (EmbeddedBroker broker = startAsTold(folder)) {
            check(broker);
        }
        Folders.remove(folder);
    }

    /** The only copy of a journal that cannot be read from its beginning on is the operator's affair: here, who does as told. */
    private static EmbeddedBroker startAsTold(Path folder) throws IOException {
        try {
            return start(folder);
        } catch (UncheckedIOException refusal) {
            assertThat(refusal).hasMessageContainingAll("coordination journal", "no readable entry", "move it away");
            Files.delete(folder.resolve("coordination.journal"));
            return start(folder);
        }
    }

    private void check(EmbeddedBroker broker) throws Exception {
        WholeTopic topic = new WholeTopic(TOPIC, PARTITIONS);
        topic.read(broker.bootstrapServers());
        for (int i = 0; i < PARTITIONS; i++) {
            Set<Long> expected = new HashSet<>();
            for (long offset = 0; offset < RECORDS; offset++) {
                if (!lost.getOrDefault(i, Set.of()).contains(offset)) {
                    expected.add(offset);
                }
            }
            assertThat(topic.found(i)).as("partition %d", i).containsAll(expected);
        }
        topic.append(broker.bootstrapServers());
        assertThat(broker.failure()).isEmpty();
    }

    private void strikeAny(Path folder, Random random) throws IOException {
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            String kind = KINDS[random.nextInt(KINDS.length)];
            List<Path> files;
            try (Stream<Path> all = Files.walk(folder)) {
                files = all.filter(path -> path.toString().endsWith(kind) && isOfTopicOrFolder(folder, path))
                        .sorted()
                        .toList();
            }
            if (!files.isEmpty()) {
                strike(files.get(random.nextInt(files.size())), random);
            }
        }
    }

    private static boolean isOfTopicOrFolder(Path folder, Path path) {
        Path parent = path.getParent();
        return parent.equals(folder) && !path.getFileName().toString().startsWith("log-start")
                || parent.getFileName().toString().startsWith(TOPIC + "-");
    }

    private void strike(Path path, Random random) throws IOException {
        long size = Files.size(path);
        long at = size == 0 ? 0 : random.nextInt((int) size);
        String what;
        if (path.toString().endsWith(".log")) {
            loses(path);
        }
        switch (random.nextInt(3)) {
            case 0 -> {
                what = "byte " + at;
                if (size > 0) {
                    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                        file.seek(at);
                        int before = file.read();
                        file.seek(at);
                        file.write(before ^ 1 << random.nextInt(8));
                    }
                }
            }
            case 1 -> {
                what = "cut at " + at;
                try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                    file.setLength(at);
                }
            }
            default -> {
                what = "removed";
                Files.delete(path);
            }
        }
        told.add(path + " " + what);
    }

    private void loses(Path log) throws IOException {
        int partition =
                Integer.parseInt(log.getParent().getFileName().toString().substring(TOPIC.length() + 1));
        List<Path> segments = SegmentFault.segments(log.getParent());
        int index = segments.indexOf(log);
        long end = index + 1 < segments.size() ? base(segments.get(index + 1)) : RECORDS;
        for (long offset = base(log); offset < end; offset++) {
            lost.computeIfAbsent(partition, any -> new HashSet<>()).add(offset);
        }
    }

    private static long base(Path log) {
        String name = log.getFileName().toString();
        return Long.parseLong(name.substring(0, name.indexOf('.')));
    }
}
