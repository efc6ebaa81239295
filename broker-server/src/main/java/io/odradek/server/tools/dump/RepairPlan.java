package io.odradek.server.tools.dump;

import io.odradek.storage.checkpoint.MalformedFileException;
import io.odradek.storage.checkpoint.OffsetCheckpointFile;
import io.odradek.storage.epoch.LeaderEpochCache;
import io.odradek.storage.epoch.MalformedCheckpointException;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.LogFileNames;
import io.odradek.storage.producer.ProducerSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Decides what is to be repaired in a log folder or in the folder of a partition; reads only. */
final class RepairPlan {
    private static final String DELETED_FOLDER = "-delete";

    private final LogFileSystem files;
    private final List<Repair> repairs = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    RepairPlan(LogFileSystem files) {
        this.files = files;
    }

    /** Adds what a folder needs. */
    void add(Path folder) throws IOException {
        List<Path> segments = new ArrayList<>();
        for (String name : files.list(folder)) {
            Path path = folder.resolve(name);
            FileKind kind = FileKind.of(name);
            if (kind == FileKind.LOG) {
                segments.add(path);
            } else if (kind != null) {
                addSmall(path, kind);
            } else if (!name.endsWith(DELETED_FOLDER) && files.isFolder(path)) {
                add(path);
            }
        }
        addSegments(segments);
    }

    private void addSegments(List<Path> segments) throws IOException {
        long expected = -1;
        for (int i = 0; i < segments.size(); i++) {
            Path path = segments.get(i);
            long base = baseOffset(path);
            long nextBase = i + 1 < segments.size() ? baseOffset(segments.get(i + 1)) : Long.MAX_VALUE;
            if (expected >= 0 && base > expected) {
                notes.add(path.getParent() + ": no file has offsets " + expected + " to " + (base - 1)
                        + "; they were cleaned away, or are lost");
            }
            SegmentScan scan = scan(path, base, nextBase);
            if (!scan.damages().isEmpty()) {
                repairs.add(
                        scan.whole().isEmpty()
                                ? new Repair.SetAside(path, "there is no whole batch in it")
                                : new Repair.Splice(path, scan.whole(), scan));
            }
            expected = scan.nextOffset();
        }
    }

    private SegmentScan scan(Path path, long base, long nextBase) throws IOException {
        try (LogFile file = files.openForRead(path)) {
            return SegmentScan.of(file, base, nextBase);
        }
    }

    static long baseOffset(Path path) {
        return LogFileNames.offset(path.getFileName().toString());
    }

    /** Of the small files each is made anew by a start of the broker. Indexes are compared with their logs then. */
    private void addSmall(Path path, FileKind kind) throws IOException {
        try {
            switch (kind) {
                case PRODUCER_SNAPSHOT -> ProducerSnapshot.entries(files, path);
                case LEADER_EPOCHS -> LeaderEpochCache.load(files, path);
                case RECOVERY_POINTS, LOG_STARTS, HIGH_WATERMARKS, CLEANER_OFFSETS ->
                    new OffsetCheckpointFile(
                                    files,
                                    path.toAbsolutePath().getParent(),
                                    path.getFileName().toString())
                            .read();
                default -> {}
            }
        } catch (MalformedFileException | MalformedCheckpointException malformed) {
            repairs.add(new Repair.SetAside(path, Problems.without(path, malformed)));
        }
    }

    /** {@return what is to be done} */
    List<Repair> repairs() {
        return repairs;
    }

    /** {@return what is worth a word and cannot be repaired} */
    List<String> notes() {
        return notes;
    }
}
