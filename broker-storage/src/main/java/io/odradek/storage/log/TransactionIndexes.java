package io.odradek.storage.log;

import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the transaction indexes of a log that is opened. What a file says is compared with the batches, as it has no
 * checksum ({@link TransactionCheck}); one that is wrong is built again, apart from the old one, which stays until the new
 * one is on the disk. One that is missing cannot be told from one that nobody needed, so it is found only where batches are
 * read anyway: in recovery, where producer snapshots are missing too, and where the other indexes are.
 */
final class TransactionIndexes {
    private static final Logger LOGGER = LoggerFactory.getLogger(TransactionIndexes.class);

    private final LogState log;
    private final List<LogSegment> loaded = new ArrayList<>(0);
    private final List<LogSegment> unreadable = new ArrayList<>(0);

    TransactionIndexes(LogState log) {
        this.log = log;
    }

    /**
     * Loads those of the segments that begin at or before an offset; recovery builds the others.
     *
     * @param names the names in the folder, sorted
     */
    void load(long lastBaseOffset, List<String> names) throws IOException {
        LogSegment[] segments = log.segments.all();
        for (String name : names) {
            if (!LogFileNames.is(name, LogFileNames.TRANSACTION_INDEX)) {
                continue;
            }
            long baseOffset = LogFileNames.offset(name);
            int i = log.segments.floorIndex(baseOffset);
            if (i >= 0 && segments[i].baseOffset() == baseOffset && baseOffset <= lastBaseOffset) {
                loaded.add(segments[i]);
                if (!segments[i].transactionIndex().load()) {
                    unreadable.add(segments[i]);
                }
            }
        }
    }

    /** Once the end of the log is known: builds those again that are not right. */
    void repair() throws IOException {
        TransactionCheck check = null;
        LogSegment[] segments = log.segments.all();
        for (int i = 0; i < segments.length; i++) {
            LogSegment segment = segments[i];
            // One whose other indexes had to be built may lack this one as well.
            if (!segment.marked() && !loaded.contains(segment)) {
                continue;
            }
            check = check == null ? new TransactionCheck(log) : check;
            long end = i + 1 < segments.length ? segments[i + 1].baseOffset() : log.endOffset;
            try {
                boolean wrong = unreadable.contains(segment)
                        || (segment.marked() ? !check.isExact(segment, end) : !check.holds(segment, end));
                if (wrong) {
                    rebuild(segment, end);
                }
            } catch (DamagedSegmentException e) {
                keep(segment, e);
            }
            if (i + 1 < segments.length) {
                segment.release();
            }
        }
    }

    /** Without the batches nothing is better than the file, unless that cannot be read itself. */
    private void keep(LogSegment segment, DamagedSegmentException damage) {
        LOGGER.error(
                "{}: {}; the transaction index of segment {} cannot be compared with it",
                log.id,
                damage.getMessage(),
                segment.baseOffset());
        if (unreadable.contains(segment) || !loaded.contains(segment)) {
            segment.transactionIndex().unusable(damage.getMessage());
        }
    }

    private void rebuild(LogSegment segment, long endOffset) throws IOException {
        LOGGER.warn("{}: building the transaction index of segment {} again", log.id, segment.baseOffset());
        LogFileSystem files = log.context.files();
        Path path = LogFileNames.path(log.folder, segment.baseOffset(), LogFileNames.TRANSACTION_INDEX);
        Path unfinished = path.resolveSibling(path.getFileName() + LogFileNames.CLEANED);
        TransactionIndex built = new TransactionIndex(files, unfinished, segment.baseOffset());
        boolean complete = false;
        try {
            built.reset();
            new SegmentTransactions(log).of(segment, endOffset, true, built::append);
            built.force();
            complete = true;
        } finally {
            if (complete) {
                built.close();
            } else {
                built.delete();
            }
        }
        segment.transactionIndex().close();
        if (built.entries() > 0) {
            files.rename(unfinished, path);
        } else {
            built.delete();
            files.delete(path);
        }
        files.forceFolder(log.folder);
        if (!segment.transactionIndex().load()) {
            throw new IOException(path + " is not what was written");
        }
    }
}
