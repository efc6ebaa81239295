package io.odradek.server.logging;

import java.util.logging.LogManager;

/**
 * A log manager that still writes while the JVM shuts down. The JDK's closes all handlers in a shutdown hook of its own, and
 * what the broker has to say about its stop would be lost.
 */
public final class LastingLogManager extends LogManager {
    /** Does nothing: the handlers write each record at once, and end with the process. */
    @Override
    public void reset() {
        // See above.
    }
}
