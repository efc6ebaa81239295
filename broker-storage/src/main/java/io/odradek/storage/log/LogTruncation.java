package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import java.io.IOException;

/**
 * Cuts a log's end. Later segments go first, newest first, and every step is forced before the next, so that no power loss
 * brings back what was cut under what was appended since.
 */
final class LogTruncation {
    private final LogState log;

    LogTruncation(LogState log) {
        this.log = log;
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
        int index = log.segments.floorIndex(offset);
        discard(log.segments.keepFirst(index + 1));
        LogSegment segment = log.segments.active();
        BatchScanner scanner = log.scanner();
        if (segment.seek(scanner, offset)) {
            long end = RecordBatch.baseOffset(scanner.buffer(), scanner.at());
            segment.truncate(scanner.position(), end);
            segment.forceCut();
            log.endOffset = Math.min(end, offset);
        } else {
            log.endOffset = offset;
        }
        log.startOffset = Math.min(log.startOffset, log.endOffset);
        settle();
    }

    /** Removes everything; the log is empty then and begins at an offset. */
    void startAt(long offset) throws IOException {
        discard(log.segments.keepFirst(0));
        log.createSegment(offset, log.context.clock().wallMs());
        log.startOffset = offset;
        log.endOffset = offset;
        deleteSnapshots();
        settle();
    }

    /** What older snapshots say was followed by records that are not here. */
    private void deleteSnapshots() throws IOException {
        for (String name : log.context.files().list(log.folder)) {
            if (LogFileNames.is(name, LogFileNames.PRODUCER_SNAPSHOT)) {
                log.context.files().delete(log.folder.resolve(name));
            }
        }
    }

    private void settle() throws IOException {
        // First, as what follows may fail on a full disk, and what is appended later has not been forced.
        log.recoveryPoint = Math.min(log.recoveryPoint, log.endOffset);
        log.epochs.truncateFromEnd(log.endOffset);
        log.epochs.force();
        new ProducerLoader(log).loadAt(log.endOffset, log.context.files().list(log.folder));
        log.context.files().forceFolder(log.folder);
    }

    private void discard(LogSegment[] removed) throws IOException {
        for (int i = removed.length - 1; i >= 0; i--) {
            removed[i].discard(log.context.events(), log.config);
        }
        if (removed.length > 0) {
            log.context.files().forceFolder(log.folder);
        }
    }
}
