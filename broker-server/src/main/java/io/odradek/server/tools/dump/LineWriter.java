package io.odradek.server.tools.dump;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Writes lines in UTF-8, whatever the system's character set. Fails with {@link OutputClosedException}. */
final class LineWriter {
    private static final int BUFFER_BYTES = 1 << 16;

    private final OutputStream out;

    LineWriter(OutputStream out) {
        this.out = new BufferedOutputStream(out instanceof PrintStream kept ? complaining(kept) : out, BUFFER_BYTES);
    }

    /** Such a stream keeps to itself that nobody reads. */
    private static OutputStream complaining(PrintStream target) {
        return new OutputStream() {
            @Override
            public void write(int oneByte) throws IOException {
                write(new byte[] {(byte) oneByte}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                target.write(bytes, offset, length);
                flush();
            }

            @Override
            public void flush() throws IOException {
                if (target.checkError()) {
                    throw new IOException("Nobody reads it any more");
                }
            }
        };
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
