package io.odradek.core.request;

import io.odradek.storage.log.Log;
import java.io.IOException;
import java.util.function.Consumer;

/** Keeps where logs begin. */
public interface LogStartStore {
    /**
     * Saves where a log begins now.
     *
     * @param done is called on any thread: with null when it would survive a power loss, else with what went wrong
     */
    void save(Log log, Consumer<IOException> done);
}
