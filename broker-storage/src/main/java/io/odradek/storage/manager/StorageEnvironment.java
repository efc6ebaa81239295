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
 * @param failures is told, once and on any thread, of each folder that goes offline
 */
public record StorageEnvironment(Clock clock, Randoms randoms, StorageLoops loops, FailureListener failures) {
    /** {@return the same with another listener} */
    StorageEnvironment with(FailureListener listener) {
        return new StorageEnvironment(clock, randoms, loops, listener);
    }

    /** Hears of log folders in which an operation failed, or which are offline. */
    public interface FailureListener {
        /** An operation failed. May be called again for the same folder, on any thread; must not block. */
        void folderFailed(Path logFolder, IOException cause);
    }
}
