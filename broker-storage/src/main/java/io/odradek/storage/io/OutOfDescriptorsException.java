package io.odradek.storage.io;

import java.io.IOException;

/**
 * The process, or the whole system, may open no more files and sockets. It is no fault of the disk that a file on it could
 * not be opened: nothing is lost, and the same may go well once others have been closed.
 */
public final class OutOfDescriptorsException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message names the path and says what to do */
    public OutOfDescriptorsException(String message) {
        super(message);
    }

    OutOfDescriptorsException(String message, IOException cause) {
        super(message, cause);
    }
}
