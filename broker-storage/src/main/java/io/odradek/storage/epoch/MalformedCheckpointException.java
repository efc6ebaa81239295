package io.odradek.storage.epoch;

import java.io.IOException;

/** A checkpoint file holds something else than what was written. */
public final class MalformedCheckpointException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message which file, and what is wrong with it */
    public MalformedCheckpointException(String message) {
        super(message);
    }
}
