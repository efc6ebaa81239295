package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scans what lies past the recovery point batch by batch after an unclean stop: what stands there whole, with a right
 * checksum and offsets and epochs that go on, is the log; the first thing that is not ends it. Later segments are taken out
 * before the cut is made, newest first, so that a second crash finds a log that is cut at the same place or not yet. Whole
 * batches that are left out so are kept aside ({@link LeftOut}).
 *
 * <p>Offsets grow, but need not be without gaps: cleaning leaves some, here or on the leader that batches were copied from.
 * A gap is also what a changed base offset looks like (no checksum covers it), and between two segments what lost records
 * look like. So within a segment what follows must agree with the batch after the gap ({@link #doubtfulFrom}), and between
 * segments a gap past the recovery point is one of a compacted topic only, unless nobody else can have what is missing.
 */
final class SegmentRecovery {
    private static final Logger LOGGER = LoggerFactory.getLogger(SegmentRecovery.class);
    private static final int CHUNK_BYTES = 128 * 1024;
    private static final int NEWS_BYTES = 32 << 20;

    private final LogState log;
    private final LogOpening opening;
    private final List<String> names;
    private final ProducerReplay producers;
    private final LeftOut leftOut;
    private BatchScanner scanner;
    private String end;
    private long nextOffset;
    private long doubtfulFrom = Long.MAX_VALUE;
    private int epoch = RecordBatch.NO_LEADER_EPOCH;

    /** @param names what the partition's folder holds */
    SegmentRecovery(LogState log, LogOpening opening, List<String> names) {
        this.names = names;
        this.leftOut = new LeftOut(log, names);
        this.log = log;
        this.opening = opening;
        this.producers = new ProducerReplay(log, log.producers);
    }

    /** Recovers the log from one of its segments on, with epochs and producers, and ends it where it can be believed. */
    void recover(int firstIndex) throws IOException {
        log.endOffset = scanFrom(firstIndex);
        if (doubtfulFrom < log.endOffset) {
            LogSegment active = log.segments.active();
            leftOut.tail(active, active.lookup().positionOf(scanner, doubtfulFrom), doubtfulFrom);
            new LogTruncation(log).truncateTo(doubtfulFrom);
            end = end == null ? "the batch at " + doubtfulFrom + " follows a gap, and nothing follows it" : end;
        }
        leftOut.tell(end);
    }

    /** {@return where the log ends; the last batch may be doubtful, where it follows a gap and nothing confirms it} */
    private long scanFrom(int firstIndex) throws IOException {
        LogSegment[] segments = log.segments.all();
        long longest = RecordBatch.HEADER_SIZE;
        for (int i = firstIndex; i < segments.length; i++) {
            longest = Math.max(longest, segments[i].sizeBytes());
        }
        scanner = new BatchScanner(ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, longest))).openMessages();
        long position = begin(segments[firstIndex]);
        for (int i = firstIndex; i < segments.length; i++) {
            LogSegment segment = segments[i];
            if (i > firstIndex) {
                if (!follows(segment)) {
                    end = "it goes on at offset " + segment.baseOffset() + " where " + nextOffset + " is next";
                    leftOut.segments(log.segments.keepFirst(i));
                    return nextOffset;
                }
                if (nextOffset < segment.baseOffset()) {
                    // Else its old index could come back, and tell of batches that are lost as if they were to be
                    // there.
                    segments[i - 1].forceCut();
                }
                nextOffset = segment.baseOffset();
                log.writeProducerSnapshot(nextOffset);
                log.settleSegments(nextOffset);
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
        boolean goesOn =
                base > nextOffset && (mayHaveGap || log.context.recovery().onlyCopies());
        if (goesOn && !mayHaveGap) {
            Path missing = LogFileNames.path(log.folder, nextOffset, LogFileNames.LOG);
            log.context.events().offsetsMissing(log.id, missing, nextOffset, base, false);
        }
        if (base == nextOffset || goesOn) {
            doubtfulFrom = Long.MAX_VALUE;
            return true;
        }
        return false;
    }

    /**
     * Brings the indexes of the first segment, the epochs and the producers to the recovery point, or to the segment's
     * beginning if that cannot be done. {@return the position from which to scan}
     */
    private long begin(LogSegment segment) throws IOException {
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
        log.settleSegments(nextOffset);
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
        return batchEpoch < epoch && batchEpoch != RecordBatch.NO_LEADER_EPOCH
                ? "a batch of leader epoch " + batchEpoch + " follows one of " + epoch
                : null;
    }

    private void take(LogSegment segment) throws IOException {
        ByteBuffer buffer = scanner.buffer();
        int at = scanner.at();
        boolean doubtful = scanner.afterGap() && !log.config.mayBeCompacted();
        doubtfulFrom = doubtful ? nextOffset : Long.MAX_VALUE;
        int batchEpoch = RecordBatch.leaderEpoch(buffer, at);
        // What has none is old, or was made of what is old.
        epoch = Math.max(epoch, batchEpoch);
        if (RecordBatch.lastOffset(buffer, at) >= opening.recoveryPoint()) {
            log.epochs.assign(batchEpoch, RecordBatch.baseOffset(buffer, at));
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
        end = "it is cut at offset " + nextOffset + " in segment " + segment.baseOffset() + ": " + problem;
        leftOut.segments(log.segments.keepFirst(index + 1));
        leftOut.tail(segment, scanner.position(), nextOffset);
        segment.cutFile(scanner.position());
        segment.forceCut();
    }
}
