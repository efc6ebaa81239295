package io.odradek.server.tools.dump;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes lines in UTF-8, whatever the system's character set. Fails with {@link OutputClosedException}. */
final class LineWriter {
    private static final int BUFFER_BYTES = 1 << 16;

    private final OutputStream out;

    LineWriter(OutputStream out) {
        this.out = new BufferedOutputStream(out, BUFFER_BYTES);
    }

    void line(CharSequence text) throws OutputClosedException {
        try {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            out.write('\n');
        } catch (IOException e) {
            throw new OutputClosedException(e);
        }
    }

    void flush() throws OutputClosedException {
        try {
            out.flush();
        } catch (IOException e) {
            throw new OutputClosedException(e);
        }
    }
}
