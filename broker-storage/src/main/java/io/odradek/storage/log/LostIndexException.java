package io.odradek.storage.log;

import java.io.IOException;

/** An index file has gone, or lost its end, under a log that is open: it can be built again from the batches. */
final class LostIndexException extends DamagedSegmentException {
    private static final long serialVersionUID = 1L;

    LostIndexException(String message, IOException cause) {
        super(message, cause);
    }
}
