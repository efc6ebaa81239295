package io.odradek.storage.log;

import io.odradek.storage.io.PassingFailure;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Forces a log to the disk, on any thread, and keeps that apart from truncation and renaming. The recovery point moves only
 * when records, leader epochs and the names of the files are all on the disk; indexes are not forced, but compared with the
 * records when they are used.
 */
final class LogFlusher {
    private final LogState log;
    private boolean folderForced;
    private boolean closed;
    private IOException failure;

    LogFlusher(LogState log) {
        this.log = log;
    }

    /** What must not run while a flush does. */
    interface Step {
        void run() throws IOException;
    }

    synchronized void exclusively(Step step) throws IOException {
        step.run();
    }

    /** Closes the log's files; a flush that comes later does nothing. */
    synchronized void close(Step closing) throws IOException {
        closed = true;
        closing.run();
    }

    /**
     * Once it has failed it always does: the system may have dropped what it could not write and report the next attempt as
     * a success. Not so where there was nothing to write with, a descriptor or room for the epochs.
     */
    synchronized void flushTo(long wanted) throws IOException {
        if (failure != null) {
            throw new IOException("Not forced, as an earlier attempt failed: " + failure.getMessage(), failure);
        }
        long offset = Math.min(wanted, log.endOffset);
        boolean nothingToDo = offset <= log.recoveryPoint && !log.names.unforced() && !log.epochs.unforced();
        if (closed || nothingToDo) {
            return;
        }
        long startedNs = log.context.clock().monotonicNs();
        try {
            force(offset);
        } catch (IOException e) {
            failure = PassingFailure.is(e) ? null : e;
            throw e;
        }
        log.recoveryPoint = Math.max(log.recoveryPoint, offset);
        log.flushedNs = log.context.clock().monotonicNs();
        log.meters.flushed(log.flushedNs - startedNs);
    }

    private void force(long offset) throws IOException {
        LogSegment[] segments = log.segments.all();
        for (int i = firstUnforced(); i < segments.length; i++) {
            if (segments[i].baseOffset() < offset) {
                force(segments[i]);
            }
        }
        if (log.metadataUnforced) {
            PartitionMetadataFile.force(log.context.files(), log.folder.resolve(LogFileNames.PARTITION_METADATA));
            log.metadataUnforced = false;
        }
        if (log.epochs.force()) {
            log.names.changed();
        }
        log.names.force();
        if (!folderForced) {
            log.context.files().forceFolder(log.folder.toAbsolutePath().getParent());
            folderForced = true;
        }
    }

    /** A closed segment whose file was taken away had been forced before its handle was given up, and is missed by readers. */
    private static void force(LogSegment segment) throws IOException {
        try {
            segment.force();
        } catch (DamagedSegmentException e) {
            if (segment.nextBaseOffset() == Long.MAX_VALUE) {
                throw new IOException(e.getMessage(), e);
            }
        }
    }

    private int firstUnforced() {
        return Math.max(0, log.segments.floorIndex(log.recoveryPoint));
    }

    /**
     * What the owner changes in the folder without this monitor, it changes under that of the log's state. That is taken
     * last and for the renaming only, so that no owner waits for a flush.
     */
    synchronized void renameFolder(Path newFolder, LogStart start) throws IOException {
        synchronized (log) {
            start.discardDetached();
            log.context.files().rename(log.folder, newFolder);
            log.folder = newFolder;
            folderForced = false;
            for (LogSegment segment : log.segments.all()) {
                segment.movedTo(newFolder);
            }
            log.epochs.movedTo(newFolder.resolve(LogFileNames.LEADER_EPOCHS));
        }
    }
}
