package io.odradek.core.security.access;

import io.odradek.core.security.acl.AclOperation;
import io.odradek.core.security.acl.ResourceType;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.errors.ErrorCode;

/**
 * A request that asks for something, and what may be said to it.
 *
 * @param api what it is
 * @param version its version
 * @param decisions those of its connection
 * @param log tells of them
 */
record Asking(ApiKey api, short version, Decisions decisions, AccessLog log) {
    /** {@return whether it may do something with a resource that it has asked for} */
    boolean may(AclOperation operation, ResourceType type, String name) {
        boolean allowed = decisions.allow(operation, type, name);
        if (allowed) {
            log.allowed(decisions.peer(), operation, type, name, api);
        } else {
            log.denied(decisions.peer(), operation, type, name, api);
        }
        return allowed;
    }

    /** {@return the same, where it has not asked for it in so many words: that it may not is nothing to tell} */
    boolean mayQuietly(AclOperation operation, ResourceType type, String name) {
        boolean allowed = decisions.allow(operation, type, name);
        if (allowed) {
            log.allowed(decisions.peer(), operation, type, name, api);
        }
        return allowed;
    }

    /** {@return whether it may do something with the cluster} */
    boolean mayWithCluster(AclOperation operation) {
        return may(operation, ResourceType.CLUSTER, ResourceType.CLUSTER_NAME);
    }

    /** {@return the same, without a word if it may not} */
    boolean mayQuietlyWithCluster(AclOperation operation) {
        return mayQuietly(operation, ResourceType.CLUSTER, ResourceType.CLUSTER_NAME);
    }

    /** {@return whether there can be a resource of this kind that it may do something with (KIP-679)} */
    boolean mayWithAny(AclOperation operation, ResourceType type) {
        boolean allowed = decisions.authorizer().allowsForAny(decisions.peer(), operation, type);
        log.ofAny(decisions.peer(), allowed, operation, type, api);
        return allowed;
    }

    /** {@return NONE, or how it is refused what it wants to do with a resource} */
    ErrorCode refusal(AclOperation operation, ResourceType type, String name) {
        return may(operation, type, name) ? ErrorCode.NONE : type.refusal();
    }

    /** {@return all that it may do with a resource, as a bit for each operation (KIP-430)} */
    int operations(ResourceType type, String name) {
        int bits = 0;
        for (AclOperation operation : type.operations()) {
            if (decisions.allow(operation, type, name)) {
                bits |= operation.bit();
            }
        }
        return bits;
    }
}
