package io.odradek.storage.cleaner;

import io.odradek.storage.checkpoint.MalformedFileException;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.AbortedTransaction;
import io.odradek.storage.log.LogFileNames;
import io.odradek.storage.log.SegmentsView;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the aborted transactions of a log from the segments' indexes, as they are needed: a transaction stands in the index of
 * the segment that holds its marker, which may be much later than its records.
 */
final class AbortedTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(AbortedTransactions.class);

    private final LogFileSystem files;
    private final SegmentsView view;
    private final TransactionMarks marks;
    private int next;
    private long completeUpTo = Long.MIN_VALUE;

    /**
     * @param firstSegment where the walk begins
     * @param marks is given the transactions
     */
    AbortedTransactions(LogFileSystem files, SegmentsView view, int firstSegment, TransactionMarks marks) {
        this.files = files;
        this.view = view;
        this.marks = marks;
        this.next = firstSegment;
    }

    /** {@return what is wrong with the index of a segment, null if it could be read to its end or there is none} */
    private String read(int segment) throws IOException {
        try (LogFile file = files.openForRead(view.path(segment, LogFileNames.TRANSACTION_INDEX))) {
            AbortedTransaction.readAll(file, this::add);
            return null;
        } catch (NoSuchFileException e) {
            LOG.trace("No transaction was aborted in segment {}", view.baseOffset(segment));
            return null;
        } catch (MalformedFileException e) {
            // The owner may just be adding one to the active segment: those that matter were there before.
            return segment == view.count() - 1 ? null : e.getMessage();
        }
    }

    /** Makes sure that all aborted transactions are known that have records in a segment. */
    void readFor(int segment) throws IOException, UncleanableException {
        long end = segment + 1 < view.count() ? view.baseOffset(segment + 1) : Long.MAX_VALUE;
        while (next < view.count() && (next <= segment || completeUpTo < end)) {
            String problem = read(next);
            if (problem != null) {
                throw new UncleanableException(problem);
            }
            next++;
        }
    }

    private void add(AbortedTransaction transaction) {
        marks.add(transaction);
        completeUpTo = Math.max(completeUpTo, transaction.lastStableOffset());
    }
}
