package io.odradek.storage.log;

import io.odradek.storage.io.PassingFailure;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The beginning of a log, which only moves forward but when the log is begun anew:
 *
 * <pre>
 *   advanceTo --> (the log-start checkpoint is forced) --> saved --> discardDetached
 * </pre>
 *
 * With the first step nobody reads what lies below. Files go after the new start is on the disk, so that a power loss,
 * which may undo any of their renames and keep later ones, leaves nothing missing in the middle of the log: what it brings
 * back is dropped when the log is loaded. Belongs to the log's owner, but for {@link #discardDetached}.
 */
final class LogStart {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogStart.class);

    private final LogState log;
    /** Segments that have left the log, their files not renamed yet. Guarded by its monitor. */
    private final Queue<LogSegment> detached = new ArrayDeque<>();

    LogStart(LogState log) {
        this.log = log;
    }

    /** Lets the log begin at an offset, if it begins before it. */
    void advanceTo(long offset) {
        if (offset > log.endOffset) {
            throw new IllegalArgumentException(log.id + " ends at " + log.endOffset + " and cannot begin at " + offset);
        }
        if (offset > log.startOffset) {
            log.startOffset = offset;
        }
    }

    /**
     * The checkpoint on the disk says that the log begins at an offset, or after it: takes out the segments that lie below.
     *
     * @return whether there are files to be discarded
     */
    boolean saved(long offset) throws IOException {
        long start = Math.min(offset, log.startOffset);
        // The folder may be renamed just now, for a deletion.
        synchronized (log) {
            forgetEpochsBelow(start);
            LogSegment[] removed = log.segments.dropFirst(log.segments.floorIndex(start));
            synchronized (detached) {
                for (LogSegment segment : removed) {
                    detached.add(segment);
                }
                return !detached.isEmpty();
            }
        }
    }

    private void forgetEpochsBelow(long start) throws IOException {
        try {
            log.epochs.truncateFromStart(start);
        } catch (IOException e) {
            if (!PassingFailure.is(e)) {
                throw e;
            }
            // They are forgotten here, and written with the next change; what is about to go makes room.
            LOGGER.debug("The leader epochs of {} cannot be written yet", log.id, e);
        }
    }

    /** Renames the files of what has left the log, to be deleted later. Never at the same time as a flush or a truncation. */
    void discardDetached() throws IOException {
        if (first() != null) {
            // What is the beginning now must be there for certain: nobody could tell that it is missing.
            log.names.force();
        }
        for (LogSegment segment = first(); segment != null; segment = first()) {
            log.context
                    .files()
                    .delete(LogFileNames.path(log.folder, segment.baseOffset(), LogFileNames.PRODUCER_SNAPSHOT));
            segment.discard(log.context.events(), log.config);
            log.names.changed();
            remove(segment);
        }
    }

    /** Closes the files of what has left the log, and leaves them. */
    void closeDetached() throws IOException {
        for (LogSegment segment = first(); segment != null; segment = first()) {
            remove(segment);
            segment.close();
        }
    }

    private LogSegment first() {
        synchronized (detached) {
            return detached.peek();
        }
    }

    private void remove(LogSegment segment) {
        synchronized (detached) {
            detached.remove(segment);
        }
    }
}
