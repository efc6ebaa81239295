package io.odradek.storage.log;

import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one recovery leaves out of a log though there are whole batches in it: it stays in the partition's folder as {@code
 * OFFSET.log.left-out.N}, a name that neither this broker nor Kafka loads, until an operator deletes it or the partition is
 * deleted. OFFSET is where a segment began, or where the log was cut; N counts the recoveries that have left something, and
 * is one more where both are the same.
 * Where as many have as may, a further one deletes, and says so.
 */
final class LeftOut {
    private static final Logger LOGGER = LoggerFactory.getLogger(LeftOut.class);
    private static final String UNFINISHED = ".tmp";
    private static final int COPY_BYTES = 64 * 1024;
    private static final int MOST_NAMES_TOLD = 10;

    private final LogState log;
    private final LogFileSystem files;
    private final BatchSearch found = new BatchSearch();
    private final List<String> names = new ArrayList<>();
    private final List<String> before = new ArrayList<>();
    private final boolean kept;
    private int number;
    private int leftOut;

    /** @param namesInFolder what the partition's folder holds */
    LeftOut(LogState log, List<String> namesInFolder) {
        this.log = log;
        this.files = log.context.files();
        SortedSet<Integer> numbers = new TreeSet<>();
        for (String name : namesInFolder) {
            int earlier = number(name);
            if (earlier > 0) {
                numbers.add(earlier);
                before.add(name);
            }
        }
        number = numbers.isEmpty() ? 1 : numbers.last() + 1;
        kept = numbers.size() < log.context.recovery().maxLeftOut();
    }

    /** {@return which recovery has left a file of this name, 0 if it is none of these} */
    private static int number(String name) {
        int at = name.indexOf(LogFileNames.LEFT_OUT);
        if (at < 0 || LogFileNames.offset(name) < 0) {
            return 0;
        }
        String digits = name.substring(at + LogFileNames.LEFT_OUT.length());
        return digits.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(digits) : 0;
    }

    /** {@return whether a name is that of a file that a crash has kept from being completed} */
    static boolean unfinished(String name) {
        return name.endsWith(UNFINISHED) && number(name.substring(0, name.length() - UNFINISHED.length())) > 0;
    }

    /** Takes segments that have left the log, the newest first: one that has no whole batch is deleted. */
    void segments(LogSegment[] removed) throws IOException {
        for (int i = removed.length - 1; i >= 0; i--) {
            LogSegment segment = removed[i];
            if (keep(segment, 0)) {
                Path target = log.folder.resolve(name(segment.baseOffset()));
                segment.rename(target);
                names.add(target.getFileName().toString());
            } else {
                LOGGER.warn("{}: removing segment {} of {} bytes", log.id, segment.baseOffset(), segment.sizeBytes());
                segment.discard(log.context.events(), log.config);
            }
        }
        if (removed.length > 0) {
            files.forceFolder(log.folder);
        }
    }

    /** Takes a copy of a segment's end, which is about to be cut off, if there are whole batches in it. */
    void tail(LogSegment segment, long position, long offset) throws IOException {
        if (!keep(segment, position)) {
            return;
        }
        for (String earlier : before) {
            if (LogFileNames.offset(earlier) == offset && isCopy(log.folder.resolve(earlier), segment, position)) {
                // Of a recovery that did not come to the cut.
                names.add(earlier);
                return;
            }
        }
        Path target = log.folder.resolve(name(offset));
        Path unfinished = target.resolveSibling(target.getFileName() + UNFINISHED);
        try (LogFile copy = files.open(unfinished)) {
            copy.truncate(0);
            ByteBuffer chunk = ByteBuffer.allocate(COPY_BYTES);
            for (long at = position; at < segment.sizeBytes(); at += chunk.limit()) {
                copy.append(read(segment.file(), at, segment.sizeBytes(), chunk));
            }
            copy.force();
        }
        files.rename(unfinished, target);
        files.forceFolder(log.folder);
        names.add(target.getFileName().toString());
    }

    private boolean keep(LogSegment segment, long position) throws IOException {
        int batches = found.batches();
        found.search(segment.file(), position, segment.sizeBytes());
        boolean some = found.batches() > batches || found.gaveUp();
        leftOut += some ? 1 : 0;
        return some && kept;
    }

    /** {@return a name that no file has: the end of a segment and the next segment may begin at the same offset} */
    private String name(long offset) {
        String beginning = LogFileNames.name(offset, LogFileNames.LOG) + LogFileNames.LEFT_OUT;
        if (names.contains(beginning + number)) {
            number++;
        }
        return beginning + number;
    }

    private boolean isCopy(Path path, LogSegment segment, long position) throws IOException {
        try (LogFile copy = files.openForRead(path)) {
            if (copy.sizeBytes() != segment.sizeBytes() - position) {
                return false;
            }
            ByteBuffer ours = ByteBuffer.allocate(COPY_BYTES);
            ByteBuffer theirs = ByteBuffer.allocate(COPY_BYTES);
            for (long at = 0; at < copy.sizeBytes(); at += ours.limit()) {
                read(segment.file(), position + at, segment.sizeBytes(), ours);
                if (!read(copy, at, copy.sizeBytes(), theirs).equals(ours)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static ByteBuffer read(LogFile file, long from, long end, ByteBuffer into) throws IOException {
        into.clear().limit((int) Math.min(into.capacity(), end - from));
        if (file.read(into, from) < into.limit()) {
            throw new DamagedSegmentException(file.path() + " ends before " + end);
        }
        return into.flip();
    }

    /** Tells of all that was left out, once. */
    void tell(String why) {
        if (leftOut == 0) {
            return;
        }
        String what = found.batches() + " whole batches with " + found.records() + " records"
                + (found.gaveUp() ? " and perhaps more" : "") + ", offsets " + found.firstOffset() + " to "
                + found.lastOffset();
        if (kept) {
            LOGGER.warn(
                    "{}: {}. Recovery leaves out what follows: {}. It is kept in {} as {}, which nobody reads: look at it, write"
                            + " again what is needed, then delete it",
                    log.id,
                    why,
                    what,
                    log.folder,
                    toldNames());
        } else {
            LOGGER.error(
                    "{}: {}. Recovery DELETES what follows: {}. {} earlier recoveries have left files in {} ({}N), which is as many"
                            + " as odradek.recovery.left.out.max allows: look at those and delete them",
                    log.id,
                    why,
                    what,
                    log.context.recovery().maxLeftOut(),
                    log.folder,
                    LogFileNames.LEFT_OUT);
        }
    }

    private String toldNames() {
        return names.size() <= MOST_NAMES_TOLD
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, MOST_NAMES_TOLD)) + " and " + (names.size() - MOST_NAMES_TOLD)
                        + " more";
    }
}
