package io.odradek.storage.log;

import java.io.IOException;

/**
 * A segment holds something else than whole batches where whole batches were expected, or has lost a file or the end of
 * one. It tells of one log; the folder that the log lies in may be as good as ever.
 */
public class DamagedSegmentException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedSegmentException(String message) {
        super(message);
    }

    DamagedSegmentException(String message, IOException cause) {
        super(message, cause);
    }
}
