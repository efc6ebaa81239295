package io.odradek.server.tools;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/** Standard output of this process, which remembers why it could not be written: a {@code PrintStream} says only that. */
final class StandardOutput extends FileOutputStream {
    /** What a reader that has gone away comes to, as {@code head} does; that is nobody's fault. */
    private static final String NOBODY_READS = "Broken pipe";

    private volatile IOException failure;

    StandardOutput() {
        super(FileDescriptor.out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            super.write(bytes, from, length);
        } catch (IOException unwritten) {
            failure = unwritten;
            throw unwritten;
        }
    }

    /** {@return why results are lost that somebody wanted; null if none are} */
    String loss() {
        IOException now = failure;
        return now == null || NOBODY_READS.equals(now.getMessage()) ? null : now.getMessage();
    }
}
