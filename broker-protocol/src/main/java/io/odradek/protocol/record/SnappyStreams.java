package io.odradek.protocol.record;

import java.io.IOException;
import java.io.OutputStream;
import org.xerial.snappy.SnappyOutputStream;

/** Opens snappy streams; a class of its own, since one that names the library's streams cannot be linked without it. */
final class SnappyStreams {
    private SnappyStreams() {}

    /** Opens a stream in the framing that the Java client writes. */
    static OutputStream output(OutputStream out) throws IOException {
        return new SnappyOutputStream(out);
    }
}
