package io.odradek.storage.log;

import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.producer.ProducerSnapshot;
import io.odradek.storage.producer.ProducerState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the transaction indexes of a log that is opened. One that is damaged is built again, which needs the producers as
 * of the segment's beginning. One that is missing cannot be told from one that nobody needed, so it is found only where
 * batches are read anyway: in recovery, and where producer snapshots are missing too.
 */
final class TransactionIndexes {
    private static final Logger LOGGER = LoggerFactory.getLogger(TransactionIndexes.class);

    private final LogState log;
    private final List<LogSegment> damaged = new ArrayList<>(0);

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
                load(segments[i]);
            }
        }
    }

    private void load(LogSegment segment) throws IOException {
        if (!segment.transactionIndex().load()) {
            segment.transactionIndex().reset();
            damaged.add(segment);
        }
    }

    /** Once the end of the log is known: leaves out what lies beyond the end of a segment, and builds damaged ones again. */
    void repair() throws IOException {
        LogSegment[] segments = log.segments.all();
        for (int i = 0; i < segments.length; i++) {
            long end = i + 1 < segments.length ? segments[i + 1].baseOffset() : log.endOffset;
            TransactionIndex index = segments[i].transactionIndex();
            boolean beyond = index.entriesBefore(end) < index.entries();
            if (beyond || damaged.contains(segments[i])) {
                rebuild(segments[i], end);
            }
        }
    }

    private void rebuild(LogSegment segment, long endOffset) throws IOException {
        LOGGER.warn("{}: building the transaction index of segment {} again", log.id, segment.baseOffset());
        segment.transactionIndex().reset();
        try {
            ProducerState producers = new ProducerState(log.context.producers().maxCount());
            long from = loadBefore(segment, producers);
            new ProducerReplay(log, producers).replay(from, endOffset);
        } catch (DamagedSegmentException e) {
            LOGGER.error("{}: {}; transactions that were aborted from there on are not known", log.id, e.getMessage());
        }
    }

    /** {@return the offset as of which producers were found in a snapshot} */
    private long loadBefore(LogSegment segment, ProducerState producers) throws IOException {
        LogFileSystem files = log.context.files();
        List<String> names = files.list(log.folder);
        for (int i = names.size() - 1; i >= 0; i--) {
            long offset = LogFileNames.offset(names.get(i));
            Path path = log.folder.resolve(names.get(i));
            if (LogFileNames.is(names.get(i), LogFileNames.PRODUCER_SNAPSHOT)
                    && offset <= segment.baseOffset()
                    && ProducerSnapshot.read(files, path, producers, Long.MIN_VALUE)) {
                return Math.max(offset, log.segments.first().baseOffset());
            }
        }
        return log.segments.first().baseOffset();
    }
}
