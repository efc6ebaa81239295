package io.odradek.storage.log;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.file.Path;

/** What a log cannot do itself because it would block its owner, or must happen later. Called on the owner's loop. */
public interface LogEvents {
    /** Does the deletions at once and leaves flushing to the log's own settings and to close. */
    LogEvents IMMEDIATE = new LogEvents() {};

    /** A log is being loaded, and this much of it is still to be read. Called now and then on the loop that loads it. */
    default void loading(TopicPartition id, int segmentsLeft, long bytesLeft) {}

    /** A log is being loaded, and the index files of so many segments are missing: they are built again. */
    default void indexesMissing(TopicPartition id, int segments) {}

    /**
     * A log is being loaded, and segments of it have been taken away since it was closed.
     *
     * @param firstFile the first file that is missing
     * @param from the first offset that is missing
     * @param next the offset at which the log goes on, or at which it ended
     * @param atEnd whether nothing follows, so that new records are given the same offsets
     */
    default void offsetsMissing(TopicPartition id, Path firstFile, long from, long next, boolean atEnd) {}

    /**
     * The log was cut and its recovery point may have gone back: before this returns, the checkpoint must be saved, or what
     * is appended next would be trusted after a crash without ever having been forced.
     */
    default void truncated(Log log) throws IOException {}

    /**
     * {@return how many records a log may have unforced before more of them are acknowledged: an append that reaches it is
     * forced first}
     */
    default long flushMessages(LogConfig config) {
        return config.flushMessages();
    }

    /**
     * What was appended is to be forced before it is acknowledged: by {@link Log#flush} at once, or on another loop, after
     * which {@link Log#forceEnded} is called on the owner's.
     */
    default void forceDue(Log log) throws IOException {
        log.flush();
    }

    /** A segment was rolled: {@link Log#flushTo} of the new segment's base offset should now run on a log-io loop. */
    default void rolled(Log log, long newBaseOffset) {}

    /**
     * A file has left the log under a name that ends in {@code .deleted}. It may have slices in flight: after
     * {@code file.delete.delay.ms} it is to be closed and deleted.
     */
    default void discarded(LogFileSystem files, LogFile file, LogConfig config) throws IOException {
        file.close();
        files.delete(file.path());
    }
}
