package io.odradek.server.tools.dump;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.legacy.LegacyMessage;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.log.BatchScanner;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Shows a {@code .log} file, batch by batch, in memory that does not grow with it. */
final class LogDump {
    private static final int CHUNK_BYTES = 256 * 1024;
    private static final String RECOVER =
            "If this is the end of the newest segment, a broker that is started cuts it off"
                    + " (or is writing it right now); elsewhere fetch the partition from another replica";

    private static final String DAMAGED =
            "Fetch the partition from another replica; without one, what lies before position"
                    + " and offset is all that can be trusted";

    private final DumpOptions options;
    private final DumpOutput out;
    private final Problems problems;
    private final BatchScanner scanner = new BatchScanner(ByteBuffer.allocate(CHUNK_BYTES));
    private final RecordDump records;

    private DumpedFile file;
    private LogFile log;
    private long lastOffset;

    LogDump(DumpOptions options, DumpOutput out, Problems problems) {
        this.options = options;
        this.out = out;
        this.problems = problems;
        this.records = new RecordDump(options, out, problems);
    }

    /** Shows a file that is open. */
    void dump(DumpedFile newFile, LogFile openLog) throws IOException {
        file = newFile;
        log = openLog;
        lastOffset = -1;
        long size = log.sizeBytes();
        long end = Math.min(size, options.maxBytes());
        if (showBatches(0, end)) {
            return;
        }
        if (end < size) {
            // The limit has cut a batch, which is no damage if it is whole in the file.
            if (scanner.start(log, scanner.position(), size).next()) {
                return;
            }
        } else {
            long grown = log.sizeBytes();
            if (grown > size && showBatches(scanner.position(), grown)) {
                return;
            }
            size = grown;
        }
        invalidEnd(size);
    }

    private void invalidEnd(long size) throws IOException {
        if (log.sizeBytes() > size && cut(size)) {
            out.note(
                    file.path(),
                    "it is being written; the batch at position " + scanner.position() + " is not whole yet");
            return;
        }
        long invalid = size - scanner.position();
        String what = "Found " + invalid + " invalid bytes at the end of "
                + file.path().getFileName() + ": "
                + (onlyZeros(scanner.position(), size) ? "zeros" : scanner.problem());
        problems.report(file.path(), scanner.position(), what, RECOVER);
    }

    /** {@return whether the bytes at the end can be the beginning of a batch that is not whole} */
    private boolean cut(long size) throws IOException {
        long remaining = size - scanner.position();
        if (remaining < RecordBatch.HEADER_SIZE) {
            return true;
        }
        ByteBuffer prefix = ByteBuffer.allocate(RecordBatch.PREFIX_SIZE);
        log.read(prefix, scanner.position());
        long claimed = RecordBatch.length(prefix, 0) + (long) RecordBatch.LOG_OVERHEAD;
        return (RecordBatch.magic(prefix, 0) == RecordBatch.MAGIC || LegacyMessage.isLegacy(prefix, 0))
                && claimed > remaining
                && claimed <= options.maxBatchBytes();
    }

    private boolean onlyZeros(long from, long end) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        for (long position = from; position < end; position += chunk.limit()) {
            if (log.read(chunk.clear(), position) == 0) {
                return false;
            }
            chunk.flip();
            for (int i = 0; i < chunk.limit(); i++) {
                if (chunk.get(i) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** {@return whether whole batches reach to the end} */
    private boolean showBatches(long from, long end) throws IOException {
        scanner.start(log, from, end);
        while (next(end)) {
            boolean valid = scanner.hasValidCrc();
            DumpedBatch batch = new DumpedBatch(scanner.buffer(), scanner.at(), scanner.position(), valid);
            if (batch.isMessage()) {
                out.message(batch);
            } else {
                out.batch(batch);
            }
            check(batch);
            if (options.contents() != DumpOptions.Contents.BATCHES) {
                records.dump(file, log, batch);
            }
        }
        return scanner.position() == end;
    }

    /** Goes to the next batch, be its offset what it may: what is wrong with that is said when it is shown. */
    private boolean next(long end) throws IOException {
        return scanner.next()
                || scanner.position() < end
                        && scanner.start(log, scanner.position(), end).next();
    }

    private void check(DumpedBatch batch) throws IOException {
        long position = batch.position();
        if (!batch.valid()) {
            problems.report(
                    file.path(),
                    position,
                    "the batch at offset " + batch.baseOffset() + " has a wrong checksum, its bytes have changed",
                    DAMAGED);
        }
        if (batch.baseOffset() < file.baseOffset()) {
            problems.report(
                    file.path(),
                    position,
                    "the batch at offset " + batch.baseOffset() + " lies before the segment's first offset "
                            + file.baseOffset(),
                    "The file is not what its name says; take it out of the folder");
        } else if (batch.baseOffset() <= lastOffset) {
            problems.report(
                    file.path(),
                    position,
                    "the batch at offset " + batch.baseOffset() + " comes after offset " + lastOffset,
                    DAMAGED);
        }
        lastOffset = Math.max(lastOffset, batch.lastOffset());
    }
}
