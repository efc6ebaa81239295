package io.odradek.server.tools.dump;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.legacy.LegacyMessage;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.BatchScanner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The log that an index points into. Only headers are read, and the file may grow meanwhile. */
final class IndexedLog implements AutoCloseable {
    private static final int CHUNK_BYTES = 4096;

    private final LogFile log;
    private final BatchScanner scanner = new BatchScanner(ByteBuffer.allocate(CHUNK_BYTES));
    private long end;
    private boolean onBatch;
    private long found;

    private IndexedLog(LogFile log) throws IOException {
        this.log = log;
        this.end = log.sizeBytes();
        scanner.start(log, 0, end);
    }

    static IndexedLog open(LogFileSystem files, Path path) throws IOException {
        return new IndexedLog(files.openForRead(path));
    }

    /** Goes to a position. {@return whether a batch can begin there} */
    boolean batchAt(long position) throws IOException {
        if (position + RecordBatch.HEADER_SIZE > end) {
            end = log.sizeBytes();
        }
        onBatch = position >= 0
                && position < end
                && scanner.start(log, position, end).next();
        return onBatch;
    }

    /**
     * Goes to the first batch that ends at an offset or after it: on from where it is, or from the last batch that ended at
     * an offset that was asked for.
     *
     * @param back whether the one asked for may lie before where the walk is
     * @return whether there is one
     */
    boolean walkTo(long offset, boolean back) throws IOException {
        if (back) {
            scanner.start(log, found, end);
            onBatch = false;
        }
        while (!onBatch || lastOffset() < offset) {
            onBatch = scanner.next();
            if (!onBatch && !grown()) {
                return false;
            }
        }
        if (lastOffset() == offset) {
            found = scanner.position();
        }
        return true;
    }

    private boolean grown() throws IOException {
        long before = end;
        end = log.sizeBytes();
        if (end > before) {
            scanner.start(log, scanner.position(), end);
        }
        return end > before;
    }

    /** {@return where the walk has got to, in bytes} */
    long position() {
        return scanner.position();
    }

    /** {@return whether an entry that points here may bear an offset} Kafka before 0.11 took the first one of a message. */
    boolean canBeIndexedAs(long offset) {
        return offset == lastOffset()
                || isMessage()
                        && offset < lastOffset()
                        && offset >= RecordBatch.baseOffset(scanner.buffer(), scanner.at());
    }

    /** {@return whether it is a message of magic 0 or 1} */
    private boolean isMessage() {
        return LegacyMessage.isLegacy(scanner.buffer(), scanner.at());
    }

    /** {@return whether an entry that points here may bear a timestamp} Kafka 0.10 took those of clients, and lost them in magic 0. */
    boolean canBeIndexedAtMs(long timestampMs) {
        return timestampMs == maxTimestampMs() || isMessage() && maxTimestampMs() == RecordBatch.NO_TIMESTAMP;
    }

    long lastOffset() {
        return RecordBatch.lastOffset(scanner.buffer(), scanner.at());
    }

    long maxTimestampMs() {
        return RecordBatch.maxTimestamp(scanner.buffer(), scanner.at());
    }

    long producerId() {
        return RecordBatch.producerId(scanner.buffer(), scanner.at());
    }

    boolean isControl() {
        return RecordBatch.isControl(scanner.buffer(), scanner.at());
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
