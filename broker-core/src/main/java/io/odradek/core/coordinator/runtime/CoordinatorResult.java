package io.odradek.core.coordinator.runtime;

import java.util.List;

/**
 * What a handler decided: the records that make it so, and the answer once they are committed.
 *
 * @param records to append as one batch, none for a read
 * @param response to give when everything up to them is committed
 * @param <R> the response
 */
public record CoordinatorResult<R>(List<CoordinatorRecord> records, R response) {
    /** {@return a read's result} */
    public static <R> CoordinatorResult<R> read(R response) {
        return new CoordinatorResult<>(List.of(), response);
    }
}
