package io.odradek.benchmarks;

import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Batches to measure with, the same in every run: records of log-like text, which compresses about as well as real ones. */
final class RecordSamples {
    /** What a batch holds before compression. */
    static final int BATCH_BYTES = 64 * 1024;

    /** The timestamp of the records. */
    static final long TIMESTAMP_MS = 1_700_000_000_000L;

    private static final long SEED = 20_11;
    private static final String[] WORDS = {
        "order", "created", "customer", "warehouse", "shipped", "payment", "refused", "retry", "invoice", "pending"
    };

    private RecordSamples() {}

    /**
     * {@return one batch, in direct memory as requests are}
     *
     * @param recordBytes the size of each record's value
     * @param uncompressedBytes the size of the batch before compression, roughly
     */
    static ByteBuffer batch(CompressionCodec codec, int recordBytes, int uncompressedBytes) {
        Random random = new Random(SEED);
        BatchBuilder builder = new BatchBuilder(2 * uncompressedBytes).codec(codec);
        do {
            builder.append(TIMESTAMP_MS, null, text(random, recordBytes));
        } while (builder.sizeBytes() + recordBytes <= uncompressedBytes);
        ByteBuffer built = builder.build();
        return ByteBuffer.allocateDirect(built.remaining()).put(built).flip();
    }

    /** {@return a copy in direct memory of so many batches, one after the other} */
    static ByteBuffer repeated(ByteBuffer batch, int times) {
        ByteBuffer all = ByteBuffer.allocateDirect(batch.remaining() * times);
        for (int i = 0; i < times; i++) {
            all.put(batch.duplicate());
        }
        return all.flip();
    }

    /** {@return the part of a batch that its checksum covers} */
    static ByteBuffer checked(ByteBuffer batch) {
        int attributes = RecordBatch.PREFIX_SIZE + Integer.BYTES;
        return batch.slice(attributes, batch.limit() - attributes);
    }

    private static ByteBuffer text(Random random, int bytes) {
        StringBuilder text = new StringBuilder(bytes + 32);
        while (text.length() < bytes) {
            text.append(WORDS[random.nextInt(WORDS.length)])
                    .append('=')
                    .append(random.nextInt(1_000_000))
                    .append(' ');
        }
        text.setLength(bytes);
        return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
    }
}
