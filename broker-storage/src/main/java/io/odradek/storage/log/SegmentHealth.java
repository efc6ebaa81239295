package io.odradek.storage.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a segment holds what it should:
 *
 * <pre>
 *   Whole --something is found wrong--> Damaged --a reader comes to what is lost--> Told, by a line in the log
 *   any --the segment is cut, or written anew--> Whole
 * </pre>
 *
 * Nothing else of the log is concerned: readers pass over what is lost, and a damaged segment takes no more batches. Belongs to
 * the log's owner, but for {@link #isDamaged}.
 */
final class SegmentHealth {
    private static final Logger LOGGER = LoggerFactory.getLogger(SegmentHealth.class);

    private String damage;
    private boolean told;
    private volatile boolean damaged;

    /** Notes what was found wrong, null for nothing, so that nobody need look again. */
    void found(String what) {
        damage = what;
        damaged |= what != null;
    }

    /** {@return what was found wrong with all of the segment, null for nothing} */
    String damage() {
        return damage;
    }

    /** {@return whether anything is known to be wrong, so that it takes no more batches} */
    boolean isDamaged() {
        return damaged;
    }

    /**
     * Tells, once, that readers pass over something.
     *
     * @param segment the segment
     * @param what what is wrong
     * @param from the first offset that is lost
     * @param next where readers go on, the largest offset if nothing follows yet
     */
    void meet(LogSegment segment, String what, long from, long next) {
        damaged = true;
        if (told) {
            return;
        }
        told = true;
        LOGGER.error(
                "{}. Readers pass over offsets {} to {}; everything else of the partition is served and written on. To get"
                        + " back what is whole behind the damage, or all of it, stop the broker and run"
                        + " bin/broker-dump-log.sh --repair {}, or put the file back from a copy",
                what,
                Math.max(from, segment.baseOffset()),
                next == Long.MAX_VALUE ? "the end of the segment" : next - 1,
                segment.path().getParent());
    }

    /** The segment is cut, or written anew. */
    void mended() {
        damage = null;
        damaged = false;
        told = false;
    }
}
