package io.odradek.core.request;

import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.MemoryRecords;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Payload;
import io.odradek.storage.io.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Batches to send, and a look at those that came back. */
final class TestRecords {
    private TestRecords() {}

    /** {@return one batch of records with these values} */
    static Payload batch(String... values) {
        BatchBuilder builder = new BatchBuilder(1 << 20);
        for (String value : values) {
            builder.append(1000, null, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
        }
        return new BytesPayload(builder.build());
    }

    /** {@return a batch of one record with a value of that many bytes} */
    static Payload batchOf(int valueBytes) {
        return new BytesPayload(new BatchBuilder(valueBytes + 1000)
                .append(1000, null, ByteBuffer.allocate(valueBytes))
                .build());
    }

    static ByteBuffer bytes(Payload payload) {
        if (payload instanceof BytesPayload bytes) {
            return bytes.buffer().duplicate();
        }
        FileSlice slice = (FileSlice) payload;
        ByteBuffer buffer = ByteBuffer.allocate(slice.sizeBytes());
        try {
            slice.file().read(buffer, slice.position());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return buffer.flip();
    }

    /** {@return the base offsets of the whole batches} */
    static List<Long> baseOffsets(Payload payload) {
        ByteBuffer buffer = bytes(payload);
        List<Long> offsets = new ArrayList<>();
        for (MemoryRecords walk = MemoryRecords.tolerant(buffer); walk.next(); ) {
            offsets.add(RecordBatch.baseOffset(buffer, walk.position()));
        }
        return offsets;
    }
}
