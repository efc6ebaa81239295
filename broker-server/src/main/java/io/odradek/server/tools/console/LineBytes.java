package io.odradek.server.tools.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/** A line in the making, which is written as a whole. */
final class LineBytes extends ByteArrayOutputStream {
    private static final int FIRST_BYTES = 1 << 10;
    private static final int KEPT_BYTES = 1 << 20;

    LineBytes() {
        super(FIRST_BYTES);
    }

    void clear() {
        reset();
        if (buf.length > KEPT_BYTES) {
            buf = new byte[FIRST_BYTES];
        }
    }

    void add(byte[] bytes) {
        write(bytes, 0, bytes.length);
    }

    void add(String text) {
        add(text.getBytes(UTF_8));
    }

    void writeTo(PrintStream out) {
        out.write(buf, 0, count);
    }
}
