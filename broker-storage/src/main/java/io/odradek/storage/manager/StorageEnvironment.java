package io.odradek.storage.manager;

import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Guests;
import io.odradek.storage.env.Meters;
import io.odradek.storage.env.Randoms;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The guests that a {@link LogManager} works with.
 *
 * @param guests time, chance and counting
 * @param loops where its work is done
 * @param failures is told, once and on any thread, of each folder that goes offline
 */
public record StorageEnvironment(Guests guests, StorageLoops loops, FailureListener failures) {
    /** An environment of which nothing is counted. */
    public StorageEnvironment(Clock clock, Randoms randoms, StorageLoops loops, FailureListener failures) {
        this(new Guests(clock, randoms), loops, failures);
    }

    /** {@return time} */
    public Clock clock() {
        return guests.clock();
    }

    /** {@return chance} */
    public Randoms randoms() {
        return guests.randoms();
    }

    /** {@return counting} */
    public Meters meters() {
        return guests.meters();
    }

    /** {@return the same with another listener} */
    StorageEnvironment with(FailureListener listener) {
        return new StorageEnvironment(guests, loops, listener);
    }

    /** Hears of log folders in which an operation failed, or which are offline. */
    public interface FailureListener {
        /** An operation failed. May be called again for the same folder, on any thread; must not block. */
        void folderFailed(Path logFolder, IOException cause);
    }
}
