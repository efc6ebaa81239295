package io.odradek.protocol.record;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;
import org.xerial.snappy.SnappyOutputStream;

/**
 * The compression of a batch's records; the low three bits of the batch's attributes. Streams are written in the formats
 * of Kafka's Java client. A codec's native library is loaded when the codec is first used, and not before.
 */
public enum CompressionCodec {
    NONE,
    GZIP,
    SNAPPY,
    LZ4,
    ZSTD;

    /** The level that stands for a codec's own default. */
    public static final int DEFAULT_LEVEL = Integer.MIN_VALUE;

    private static final int GZIP_BUFFER_BYTES = 8 * 1024;
    private static final CompressionCodec[] BY_ID = values();

    /** {@return the id in a batch's attributes} */
    public int id() {
        return ordinal();
    }

    /**
     * {@return the codec with this id}
     *
     * @throws ApiException UNSUPPORTED_COMPRESSION_TYPE if there is none
     */
    public static CompressionCodec ofId(int id) {
        if (id < 0 || id >= BY_ID.length) {
            throw new ApiException(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, "There is no compression codec " + id);
        }
        return BY_ID[id];
    }

    /**
     * Opens a stream of what compressed bytes inflate to. It must be closed; until then the bytes must not change. The reader
     * counts what comes out: no more than a block is inflated ahead of it.
     *
     * @param maxInflatedBytes a single block that claims more is refused
     * @throws IOException if the bytes do not start as the codec's streams do
     */
    InputStream inflate(ByteBuffer buffer, int position, int sizeBytes, int maxInflatedBytes) throws IOException {
        return switch (this) {
            case NONE -> new SliceInput(buffer, position, sizeBytes);
            case GZIP -> new GzipInput(buffer, position, sizeBytes);
            case SNAPPY -> new SnappyInput(buffer, position, sizeBytes, maxInflatedBytes);
            case LZ4 -> new Lz4Input(buffer, position, sizeBytes, maxInflatedBytes);
            case ZSTD -> ZstdStreams.input(new SliceInput(buffer, position, sizeBytes));
        };
    }

    /** Opens a stream that compresses into another; closing it writes what is still held back and closes the other. */
    OutputStream deflate(OutputStream out, int level) throws IOException {
        return switch (this) {
            case NONE -> out;
            case GZIP -> new LevelledGzipOutput(out, level);
            case SNAPPY -> new SnappyOutputStream(out);
            case LZ4 -> new Lz4Output(out, level);
            case ZSTD -> ZstdStreams.output(out, level);
        };
    }

    private static final class LevelledGzipOutput extends GZIPOutputStream {
        LevelledGzipOutput(OutputStream out, int level) throws IOException {
            super(out, GZIP_BUFFER_BYTES);
            if (level != DEFAULT_LEVEL) {
                def.setLevel(level);
            }
        }
    }
}
