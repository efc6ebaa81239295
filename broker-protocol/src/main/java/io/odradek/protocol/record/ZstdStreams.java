package io.odradek.protocol.record;

import com.github.luben.zstd.BufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Opens zstd streams; a class of its own so that the native library is loaded when the first of them is opened. */
final class ZstdStreams {
    /** The widest window that a client's strongest level declares: 128 MiB. Its pages cost memory only as output fills them. */
    private static final int MAX_WINDOW_LOG = 27;

    private ZstdStreams() {}

    static InputStream input(SliceInput in) throws IOException {
        return new ZstdInputStreamNoFinalizer(in, new SourceBuffer(in.available())).setLongMax(MAX_WINDOW_LOG);
    }

    static OutputStream output(OutputStream out, int level) throws IOException {
        return new ZstdOutputStreamNoFinalizer(out, level);
    }

    /**
     * Lends the stream an array for its compressed bytes. It asks for 128 KiB, more than most batches have: one of the
     * batch's size does, since no read of a {@link SliceInput} can bring more.
     */
    private record SourceBuffer(int sizeBytes) implements BufferPool {
        @Override
        public ByteBuffer get(int capacity) {
            return ByteBuffer.allocate(Math.min(capacity, Math.max(sizeBytes, 1)));
        }

        @Override
        public void release(ByteBuffer buffer) {
            // Used once: the collector has it.
        }
    }
}
