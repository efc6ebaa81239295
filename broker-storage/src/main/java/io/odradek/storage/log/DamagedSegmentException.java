package io.odradek.storage.log;

import java.io.IOException;

/**
 * A segment holds something else than whole batches where whole batches were expected. It tells of one log; the folder that
 * the log lies in may be as good as ever.
 */
public final class DamagedSegmentException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedSegmentException(String message) {
        super(message);
    }
}
