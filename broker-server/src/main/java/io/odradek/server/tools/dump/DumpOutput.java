package io.odradek.server.tools.dump;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.protocol.record.legacy.LegacyCursor;
import io.odradek.storage.log.AbortedTransaction;
import io.odradek.storage.producer.SnapshotEntry;
import java.io.IOException;
import java.nio.file.Path;

/** Where what is found goes, one line for each call. An {@link IOException} says that nobody reads it any more. */
interface DumpOutput {
    /** A file is about to be shown. */
    void file(DumpedFile file) throws IOException;

    /** A batch of a log. */
    void batch(DumpedBatch batch) throws IOException;

    /** A message of magic 0 or 1, which stands for itself or for those in it. */
    void message(DumpedBatch message) throws IOException;

    /**
     * A record in the format of magic 0 or 1; the other parameters are those of the next one.
     *
     * @param record stands at it
     */
    void record(DumpedBatch message, LegacyCursor record, DecodedRecord decoded) throws IOException;

    /**
     * A record.
     *
     * @param batch the batch it is in
     * @param record stands at it
     * @param decoded its key and value, null if they are shown as they are
     */
    void record(DumpedBatch batch, RecordCursor record, DecodedRecord decoded) throws IOException;

    /** A record that no application sees; the marker is null if it does not end a transaction. */
    void control(DumpedBatch batch, RecordCursor record, ControlRecord marker) throws IOException;

    /** An entry of an offset index. */
    void offsetIndexEntry(long offset, int position) throws IOException;

    /** An entry of a time index. */
    void timeIndexEntry(long timestampMs, long offset) throws IOException;

    /** An entry of a transaction index. */
    void abortedTransaction(AbortedTransaction aborted) throws IOException;

    /** A producer in a snapshot. */
    void producer(SnapshotEntry producer) throws IOException;

    /** A leader epoch's beginning. */
    void leaderEpoch(int epoch, long startOffset) throws IOException;

    /** An offset of a checkpoint. */
    void offset(TopicPartition partition, long offset) throws IOException;

    /** The names and values, one after the other, of a file that has only one of each; values may be null. */
    void properties(String... namesAndValues) throws IOException;

    /** An index has passed the check. */
    void passed(DumpedFile file) throws IOException;

    /** Something that is worth a word, but no damage. */
    void note(Path path, String what) throws IOException;

    /**
     * Something that is not as it should be.
     *
     * @param path the file
     * @param position where in it, in bytes, or -1
     * @param what what is wrong
     * @param advice what to do
     */
    void problem(Path path, long position, String what, String advice) throws IOException;

    /** Hands on what is held back. */
    void flush() throws IOException;
}
