package io.odradek.protocol.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;

/**
 * The codecs' streams, written in the formats of Kafka's Java client. A class of its own, so that a broker that meets no
 * compressed batch loads none of the codecs; a native library is loaded when its codec is first used.
 */
public final class CompressionStreams {
    private static final int GZIP_BUFFER_BYTES = 8 * 1024;

    /** As the library has it, in all of its versions. */
    private static final int ZSTD_DEFAULT_LEVEL = 3;

    private CompressionStreams() {}

    /**
     * Opens a stream of what compressed bytes inflate to. It must be closed; until then the bytes must not change. The reader
     * counts what comes out: no more than a block is inflated ahead of it.
     *
     * @param maxInflatedBytes a single block that claims more is refused
     * @throws IOException if the bytes do not start as the codec's streams do
     * @throws io.odradek.protocol.errors.ApiException UNSUPPORTED_COMPRESSION_TYPE where the codec's library is missing
     */
    static InputStream inflate(
            CompressionCodec codec, ByteBuffer buffer, int position, int sizeBytes, int maxInflatedBytes)
            throws IOException {
        return inflate(codec, buffer, position, sizeBytes, maxInflatedBytes, RecordBatch.MAGIC);
    }

    /**
     * As above, for any record format: those who wrote magic 0 reckoned the checksum of an lz4 header over more than that, so
     * that it is not compared.
     */
    public static InputStream inflate(
            CompressionCodec codec, ByteBuffer buffer, int position, int sizeBytes, int maxInflatedBytes, byte magic)
            throws IOException {
        CodecLibrary.require(codec);
        return switch (codec) {
            case NONE -> new SliceInput(buffer, position, sizeBytes);
            case GZIP -> new GzipInput(buffer, position, sizeBytes);
            case SNAPPY -> new SnappyInput(buffer, position, sizeBytes, maxInflatedBytes);
            case LZ4 -> new Lz4Input(buffer, position, sizeBytes, maxInflatedBytes, magic > 0);
            case ZSTD -> zstd(new SliceInput(buffer, position, sizeBytes));
        };
    }

    /**
     * Opens a stream that compresses into another; closing it writes what is still held back and closes the other.
     *
     * @throws io.odradek.protocol.errors.ApiException UNSUPPORTED_COMPRESSION_TYPE where the codec's library is missing
     */
    static OutputStream deflate(CompressionCodec codec, OutputStream out, int level) throws IOException {
        return deflate(codec, out, level, RecordBatch.MAGIC);
    }

    /** As above, for any record format: lz4 in magic 0 has the checksum of its header that readers of those days expect. */
    public static OutputStream deflate(CompressionCodec codec, OutputStream out, int level, byte magic)
            throws IOException {
        CodecLibrary.require(codec);
        return switch (codec) {
            case NONE -> out;
            case GZIP -> new LevelledGzipOutput(out, level);
            case SNAPPY -> SnappyStreams.output(out);
            case LZ4 -> new Lz4Output(out, level, magic > 0);
            case ZSTD -> zstd(out, level == CompressionCodec.DEFAULT_LEVEL ? ZSTD_DEFAULT_LEVEL : level);
        };
    }

    private static OutputStream zstd(OutputStream out, int level) throws IOException {
        return CodecLibrary.zstdIsOld() ? OldZstdStreams.output(out, level) : ZstdStreams.output(out, level);
    }

    private static InputStream zstd(SliceInput in) throws IOException {
        return CodecLibrary.zstdIsOld() ? OldZstdStreams.input(in) : ZstdStreams.input(in);
    }

    private static final class LevelledGzipOutput extends GZIPOutputStream {
        LevelledGzipOutput(OutputStream out, int level) throws IOException {
            super(out, GZIP_BUFFER_BYTES);
            if (level != CompressionCodec.DEFAULT_LEVEL) {
                def.setLevel(level);
            }
        }

        /** Releases the deflater even where the other stream takes no more bytes. */
        @Override
        public void close() throws IOException {
            try {
                super.close();
            } finally {
                def.end();
            }
        }
    }
}
