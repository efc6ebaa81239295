package io.odradek.protocol.record;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Zstd streams of zstd-jni before 1.4.5, which is what clients before Kafka 2.6 bring to who embeds a broker beside them. Their
 * finalizers are not needed, as for all streams of ours.
 */
@SuppressWarnings("deprecation")
final class OldZstdStreams {
    private OldZstdStreams() {}

    static InputStream input(InputStream in) throws IOException {
        ZstdInputStream stream = new ZstdInputStream(in);
        stream.setFinalize(false);
        return stream;
    }

    static OutputStream output(OutputStream out, int level) throws IOException {
        ZstdOutputStream stream = new ZstdOutputStream(out, level);
        stream.setFinalize(false);
        return stream;
    }
}
