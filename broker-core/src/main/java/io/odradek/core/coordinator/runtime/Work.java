package io.odradek.core.coordinator.runtime;

import io.odradek.protocol.errors.ErrorCode;
import java.util.function.Consumer;

/**
 * What is being done on a shard: what it can leave half-done if it fails, and who is to be told.
 *
 * @param key what it concerns, or null for work that changes nothing, or divides itself with {@link ShardContext#on}
 * @param refused answers the request behind it, if that has not been answered
 */
record Work(String key, Consumer<ErrorCode> refused) {
    private static final Consumer<ErrorCode> NOBODY = error -> {};

    /** Work on nothing in particular. */
    static final Work NONE = new Work(null, NOBODY);

    /** {@return work with no request behind it} */
    static Work on(String key) {
        return key == null ? NONE : new Work(key, NOBODY);
    }
}
