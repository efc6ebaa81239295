package io.odradek.core.request.acl;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;

/**
 * How changes of access control entries wait for the cluster's tree, as their requests bring no time of their own.
 *
 * @param loop where they wait
 * @param longestMs for how long
 */
public record AclWait(EventLoop loop, long longestMs) {
    /** {@return how to answer when there is no result} @param error null if the time is over */
    static ApiException failure(Throwable error) {
        return error == null
                ? new ApiException(ErrorCode.REQUEST_TIMED_OUT, "The cluster's tree has not answered in time")
                : new ApiException(ErrorCode.UNKNOWN_SERVER_ERROR, String.valueOf(error.getMessage()));
    }
}
