package io.odradek.server.tools.dump;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.protocol.record.legacy.LegacyCursor;
import io.odradek.protocol.wire.MalformedMessageException;
import io.odradek.storage.io.LogFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Shows the records of batches. One batch is in memory at a time, and of a compressed one a record at a time. */
final class RecordDump {
    private static final int FIRST_BUFFER_BYTES = 1 << 20;

    private final DumpOptions options;
    private final DumpOutput out;
    private final Problems problems;
    private final RecordDecoder decoder;
    private final RecordCursor cursor = new RecordCursor();
    private final LegacyCursor messages = new LegacyCursor();
    private ByteBuffer own = ByteBuffer.allocate(0);

    RecordDump(DumpOptions options, DumpOutput out, Problems problems) {
        this.options = options;
        this.out = out;
        this.problems = problems;
        this.decoder = RecordDecoder.of(options.decoder());
    }

    /** Shows the records of a batch whose header was read. */
    void dump(DumpedFile file, LogFile log, DumpedBatch header) throws IOException {
        int sizeBytes = RecordBatch.sizeBytes(header.buffer(), header.at());
        if (sizeBytes > options.maxBatchBytes()) {
            problems.report(
                    file.path(),
                    header.position(),
                    "the batch of " + sizeBytes + " bytes is too large to be opened",
                    "Raise --max-message-size, and if need be the heap (BROKER_HEAP_OPTS=-Xmx1g)");
            return;
        }
        DumpedBatch batch = whole(log, header, sizeBytes);
        try {
            if (header.isMessage()) {
                dumpMessage(file, header, batch);
            } else {
                dumpBatch(file, batch);
            }
        } catch (ApiException | UncheckedIOException damaged) {
            report(file, header, damaged.getMessage());
        }
    }

    private void dumpBatch(DumpedFile file, DumpedBatch batch) throws IOException {
        try (cursor) {
            cursor.open(batch.buffer(), batch.at(), options.maxBatchBytes());
            long previousOffset = batch.baseOffset() - 1;
            while (cursor.next()) {
                show(file, batch);
                checkOffset(file, batch, cursor.index(), cursor.offset(), previousOffset);
                previousOffset = cursor.offset();
            }
        }
    }

    private void dumpMessage(DumpedFile file, DumpedBatch header, DumpedBatch whole) throws IOException {
        try (messages) {
            messages.open(whole.buffer(), whole.at(), options.maxBatchBytes());
            long previousOffset = -1;
            while (messages.next()) {
                out.record(header, messages, decode(file, header, messages.offset(), messages.key(), messages.value()));
                checkOffset(file, header, messages.index(), messages.offset(), previousOffset);
                previousOffset = messages.offset();
            }
        }
    }

    private void checkOffset(DumpedFile file, DumpedBatch batch, int index, long offset, long previousOffset)
            throws IOException {
        if (offset <= previousOffset || offset > batch.lastOffset()) {
            report(file, batch, "record " + index + " has the impossible offset " + offset);
        }
    }

    private void report(DumpedFile file, DumpedBatch batch, String what) throws IOException {
        problems.report(
                file.path(),
                batch.position(),
                "the batch at offset " + batch.baseOffset() + " cannot be opened: " + what,
                batch.valid()
                        ? "It was written so; consumers stop at it: skip it with a seek, or delete the records up to it"
                        : "See its checksum");
    }

    /** {@return the batch with all of its bytes in memory} */
    private DumpedBatch whole(LogFile log, DumpedBatch header, int sizeBytes) throws IOException {
        if (!header.isMessage() && header.buffer().limit() - header.at() >= sizeBytes) {
            return header;
        }
        if (own.capacity() < sizeBytes) {
            own = ByteBuffer.allocate(Math.max(sizeBytes, FIRST_BUFFER_BYTES));
        }
        log.read(own.clear().limit(sizeBytes), header.position());
        if (own.hasRemaining()) {
            throw new IOException(log.path() + " has become shorter while it was read");
        }
        return new DumpedBatch(own, 0, header.position(), header.valid());
    }

    private void show(DumpedFile file, DumpedBatch batch) throws IOException {
        if (batch.isControl()) {
            out.control(batch, cursor, ControlRecord.read(cursor));
            return;
        }
        out.record(batch, cursor, decode(file, batch, cursor.offset(), cursor.key(), cursor.value()));
    }

    /** {@return what a record says to the decoder; null if there is none, or it does not understand it} */
    private DecodedRecord decode(DumpedFile file, DumpedBatch batch, long offset, ByteBuffer key, ByteBuffer value)
            throws IOException {
        if (decoder == null) {
            return null;
        }
        try {
            return decoder.decode(key, value);
        } catch (MalformedMessageException foreign) {
            problems.report(
                    file.path(),
                    batch.position(),
                    "the record at offset " + offset + " is not what the decoder knows: " + foreign.getMessage(),
                    "Is this a partition of " + decoder.topic() + "?");
            return null;
        }
    }
}
