package io.odradek.storage.log;

import java.io.IOException;

/**
 * Begins a new segment where the active one is full in bytes or index entries, is old enough, cannot hold an offset as a
 * 32-bit difference, or is damaged.
 */
final class SegmentRoller {
    private final LogState log;
    private final Log self;
    private long jitterMs;

    SegmentRoller(LogState log, Log self) {
        this.log = log;
        this.self = self;
        this.jitterMs = drawJitterMs();
    }

    private long drawJitterMs() {
        long bound = log.config.segmentJitterMs();
        return bound <= 0 ? 0 : Math.floorMod(log.context.randoms().nextLong(), bound);
    }

    /** {@return the segment that batches are to be appended to} */
    LogSegment segmentFor(int sizeBytes, long firstOffset, long lastOffset, long maxTimestampMs, long nowMs)
            throws IOException {
        LogSegment active = log.segments.active();
        if (active.sizeBytes() == 0 && !active.health().isDamaged()) {
            return lastOffset - active.baseOffset() <= Integer.MAX_VALUE ? active : roll(active, firstOffset, nowMs);
        }
        boolean full = active.health().isDamaged()
                || active.sizeBytes() > (long) log.config.segmentBytes() - sizeBytes
                || isOld(active, maxTimestampMs, nowMs)
                || active.full(log.config.segmentIndexBytes(), lastOffset);
        return full ? roll(active, firstOffset, nowMs) : active;
    }

    /** One whose timestamps cannot be read is damaged, and takes no more. */
    private boolean isOld(LogSegment active, long maxTimestampMs, long nowMs) throws IOException {
        LogConfig config = log.config;
        try {
            return active.times().ageMs(nowMs, maxTimestampMs)
                    > config.maxSegmentMs() - Math.min(jitterMs, config.segmentJitterMs());
        } catch (DamagedSegmentException e) {
            return true;
        }
    }

    /** Begins a new segment at the end of the log, as all that it has is to go. */
    void rollActive(long nowMs) throws IOException {
        roll(log.segments.active(), log.endOffset, nowMs);
    }

    private LogSegment roll(LogSegment active, long baseOffset, long nowMs) throws IOException {
        active.seal();
        forceFirstName();
        log.writeProducerSnapshot(baseOffset);
        LogSegment segment = log.createSegment(baseOffset, nowMs);
        jitterMs = drawJitterMs();
        log.context.events().rolled(self, baseOffset);
        return segment;
    }

    /** Of a log's beginning, unlike of its middle, nobody could tell after a power loss that it is missing. */
    private void forceFirstName() throws IOException {
        if (log.segments.all().length == 1) {
            log.names.force();
        }
    }
}
