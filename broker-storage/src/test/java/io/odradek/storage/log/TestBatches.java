package io.odradek.storage.log;

import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.log.Log.FetchedData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Batches to append, and what was read as bytes. */
public final class TestBatches {
    private TestBatches() {}

    /** {@return a batch of records with these values, all of one timestamp} */
    public static ByteBuffer batch(long timestampMs, String... values) {
        return builder(timestampMs, values).build();
    }

    /** {@return a batch of an idempotent producer} */
    static ByteBuffer batch(long producerId, int epoch, int sequence, String... values) {
        return builder(1_000, values)
                .producer(producerId, (short) epoch, sequence)
                .build();
    }

    static BatchBuilder builder(long timestampMs, String... values) {
        BatchBuilder builder = new BatchBuilder(1 << 20);
        for (String value : values) {
            builder.append(timestampMs, null, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
        }
        return builder;
    }

    /** {@return a copy of the bytes between position and limit} */
    static byte[] bytes(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        return copy;
    }

    /** {@return the bytes that a fetch sends} */
    static byte[] bytes(FetchedData fetched) throws IOException {
        if (fetched.records() instanceof FileSlice slice) {
            ByteBuffer buffer = ByteBuffer.allocate(slice.sizeBytes());
            slice.file().read(buffer, slice.position());
            return bytes(buffer.flip());
        }
        return bytes(((BytesPayload) fetched.records()).buffer());
    }

    /** Reads what a fetch sends. {@return how many bytes there are} */
    public static int length(FetchedData fetched) throws IOException {
        return bytes(fetched).length;
    }

    /** {@return all bytes from an offset to the end of the log} */
    static byte[] readAll(Log log, long from) throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) log.sizeBytes());
        long offset = from;
        while (offset < log.endOffset()) {
            byte[] read = bytes(log.read(offset, 1 << 20, true, log.endOffset()));
            if (read.length == 0) {
                throw new AssertionError("Nothing at " + offset + " of " + log.endOffset());
            }
            ByteBuffer batches = ByteBuffer.wrap(read);
            int at = 0;
            while (at < read.length) {
                offset = RecordBatch.nextOffset(batches, at);
                at += RecordBatch.sizeBytes(batches, at);
            }
            all.put(read);
        }
        return bytes(all.flip());
    }
}
