package io.odradek.storage.epoch;

import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * At which offset each leader epoch began (KIP-101, KIP-279), kept in {@code leader-epoch-checkpoint}: a version, a count,
 * and a line {@code epoch startOffset} for each. Every change is written to a file of its own that replaces the old one.
 * It is forced with the log's records, not before: what a power loss takes of it stands in the batches' headers.
 */
public final class LeaderEpochCache {
    private static final long UNKNOWN = -1;

    private final LogFileSystem files;
    private final List<Entry> entries = new ArrayList<>(2);
    private Path path;
    private volatile boolean unforced;

    /** Whether the file lacks what is here: a write has failed, as on a full disk, or was left to the next one. */
    private boolean unwritten;

    private LeaderEpochCache(LogFileSystem files, Path path) {
        this.files = files;
        this.path = path;
    }

    /**
     * The beginning of an epoch.
     *
     * @param epoch the leader epoch
     * @param startOffset the offset of its first record
     */
    public record Entry(int epoch, long startOffset) {}

    /** {@return an empty cache; the file is written at the first change} */
    public static LeaderEpochCache empty(LogFileSystem files, Path path) {
        return new LeaderEpochCache(files, path);
    }

    /**
     * Reads the file.
     *
     * @return the cache, empty if there is no file
     * @throws MalformedCheckpointException if the file is not what was written
     */
    public static LeaderEpochCache load(LogFileSystem files, Path path) throws IOException {
        LeaderEpochCache cache = new LeaderEpochCache(files, path);
        if (files.exists(path)) {
            cache.entries.addAll(EpochFile.read(files, path));
            cache.unforced = true;
        }
        return cache;
    }

    /** {@return the entries, oldest first} */
    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** {@return the newest epoch, or -1} */
    public int latestEpoch() {
        return entries.isEmpty() ? -1 : entries.get(entries.size() - 1).epoch();
    }

    /** {@return the epoch that a record of this offset is of, or -1 if it is not known} */
    public int epochOf(long offset) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).startOffset() <= offset) {
                return entries.get(i).epoch();
            }
        }
        return -1;
    }

    /** Says that an epoch's records begin at an offset. What contradicts it (later epochs or offsets) is forgotten. */
    public void assign(int epoch, long startOffset) throws IOException {
        if (epoch < 0 || epoch == latestEpoch()) {
            if (unwritten) {
                write();
            }
            return;
        }
        add(epoch, startOffset);
        write();
    }

    /**
     * Says that this replica leads in an epoch from an offset on, where the log ends. It is written with the epoch's first
     * records: one without records is nothing that a restart must know.
     */
    public void begin(int epoch, long startOffset) {
        if (epoch > latestEpoch()) {
            add(epoch, startOffset);
            unwritten = true;
        }
    }

    /** An epoch that goes on has begun where it began; later ones that were to begin here have no records. */
    private void add(int epoch, long startOffset) {
        while (!entries.isEmpty() && last().startOffset() >= startOffset) {
            entries.remove(entries.size() - 1);
        }
        if (epoch == latestEpoch()) {
            return;
        }
        while (!entries.isEmpty() && last().epoch() >= epoch) {
            entries.remove(entries.size() - 1);
        }
        entries.add(new Entry(epoch, startOffset));
    }

    private Entry last() {
        return entries.get(entries.size() - 1);
    }

    /**
     * Where an epoch ends.
     *
     * @param epoch the epoch asked for
     * @param logEndOffset the end of the log, where the newest epoch ends
     * @return the largest epoch that is not above it and the offset after its last record; -1 and -1 if unknown
     */
    public Entry endOffsetFor(int epoch, long logEndOffset) {
        if (epoch < 0 || epoch > latestEpoch()) {
            return new Entry(-1, UNKNOWN);
        }
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).epoch() <= epoch) {
                long end = i + 1 < entries.size() ? entries.get(i + 1).startOffset() : logEndOffset;
                return new Entry(entries.get(i).epoch(), end);
            }
        }
        return new Entry(epoch, entries.get(0).startOffset());
    }

    /** Forgets epochs that begin at or after an offset: the log ends there now. */
    public void truncateFromEnd(long endOffset) throws IOException {
        int before = entries.size();
        while (!entries.isEmpty() && last().startOffset() >= endOffset) {
            entries.remove(entries.size() - 1);
        }
        if (entries.size() != before || unwritten) {
            write();
        }
    }

    /** Forgets epochs that end before an offset, where the log begins now; the one it lies in begins there. */
    public void truncateFromStart(long startOffset) throws IOException {
        if (entries.isEmpty() || entries.get(0).startOffset() >= startOffset) {
            return;
        }
        while (entries.size() > 1 && entries.get(1).startOffset() <= startOffset) {
            entries.remove(0);
        }
        entries.set(0, new Entry(entries.get(0).epoch(), startOffset));
        write();
    }

    /** Forgets everything. */
    public void clear() throws IOException {
        if (!entries.isEmpty()) {
            entries.clear();
            write();
        }
    }

    /** Writes what is known, be it nothing. */
    public void save() throws IOException {
        write();
    }

    /** The mark comes after the write: a force that runs meanwhile may have reached the file before it was replaced. */
    private void write() throws IOException {
        unwritten = true;
        EpochFile.write(files, path, entries);
        unwritten = false;
        unforced = true;
    }

    /** {@return whether the file may differ from what is on the disk} */
    public boolean unforced() {
        return unforced;
    }

    /** Says that the file, as it was read, is known to be on the disk: the last stop was clean. */
    public void knownToBeForced() {
        unforced = false;
    }

    /**
     * Forces the file to the disk if it changed. May be called from any thread.
     *
     * @return whether it did, so that the folder must be forced too
     */
    public boolean force() throws IOException {
        if (!unforced) {
            return false;
        }
        unforced = false;
        boolean forced = false;
        try (LogFile file = files.open(path)) {
            file.force();
            forced = true;
        } finally {
            unforced |= !forced;
        }
        return true;
    }

    /** Says that the folder has been renamed. */
    public void movedTo(Path newPath) {
        path = newPath;
    }

    /** The file's text. */
    private static final class EpochFile {
        private static final int MAX_SIZE_BYTES = 16 << 20;

        static List<Entry> read(LogFileSystem files, Path path) throws IOException {
            String text;
            try (LogFile file = files.openForRead(path)) {
                long size = file.sizeBytes();
                if (size > MAX_SIZE_BYTES) {
                    throw new MalformedCheckpointException(path + " is too large: " + size + " bytes");
                }
                ByteBuffer bytes = ByteBuffer.allocate((int) size);
                file.read(bytes, 0);
                text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            }
            try {
                return parse(text);
            } catch (IllegalArgumentException e) {
                throw new MalformedCheckpointException(path + " is damaged: " + e.getMessage());
            }
        }

        private static List<Entry> parse(String text) {
            String[] lines = text.split("\n", -1);
            if (lines.length < 3 || !lines[0].equals("0") || !lines[lines.length - 1].isEmpty()) {
                throw new IllegalArgumentException("no version 0, or no end");
            }
            int count = Integer.parseInt(lines[1]);
            if (count != lines.length - 3) {
                throw new IllegalArgumentException(count + " entries promised in " + lines.length + " lines");
            }
            List<Entry> entries = new ArrayList<>(count);
            for (int i = 2; i < lines.length - 1; i++) {
                int space = lines[i].indexOf(' ');
                if (space < 0) {
                    throw new IllegalArgumentException("line " + (i + 1) + " is no entry");
                }
                Entry entry = new Entry(
                        Integer.parseInt(lines[i].substring(0, space)), Long.parseLong(lines[i].substring(space + 1)));
                Entry last = entries.isEmpty() ? new Entry(-1, -1) : entries.get(entries.size() - 1);
                if (entry.epoch() <= last.epoch() || entry.startOffset() < last.startOffset()) {
                    throw new IllegalArgumentException("line " + (i + 1) + " goes back");
                }
                entries.add(entry);
            }
            return entries;
        }

        static void write(LogFileSystem files, Path path, List<Entry> entries) throws IOException {
            StringBuilder text =
                    new StringBuilder().append("0\n").append(entries.size()).append('\n');
            for (Entry entry : entries) {
                text.append(entry.epoch())
                        .append(' ')
                        .append(entry.startOffset())
                        .append('\n');
            }
            Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
            try (LogFile file = files.open(temporary)) {
                file.truncate(0);
                file.append(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
            }
            files.rename(temporary, path);
        }
    }
}
