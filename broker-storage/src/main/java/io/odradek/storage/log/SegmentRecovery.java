package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scans segments batch by batch after an unclean stop: what stands there whole, with a right checksum and offsets and epochs
 * that go on, is the log; the first thing that is not ends it. Later segments are removed before the cut is made, newest
 * first, so that a second crash finds a log that is cut at the same place or not yet.
 */
final class SegmentRecovery {
    private static final Logger LOGGER = LoggerFactory.getLogger(SegmentRecovery.class);
    private static final int CHUNK_BYTES = 128 * 1024;

    private final LogState log;
    private final BatchScanner scanner = new BatchScanner(ByteBuffer.allocate(CHUNK_BYTES));
    private final boolean gapsAllowed;
    private long nextOffset;
    private int epoch = RecordBatch.NO_LEADER_EPOCH;

    SegmentRecovery(LogState log) {
        this.log = log;
        this.gapsAllowed = log.config.compact();
    }

    /** Recovers the segments from one on; producer state and epochs are those of its base offset. {@return the end} */
    long recover(int firstIndex) throws IOException {
        LogSegment[] segments = log.segments.all();
        nextOffset = segments[firstIndex].baseOffset();
        for (int i = firstIndex; i < segments.length; i++) {
            LogSegment segment = segments[i];
            if (segment.baseOffset() != nextOffset && !(gapsAllowed && segment.baseOffset() > nextOffset)) {
                LOGGER.warn(
                        "{} goes on at offset {} where {} is next: removing what follows",
                        log.id,
                        segment.baseOffset(),
                        nextOffset);
                removeFrom(i);
                return nextOffset;
            }
            nextOffset = segment.baseOffset();
            if (i > firstIndex) {
                log.writeProducerSnapshot(nextOffset);
            }
            String problem = scan(segment);
            if (problem != null) {
                LOGGER.warn(
                        "{}: cutting {} of {} bytes of segment {} at offset {}: {}",
                        log.id,
                        segment.sizeBytes() - scanner.position(),
                        segment.sizeBytes(),
                        segment.baseOffset(),
                        nextOffset,
                        problem);
                removeFrom(i + 1);
                segment.cutFile(scanner.position());
                segment.file().force();
                return nextOffset;
            }
            if (i + 1 < segments.length) {
                segment.seal();
            }
        }
        return nextOffset;
    }

    /** {@return what ended the walk before the segment's end, or null} */
    private String scan(LogSegment segment) throws IOException {
        segment.clearIndexes();
        scanner.start(segment.file(), 0, segment.sizeBytes());
        while (scanner.next()) {
            String problem = check(segment);
            if (problem != null) {
                return problem;
            }
            if (!scanner.hasValidCrc()) {
                return scanner.problem();
            }
            take(segment);
        }
        return scanner.problem();
    }

    private String check(LogSegment segment) {
        ByteBuffer buffer = scanner.buffer();
        int at = scanner.at();
        long baseOffset = RecordBatch.baseOffset(buffer, at);
        if (baseOffset != nextOffset && !(gapsAllowed && baseOffset > nextOffset)) {
            return "a batch begins at offset " + baseOffset;
        }
        if (RecordBatch.lastOffset(buffer, at) - segment.baseOffset() > Integer.MAX_VALUE) {
            return "a batch ends at offset " + RecordBatch.lastOffset(buffer, at);
        }
        int batchEpoch = RecordBatch.leaderEpoch(buffer, at);
        return batchEpoch < epoch ? "a batch of leader epoch " + batchEpoch + " follows one of " + epoch : null;
    }

    private void take(LogSegment segment) throws IOException {
        ByteBuffer buffer = scanner.buffer();
        int at = scanner.at();
        epoch = RecordBatch.leaderEpoch(buffer, at);
        log.epochs.assign(epoch, RecordBatch.baseOffset(buffer, at));
        if (RecordBatch.hasProducerId(buffer, at)) {
            log.producers.update(buffer, at, RecordBatch.maxTimestamp(buffer, at));
        }
        segment.index(buffer, at, (int) scanner.position(), log.config.indexIntervalBytes());
        nextOffset = RecordBatch.nextOffset(buffer, at);
    }

    private void removeFrom(int index) throws IOException {
        LogSegment[] removed = log.segments.keepFirst(index);
        for (int i = removed.length - 1; i >= 0; i--) {
            LOGGER.warn("{}: removing segment {} of {} bytes", log.id, removed[i].baseOffset(), removed[i].sizeBytes());
            removed[i].discard(log.context.events(), log.config);
        }
        if (removed.length > 0) {
            log.context.files().forceFolder(log.folder);
        }
    }
}
