package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** One to three faults that a seed chooses: a byte of a file is changed, a file is cut, or removed. */
final class RandomFaults {
    private static final String LOG_STARTS = "log-start-offset-checkpoint";
    private static final String[] OF_FOLDER = {
        "recovery-point-offset-checkpoint", LOG_STARTS, "replication-offset-checkpoint", "cleaner-offset-checkpoint"
    };
    private static final String[] OF_PARTITION = {
        ".log",
        ".log",
        ".log",
        ".index",
        ".timeindex",
        ".txnindex",
        ".snapshot",
        "leader-epoch-checkpoint",
        "partition.metadata"
    };

    private final FolderTemplate template;
    private final Random random;
    private final SortedMap<TopicPartition, SortedSet<Long>> struckSegments = new TreeMap<>();
    private final SortedMap<String, byte[]> struck = new TreeMap<>();
    private final List<String> told = new ArrayList<>();

    RandomFaults(FolderTemplate template, Random random) {
        this.template = template;
        this.random = random;
    }

    /** Strikes files that are as in the template, but that those of segments which are appended to may have grown. */
    void strike(Path folder) throws IOException {
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            String name = choose();
            if (!struck.containsKey(name)) {
                strike(folder.resolve(name), name);
            }
        }
    }

    private String choose() {
        if (random.nextInt(8) == 0) {
            String name = OF_FOLDER[random.nextInt(OF_FOLDER.length)];
            if (template.files().containsKey(name)) {
                return name;
            }
        }
        String ending = OF_PARTITION[random.nextInt(OF_PARTITION.length)];
        List<String> names = template.files().keySet().stream()
                .filter(name -> name.indexOf('/') > 0 && name.endsWith(ending))
                .toList();
        return names.get(random.nextInt(names.size()));
    }

    private void strike(Path path, String name) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        byte[] whole = template.files().get(name);
        int at = whole.length == 0 ? 0 : random.nextInt(whole.length);
        byte[] after = Files.readAllBytes(path);
        // A number in it that has grown is another beginning of a log, and no checksum tells.
        int what = name.equals(LOG_STARTS) ? 1 + random.nextInt(2) : random.nextInt(3);
        if (what == 0 && whole.length > 0 && after.length > 0) {
            // A checkpoint that was written anew while the broker runs may have become shorter.
            at %= after.length;
            after[at] ^= (byte) (1 << random.nextInt(8));
            told.add(name + ": byte " + at + " changed to " + after[at]);
            overwrite(path, after);
        } else if (what == 1) {
            after = Arrays.copyOf(whole, at);
            told.add(name + ": cut at " + at);
            overwrite(path, after);
        } else {
            after = new byte[0];
            told.add(name + ": removed");
            Files.delete(path);
        }
        struck.put(name, after);
        if (name.endsWith(".log")) {
            int slash = name.indexOf('/');
            struckSegments
                    .computeIfAbsent(
                            PartitionFolderName.parse(name.substring(0, slash)).orElseThrow(), id -> new TreeSet<>())
                    .add(Long.parseLong(name.substring(slash + 1, name.length() - ".log".length())));
        }
    }

    /** In the file itself: a broker may have it open. */
    private static void overwrite(Path path, byte[] bytes) throws IOException {
        try (var file = new java.io.RandomAccessFile(path.toFile(), "rw")) {
            file.write(bytes);
            file.setLength(bytes.length);
        }
    }

    /** {@return the base offsets of a partition's segments whose batches were struck} */
    SortedSet<Long> segments(TopicPartition id) {
        return struckSegments.getOrDefault(id, new TreeSet<>());
    }

    /** {@return whether a file of a log folder was struck} */
    boolean struck(String name) {
        return struck.containsKey(name);
    }

    /** {@return what is left of a file, null if it was not struck} */
    byte[] leftOf(String name) {
        return struck.get(name);
    }

    @Override
    public String toString() {
        return String.join("; ", told);
    }
}
