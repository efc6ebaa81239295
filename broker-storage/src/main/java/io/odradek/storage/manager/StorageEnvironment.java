package io.odradek.storage.manager;

import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Randoms;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The guests that a {@link LogManager} works with.
 *
 * @param clock time
 * @param randoms chance
 * @param loops where its work is done
 * @param failures is told of folders that fail at work
 */
public record StorageEnvironment(Clock clock, Randoms randoms, StorageLoops loops, FailureListener failures) {
    /** Hears of folders that can no longer be trusted. */
    public interface FailureListener {
        /** An operation failed. May be called again for the same folder, on any thread. */
        void folderFailed(Path logFolder, IOException cause);
    }
}
