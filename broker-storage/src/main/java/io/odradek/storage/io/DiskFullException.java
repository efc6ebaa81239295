package io.odradek.storage.io;

import java.io.IOException;

/**
 * The disk, or the quota of the broker's user, has no room for what was to be written or created. Unlike other failures it
 * says nothing against what the disk has, and passes when space is freed. A force that fails is never one of these: what
 * was to be forced may be lost.
 */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message names the path and says what to do */
    public DiskFullException(String message) {
        super(message);
    }

    DiskFullException(String message, IOException cause) {
        super(message, cause);
    }
}
