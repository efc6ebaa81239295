package io.odradek.server.hostile;

import io.odradek.protocol.record.CompressionCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/** A record batch of magic 2 whose every number may be wrong; compressed by Kafka's own codecs. */
public final class HandmadeBatch {
    private static final int HEADER_BYTES = 61;
    private static final int CRC_AT = 17;
    private static final int CHECKED_FROM = 21;

    private final ByteArrayOutputStream records = new ByteArrayOutputStream();
    private CompressionCodec codec = CompressionCodec.NONE;
    private int count;
    private int lastOffsetDelta;
    private byte magic = 2;
    private int crcChange;
    private long producerId = -1;
    private short producerEpoch = -1;
    private int baseSequence = -1;

    public HandmadeBatch codec(CompressionCodec value) {
        codec = value;
        return this;
    }

    public HandmadeBatch magic(int value) {
        magic = (byte) value;
        return this;
    }

    public HandmadeBatch wrongCrc() {
        crcChange = 1;
        return this;
    }

    public HandmadeBatch producer(long id, int epoch, int sequence) {
        producerId = id;
        producerEpoch = (short) epoch;
        baseSequence = sequence;
        return this;
    }

    /** Adds records with the offset deltas given, and a header that says so many. */
    public HandmadeBatch records(int saidCount, int saidLastDelta, int... offsetDeltas) {
        count = saidCount;
        lastOffsetDelta = saidLastDelta;
        for (int delta : offsetDeltas) {
            record(delta, 10);
        }
        return this;
    }

    /** Adds one record with a value of so many zeros. */
    public HandmadeBatch bomb(int valueBytes) {
        count = 1;
        record(0, valueBytes);
        return this;
    }

    /** Adds bytes that are no record. */
    public HandmadeBatch garbage(byte... bytes) {
        records.writeBytes(bytes);
        return this;
    }

    private void record(int offsetDelta, int valueBytes) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(0);
        varint(body, 0);
        varint(body, offsetDelta);
        varint(body, -1);
        varint(body, valueBytes);
        body.writeBytes(new byte[valueBytes]);
        varint(body, 0);
        varint(records, body.size());
        records.writeBytes(body.toByteArray());
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int zigzag = value << 1 ^ value >> 31;
        while ((zigzag & ~0x7f) != 0) {
            out.write(zigzag & 0x7f | 0x80);
            zigzag >>>= 7;
        }
        out.write(zigzag);
    }

    public ByteBuffer build() throws IOException {
        byte[] body = compressed();
        ByteBuffer batch = ByteBuffer.allocate(HEADER_BYTES + body.length);
        batch.putLong(0).putInt(batch.capacity() - 12).putInt(-1).put(magic).putInt(0);
        batch.putShort((short) codec.ordinal())
                .putInt(lastOffsetDelta)
                .putLong(1000)
                .putLong(1000);
        batch.putLong(producerId)
                .putShort(producerEpoch)
                .putInt(baseSequence)
                .putInt(count)
                .put(body);
        CRC32C crc = new CRC32C();
        crc.update(batch.array(), CHECKED_FROM, batch.capacity() - CHECKED_FROM);
        batch.putInt(CRC_AT, (int) crc.getValue() + crcChange);
        return batch.flip();
    }

    private byte[] compressed() throws IOException {
        if (codec == CompressionCodec.NONE) {
            return records.toByteArray();
        }
        ByteBufferOutputStream out = new ByteBufferOutputStream(1024);
        Compression compression =
                Compression.of(CompressionType.forId(codec.ordinal())).build();
        try (OutputStream wrapped = compression.wrapForOutput(out, (byte) 2)) {
            wrapped.write(records.toByteArray());
        }
        ByteBuffer buffer = out.buffer().flip();
        return Arrays.copyOfRange(buffer.array(), buffer.arrayOffset(), buffer.arrayOffset() + buffer.limit());
    }
}
