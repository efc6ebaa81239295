package io.odradek.core.transport;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;

/**
 * How many partitions one request may create or delete (KIP-599). What would be too much is refused to clients that know of that; of
 * others all is done, and they rest afterwards. Thread-safe.
 */
public interface MutationAllowance {
    /** What a client is told with THROTTLING_QUOTA_EXCEEDED. */
    String EXCEEDED = "The throttling quota has been exceeded.";

    /** Partitions are to be created or deleted. {@return whether they may be} */
    boolean take(int partitions);

    /** As {@link #take}. @throws ApiException THROTTLING_QUOTA_EXCEEDED if they may not */
    default void require(int partitions) {
        if (!take(partitions)) {
            throw new ApiException(ErrorCode.THROTTLING_QUOTA_EXCEEDED, EXCEEDED);
        }
    }
}
