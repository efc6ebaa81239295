package io.odradek.storage.manager;

import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Randoms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The guests that a {@link LogManager} works with.
 *
 * @param clock time
 * @param randoms chance
 * @param logIo the loop for flushing, checkpoints and removals
 * @param recoveryLoops load the logs side by side, {@code num.recovery.threads.per.data.dir} for each folder; with none,
 *     the caller of {@link LogManager#open} does it itself
 * @param failures is told of folders that fail at work
 */
public record StorageEnvironment(
        Clock clock, Randoms randoms, EventLoop logIo, List<EventLoop> recoveryLoops, FailureListener failures) {
    /** Hears of folders that can no longer be trusted. */
    public interface FailureListener {
        /** An operation failed. May be called again for the same folder, on any thread. */
        void folderFailed(Path logFolder, IOException cause);
    }
}
