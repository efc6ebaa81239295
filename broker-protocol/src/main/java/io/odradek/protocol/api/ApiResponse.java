package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;

/** A response body to be encoded. Implemented by the records that {@code @Response} declares. */
public interface ApiResponse {
    /** {@return the error that the whole request is answered with; NONE also where an API has no place for one} */
    default ErrorCode errorCode() {
        return ErrorCode.NONE;
    }
}
