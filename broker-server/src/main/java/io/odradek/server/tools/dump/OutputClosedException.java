package io.odradek.server.tools.dump;

import java.io.IOException;

/** Nobody reads what a tool writes any more. */
final class OutputClosedException extends IOException {
    private static final long serialVersionUID = 1L;

    OutputClosedException(IOException cause) {
        super(cause);
    }
}
