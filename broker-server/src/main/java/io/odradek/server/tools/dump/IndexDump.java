package io.odradek.server.tools.dump;

import io.odradek.server.tools.dump.DumpOptions.Mode;
import io.odradek.storage.checkpoint.MalformedFileException;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.AbortedTransaction;
import io.odradek.storage.log.IndexEntries;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Shows an index file, and holds its entries against the log. */
final class IndexDump {
    private static final String REBUILD =
            "While the broker is stopped the file can be deleted: a start builds it again from the log";

    /** A file with more is looked through no further: it is not what it should be, and the rest is no news. */
    private static final int MOST_PROBLEMS = 20;

    private final LogFileSystem files;
    private final Mode mode;
    private final DumpOutput out;
    private final Problems problems;

    private DumpedFile file;
    private IndexedLog log;
    private long entries;
    private long zeros;
    private long previousKey;
    private long previousOffset;
    private boolean lost;
    private long problemsBefore;

    IndexDump(LogFileSystem files, Mode mode, DumpOutput out, Problems problems) {
        this.files = files;
        this.mode = mode;
        this.out = out;
        this.problems = problems;
    }

    /** Shows a file that is open; in the modes that only check, what is wrong with it. */
    void dump(DumpedFile newFile, LogFile index) throws IOException {
        file = newFile;
        entries = 0;
        zeros = 0;
        previousKey = -1;
        previousOffset = -1;
        lost = false;
        problemsBefore = problems.count();
        if (mode == Mode.CHECK_INDEXES) {
            log = null;
            read(index);
            if (problems.count() == problemsBefore) {
                out.passed(file);
            }
            return;
        }
        boolean hasLog = files.exists(file.log());
        try (IndexedLog opened = hasLog ? IndexedLog.open(files, file.log()) : null) {
            log = opened;
            if (!hasLog) {
                problems.report(
                        file.path(), -1, "the log of this index is missing", "An index is of no use without it");
            }
            read(index);
        }
    }

    private void read(LogFile index) throws IOException {
        switch (file.kind()) {
            case OFFSET_INDEX -> end(IndexEntries.visitOffsets(index, file.baseOffset(), this::offsetEntry));
            case TIME_INDEX -> end(IndexEntries.visitTimes(index, file.baseOffset(), this::timeEntry));
            default -> abortedTransactions(index);
        }
    }

    private boolean offsetEntry(long offset, int position) throws IOException {
        if (!next(offset == file.baseOffset() && position == 0)) {
            return goOn();
        }
        if (mode == Mode.SHOW) {
            out.offsetIndexEntry(offset, position);
        }
        if (position <= previousKey || offset <= previousOffset || offset < file.baseOffset()) {
            wrong("offset " + offset + " at position " + position + " does not come after offset " + previousOffset
                    + " at position " + previousKey);
        } else if (log != null) {
            if (!log.batchAt(position)) {
                wrong("offset " + offset + " points to position " + position + ", where the log has no batch");
            } else if (!log.canBeIndexedAs(offset)) {
                wrong("offset " + offset + " points to position " + position
                        + ", where the log has a batch that ends at" + " offset " + log.lastOffset());
            }
        }
        previousKey = position;
        previousOffset = offset;
        return goOn();
    }

    private boolean timeEntry(long timestampMs, long offset) throws IOException {
        if (!next(timestampMs == 0 && offset == file.baseOffset())) {
            return goOn();
        }
        if (mode == Mode.SHOW) {
            out.timeIndexEntry(timestampMs, offset);
        }
        if (timestampMs <= previousKey || offset <= previousOffset || offset < file.baseOffset()) {
            wrong("timestamp " + timestampMs + " of offset " + offset + " does not come after timestamp " + previousKey
                    + " of offset " + previousOffset);
            lost = true;
        } else if (log != null) {
            compareTime(timestampMs, offset);
        }
        previousKey = timestampMs;
        previousOffset = offset;
        return goOn();
    }

    private void compareTime(long timestampMs, long offset) throws IOException {
        boolean found = log.walkTo(offset, lost) && log.lastOffset() == offset;
        lost = !found;
        if (!found) {
            wrong("offset " + offset + " is not where a batch of the log ends");
        } else if (!log.canBeIndexedAtMs(timestampMs)) {
            wrong("timestamp " + timestampMs + " of offset " + offset + " is " + log.maxTimestampMs() + " in the log");
        }
    }

    private boolean goOn() {
        return problems.count() - problemsBefore < MOST_PROBLEMS;
    }

    /** Kafka keeps room at the end of an index that it writes, so zeros are no entries unless others follow. */
    private boolean next(boolean zero) throws IOException {
        if (zero) {
            zeros++;
            return false;
        }
        if (zeros > 0) {
            wrong(zeros + " entries of zeros come before others");
            zeros = 0;
        }
        entries++;
        return true;
    }

    private void end(int bytesLeft) throws IOException {
        if (!goOn()) {
            wrong("that are " + MOST_PROBLEMS + " problems, so the rest of the file is not looked at");
            return;
        }
        if (zeros > 0) {
            out.note(file.path(), "room for " + zeros + " more entries at its end, as Kafka keeps while it runs");
        }
        if (bytesLeft > 0) {
            wrong(bytesLeft + " bytes after the last entry are no entry");
        }
    }

    private void abortedTransactions(LogFile index) throws IOException {
        try {
            AbortedTransaction.readAll(index, this::abortedTransaction);
        } catch (MalformedFileException malformed) {
            wrong(Problems.without(file.path(), malformed));
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    private void abortedTransaction(AbortedTransaction aborted) {
        entries++;
        try {
            if (mode == Mode.SHOW) {
                out.abortedTransaction(aborted);
            }
            if (log != null
                    && goOn()
                    && !(log.walkTo(aborted.lastOffset(), false)
                            && log.lastOffset() == aborted.lastOffset()
                            && log.isControl()
                            && log.producerId() == aborted.producerId())) {
                wrong("the log has no marker of producer " + aborted.producerId() + " at offset "
                        + aborted.lastOffset());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void wrong(String what) throws IOException {
        problems.report(file.path(), -1, "entry " + entries + ": " + what, REBUILD);
    }
}
