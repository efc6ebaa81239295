package io.odradek.core.security.access;

import io.odradek.core.security.acl.AclOperation;
import io.odradek.core.security.acl.ResourceType;
import io.odradek.protocol.errors.ErrorCode;
import java.util.function.Function;

/**
 * What a request as a whole needs to be served.
 *
 * @param <R> the request
 */
@FunctionalInterface
interface Need<R> {
    /** {@return NONE, or how the request is refused} */
    ErrorCode refusal(R request, Asking asking);

    /** {@return an operation on the resource that the request names} */
    static <R> Need<R> of(AclOperation operation, ResourceType type, Function<R, String> name) {
        return (request, asking) -> asking.refusal(operation, type, name.apply(request));
    }

    /** {@return an operation on the cluster} */
    static <R> Need<R> ofCluster(AclOperation operation) {
        return (request, asking) -> asking.mayWithCluster(operation) ? ErrorCode.NONE : ResourceType.CLUSTER.refusal();
    }

    /** {@return this, and the other as well} */
    default Need<R> and(Need<R> other) {
        return (request, asking) -> {
            ErrorCode refusal = refusal(request, asking);
            return refusal == ErrorCode.NONE ? other.refusal(request, asking) : refusal;
        };
    }
}
