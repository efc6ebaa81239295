package io.odradek.protocol.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Rebuilds a batch with another codec. What a codec compresses is the records as they would lie uncompressed, so they pass
 * from one stream into the other without a look at them, and the header changes in codec, length and checksum only.
 */
final class Recompression {
    private static final int COPY_BYTES = 16 * 1024;

    private Recompression() {}

    /**
     * Rebuilds a batch that has been walked without complaint.
     *
     * @param rules the target codec, and the bound of the new batch's size
     * @throws io.odradek.protocol.errors.ApiException MESSAGE_TOO_LARGE if the new batch is larger than allowed
     */
    static ByteBuffer rebuild(ByteBuffer buffer, int position, RecordRules rules) {
        BatchBytes bytes = new BatchBytes(rules.maxBatchBytes());
        bytes.room(RecordBatch.HEADER_SIZE).put(buffer.slice(position, RecordBatch.HEADER_SIZE));
        try {
            copyRecords(buffer, position, rules, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("Records that have been inflated once cannot be inflated again", e);
        }
        ByteBuffer batch = bytes.written();
        int others = RecordBatch.attributes(batch, 0) & ~RecordBatch.CODEC_MASK;
        batch.putShort(
                RecordBatch.ATTRIBUTES, (short) (others | rules.target().codec().id()));
        BatchBuilder.seal(batch);
        return batch;
    }

    private static void copyRecords(ByteBuffer buffer, int position, RecordRules rules, BatchBytes bytes)
            throws IOException {
        CompressionCodec source = CompressionCodec.ofId(RecordBatch.codecId(buffer, position));
        int sizeBytes = RecordBatch.sizeBytes(buffer, position) - RecordBatch.HEADER_SIZE;
        RecordRules.Target target = rules.target();
        try (InputStream in = CompressionStreams.inflate(
                        source, buffer, position + RecordBatch.HEADER_SIZE, sizeBytes, rules.maxInflatedBytes());
                OutputStream out = CompressionStreams.deflate(target.codec(), bytes, target.level())) {
            byte[] copied = new byte[COPY_BYTES];
            for (int count = in.read(copied); count > 0; count = in.read(copied)) {
                out.write(copied, 0, count);
            }
        }
    }
}
