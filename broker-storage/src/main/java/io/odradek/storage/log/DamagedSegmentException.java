package io.odradek.storage.log;

import java.io.IOException;

/**
 * A segment holds something else than whole batches where whole batches were expected, or has lost a file or the end of
 * one. It tells of that segment: the rest of the log is as good as ever, and so is the folder that it lies in.
 */
public class DamagedSegmentException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message which file, and what is wrong with it */
    public DamagedSegmentException(String message) {
        super(message);
    }

    DamagedSegmentException(String message, IOException cause) {
        super(message, cause);
    }
}
