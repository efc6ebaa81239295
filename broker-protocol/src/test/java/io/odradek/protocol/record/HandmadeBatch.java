package io.odradek.protocol.record;

import io.odradek.protocol.wire.Varints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Batches that no builder would write: any header, any bytes where the records should be, and yet the right checksum. */
final class HandmadeBatch {
    private final ByteArrayOutputStream records = new ByteArrayOutputStream();
    private int recordCount;

    /** A record of the usual shape: no key, no headers. */
    HandmadeBatch record(int offsetDelta, byte[] value) {
        return record(fields -> {
            fields.put((byte) 0);
            Varints.writeLong(fields, 0);
            Varints.writeInt(fields, offsetDelta);
            Varints.writeInt(fields, -1);
            Varints.writeInt(fields, value.length);
            fields.put(value);
            Varints.writeInt(fields, 0);
        });
    }

    /** A record of the right length, whose fields are written by the test. */
    HandmadeBatch record(Consumer<ByteBuffer> writer) {
        ByteBuffer fields = ByteBuffer.allocate(4096);
        writer.accept(fields);
        return bytes(out -> {
            Varints.writeInt(out, fields.position());
            out.put(fields.flip());
        });
    }

    /** Counts as a record, whatever the bytes are. */
    HandmadeBatch bytes(Consumer<ByteBuffer> writer) {
        ByteBuffer out = ByteBuffer.allocate(8192);
        writer.accept(out);
        records.write(out.array(), 0, out.position());
        recordCount++;
        return this;
    }

    ByteBuffer build() {
        return build(CompressionCodec.NONE);
    }

    ByteBuffer build(CompressionCodec codec) {
        return of(codec.id(), recordCount, compress(codec, records.toByteArray()));
    }

    static byte[] compress(CompressionCodec codec, byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream deflated = CompressionStreams.deflate(codec, out, CompressionCodec.DEFAULT_LEVEL)) {
            deflated.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** {@return a batch with these bytes after the header, already compressed} */
    static ByteBuffer of(int codecId, int recordCount, byte[] body) {
        ByteBuffer header = new BatchBuilder(1024).append(1_000, null, null).build();
        ByteBuffer batch = ByteBuffer.allocate(RecordBatch.HEADER_SIZE + body.length)
                .put(header.array(), 0, RecordBatch.HEADER_SIZE)
                .put(body)
                .flip();
        return with(batch, it -> {
            it.putShort(RecordBatch.ATTRIBUTES, (short) codecId);
            it.putInt(RecordBatch.LAST_OFFSET_DELTA, recordCount - 1);
            it.putInt(RecordBatch.RECORD_COUNT, recordCount);
        });
    }

    /** {@return the batch, changed by the test and sealed again} */
    static ByteBuffer with(ByteBuffer batch, Consumer<ByteBuffer> change) {
        change.accept(batch);
        BatchBuilder.seal(batch);
        return batch;
    }
}
