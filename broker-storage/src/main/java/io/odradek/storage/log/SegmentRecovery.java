package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scans what lies past the recovery point batch by batch after an unclean stop: what stands there whole, with a right
 * checksum and offsets and epochs that go on, is the log; the first thing that is not ends it. Later segments are removed
 * before the cut is made, newest first, so that a second crash finds a log that is cut at the same place or not yet.
 *
 * <p>Offsets grow, but need not be without gaps: cleaning leaves some, here or on the leader that batches were copied from.
 * A gap is also what a changed base offset looks like (no checksum covers it), and between two segments what lost records
 * look like. So within a segment what follows must agree with the batch after the gap ({@link #doubtfulFrom}), and between
 * segments a gap past the recovery point is one of a compacted topic only.
 */
final class SegmentRecovery {
    private static final Logger LOGGER = LoggerFactory.getLogger(SegmentRecovery.class);
    private static final int CHUNK_BYTES = 128 * 1024;
    private static final int NEWS_BYTES = 32 << 20;

    private final LogState log;
    private final LogOpening opening;
    private final ProducerReplay producers;
    private BatchScanner scanner;
    private long nextOffset;
    private long doubtfulFrom = Long.MAX_VALUE;
    private int epoch = RecordBatch.NO_LEADER_EPOCH;

    SegmentRecovery(LogState log, LogOpening opening) {
        this.log = log;
        this.opening = opening;
        this.producers = new ProducerReplay(log, log.producers);
    }

    /** {@return the offset of the last batch if it follows a gap and nothing confirms it; else the largest} */
    long doubtfulFrom() {
        return doubtfulFrom;
    }

    /** Recovers the segments from one on, with epochs and producers. {@return where the log ends} */
    long recover(int firstIndex, List<String> names) throws IOException {
        LogSegment[] segments = log.segments.all();
        long longest = RecordBatch.HEADER_SIZE;
        for (int i = firstIndex; i < segments.length; i++) {
            longest = Math.max(longest, segments[i].sizeBytes());
        }
        scanner = new BatchScanner(ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, longest)));
        long position = begin(segments[firstIndex], names);
        for (int i = firstIndex; i < segments.length; i++) {
            LogSegment segment = segments[i];
            if (i > firstIndex) {
                if (!follows(segment)) {
                    removeFrom(i);
                    return nextOffset;
                }
                if (nextOffset < segment.baseOffset()) {
                    // Else its old index could come back, and tell of batches that are lost as if they were to be
                    // there.
                    segments[i - 1].forceCut();
                }
                nextOffset = segment.baseOffset();
                log.writeProducerSnapshot(nextOffset);
                segment.clearIndexes();
                segment.transactionIndex().reset();
                position = 0;
            }
            log.context.events().loading(log.id, segments.length - i, segment.sizeBytes() - position);
            producers.begin(segment, nextOffset);
            String problem = scan(segment, position, segments.length - i);
            producers.end();
            if (problem != null) {
                cut(i, problem);
                return nextOffset;
            }
            if (i + 1 < segments.length) {
                segment.seal();
                segment.release();
            }
        }
        return nextOffset;
    }

    private boolean follows(LogSegment segment) {
        long base = segment.baseOffset();
        boolean mayHaveGap = log.config.mayBeCompacted() || base <= opening.recoveryPoint();
        if (base == nextOffset || (base > nextOffset && mayHaveGap)) {
            doubtfulFrom = Long.MAX_VALUE;
            return true;
        }
        LOGGER.warn("{} goes on at offset {} where {} is next: removing what follows", log.id, base, nextOffset);
        return false;
    }

    /**
     * Brings the indexes of the first segment, the epochs and the producers to the recovery point, or to the segment's
     * beginning if that cannot be done. {@return the position from which to scan}
     */
    private long begin(LogSegment segment, List<String> names) throws IOException {
        long position = 0;
        nextOffset = segment.baseOffset();
        long point = opening.cleanShutdown() ? 0 : opening.recoveryPoint();
        if (point > segment.baseOffset()) {
            try {
                boolean found = segment.seek(scanner, point);
                position = found ? scanner.position() : segment.sizeBytes();
                nextOffset = found
                        ? Math.min(point, RecordBatch.baseOffset(scanner.buffer(), scanner.at()))
                        : scanner.nextOffset();
                segment.beginAgainAt(position, nextOffset);
            } catch (DamagedSegmentException e) {
                LOGGER.warn("{}: scanning the whole segment: {}", log.id, e.getMessage());
                position = 0;
                nextOffset = segment.baseOffset();
            }
        }
        if (position == 0) {
            nextOffset = segment.baseOffset();
            segment.clearIndexes();
            segment.transactionIndex().reset();
        }
        // Below the recovery point the epochs are on the disk, and to be left as they are.
        log.epochs.truncateFromEnd(Math.max(nextOffset, opening.recoveryPoint()));
        new ProducerLoader(log).loadAt(nextOffset, names);
        return position;
    }

    /** {@return what ended the walk before the segment's end, or null} */
    private String scan(LogSegment segment, long from, int segmentsLeft) throws IOException {
        long told = from;
        scanner.start(segment.file(), from, segment.sizeBytes()).expect(nextOffset);
        while (scanner.next()) {
            String problem = check(segment);
            if (problem != null) {
                return problem;
            }
            if (!scanner.hasValidCrc()) {
                return scanner.problem();
            }
            take(segment);
            if (scanner.position() - told >= NEWS_BYTES) {
                told = scanner.position();
                log.context.events().loading(log.id, segmentsLeft, segment.sizeBytes() - told);
            }
        }
        return scanner.problem();
    }

    private String check(LogSegment segment) {
        ByteBuffer buffer = scanner.buffer();
        int at = scanner.at();
        if (RecordBatch.lastOffset(buffer, at) - segment.baseOffset() > Integer.MAX_VALUE) {
            return "a batch ends at offset " + RecordBatch.lastOffset(buffer, at);
        }
        int batchEpoch = RecordBatch.leaderEpoch(buffer, at);
        return batchEpoch < epoch ? "a batch of leader epoch " + batchEpoch + " follows one of " + epoch : null;
    }

    private void take(LogSegment segment) throws IOException {
        ByteBuffer buffer = scanner.buffer();
        int at = scanner.at();
        boolean doubtful = scanner.afterGap() && !log.config.mayBeCompacted();
        doubtfulFrom = doubtful ? nextOffset : Long.MAX_VALUE;
        epoch = RecordBatch.leaderEpoch(buffer, at);
        if (RecordBatch.lastOffset(buffer, at) >= opening.recoveryPoint()) {
            log.epochs.assign(epoch, RecordBatch.baseOffset(buffer, at));
        }
        segment.index(buffer, at, (int) scanner.position(), log.config.indexIntervalBytes());
        nextOffset = RecordBatch.nextOffset(buffer, at);
        producers.take(scanner);
    }

    private void cut(int index, String problem) throws IOException {
        LogSegment segment = log.segments.all()[index];
        LOGGER.warn(
                "{}: cutting {} of {} bytes of segment {} at offset {}: {}",
                log.id,
                segment.sizeBytes() - scanner.position(),
                segment.sizeBytes(),
                segment.baseOffset(),
                nextOffset,
                problem);
        removeFrom(index + 1);
        segment.cutFile(scanner.position());
        segment.forceCut();
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
