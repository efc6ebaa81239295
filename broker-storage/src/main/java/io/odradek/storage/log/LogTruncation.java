package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts a log's end. Later segments go first, newest first, and every step is forced before the next, so that no power loss
 * brings back what was cut under what was appended since.
 */
final class LogTruncation {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogTruncation.class);

    private final LogState log;

    LogTruncation(LogState log) {
        this.log = log;
    }

    /** To be called before a truncation: one that has failed before is finished first. */
    void begin(long offset) throws IOException {
        if (log.cutting(offset)) {
            finish();
        }
    }

    /** Removes the batches that end at or after an offset. */
    void truncateTo(long offset) throws IOException {
        if (offset >= log.endOffset) {
            return;
        }
        if (offset < log.segments.first().baseOffset()) {
            startAt(offset);
            return;
        }
        discardFrom(log.segments.floorIndex(offset) + 1);
        cutLast(offset);
        settle();
    }

    /** Removes everything; the log is empty then and begins at an offset. */
    void startAt(long offset) throws IOException {
        long forced = log.recoveryPoint;
        discardFrom(0);
        endAt(offset);
        log.startOffset = offset;
        // It is not taken back: nothing is left that a force could bring, and nobody may wait for one.
        log.recoveryPoint = Math.min(forced, offset);
        deleteSnapshots();
        finish();
    }

    /** Does what is left of a truncation that has failed, or all of it again; the log's end says how far it came. */
    void finish() throws IOException {
        if (log.segments.all().length == 0) {
            log.createSegment(log.endOffset, log.context.clock().wallMs());
        } else {
            cutLast(log.endOffset);
        }
        settle();
    }

    private void cutLast(long offset) throws IOException {
        LogSegment segment = log.segments.active();
        BatchScanner scanner = log.scanner();
        try {
            boolean found = segment.seek(scanner, offset);
            long position = found ? scanner.position() : segment.sizeBytes();
            long end = found ? RecordBatch.baseOffset(scanner.buffer(), scanner.at()) : offset;
            cut(segment, position, Math.min(end, offset));
        } catch (DamagedSegmentException e) {
            cutDamaged(segment, scanner, offset, e);
        }
    }

    /**
     * Of a damaged segment stays what lies before both the offset and the damage: a follower gets the rest from its leader
     * again, and whole.
     */
    private void cutDamaged(LogSegment segment, BatchScanner scanner, long offset, DamagedSegmentException damage)
            throws IOException {
        LOGGER.warn("{}: cutting a damaged segment where it can be read: {}", log.id, damage.getMessage());
        if (!log.context.files().exists(segment.path())) {
            int last = log.segments.all().length - 1;
            discardFrom(last);
            log.createSegment(log.endOffset, log.context.clock().wallMs());
            return;
        }
        scanner.start(segment.file(), 0, segment.sizeBytes()).expect(segment.baseOffset());
        long end = segment.baseOffset();
        while (scanner.next()
                && RecordBatch.lastOffset(scanner.buffer(), scanner.at()) < offset
                && scanner.hasValidCrc()) {
            end = scanner.nextOffset();
        }
        segment.cutFile(scanner.position());
        cut(segment, scanner.position(), end);
    }

    private void cut(LogSegment segment, long position, long end) throws IOException {
        endAt(end);
        segment.truncate(position, end);
        segment.forceCut();
    }

    /** What older snapshots say was followed by records that are not here. */
    private void deleteSnapshots() throws IOException {
        for (String name : log.context.files().list(log.folder)) {
            if (LogFileNames.is(name, LogFileNames.PRODUCER_SNAPSHOT)) {
                log.context.files().delete(log.folder.resolve(name));
            }
        }
        log.producers.clear();
        log.snapshotOffset = -1;
    }

    /** What is appended from here on has not been forced. */
    private void endAt(long offset) {
        log.endOffset = offset;
        log.startOffset = Math.min(log.startOffset, offset);
        log.recoveryPoint = Math.min(log.recoveryPoint, offset);
    }

    /** What needs no room comes first: the log must not know of more than it holds if the rest fails on a full disk. */
    private void settle() throws IOException {
        new ProducerLoader(log).loadAt(log.endOffset, log.context.files().list(log.folder));
        log.epochs.truncateFromEnd(log.endOffset);
        log.epochs.force();
        log.context.files().forceFolder(log.folder);
    }

    private void discardFrom(int index) throws IOException {
        LogSegment[] all = log.segments.all();
        for (int i = all.length - 1; i >= index; i--) {
            all[i].discard(log.context.events(), log.config);
            log.segments.keepFirst(i);
            endAt(Math.min(log.endOffset, all[i].baseOffset()));
        }
        if (index < all.length) {
            log.context.files().forceFolder(log.folder);
        }
    }
}
