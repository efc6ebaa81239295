package io.odradek.core.request.transaction;

import io.odradek.protocol.errors.ErrorCode;

/** How a producer is told that another one has come: by an error of its own where its version knows that (KIP-588). */
final class Fencing {
    private Fencing() {}

    /** {@return the error for a client} @param since the version of the API from which on PRODUCER_FENCED is known */
    static ErrorCode in(int version, int since, ErrorCode error) {
        return error == ErrorCode.PRODUCER_FENCED && version < since ? ErrorCode.INVALID_PRODUCER_EPOCH : error;
    }
}
