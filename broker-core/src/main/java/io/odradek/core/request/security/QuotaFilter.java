package io.odradek.core.request.security;

import io.odradek.core.config.dynamic.ClientEntity;
import io.odradek.protocol.api.DescribeClientQuotasRequest;
import io.odradek.protocol.api.DescribeClientQuotasRequest.ComponentData;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;

/**
 * Whose quotas somebody wants to see (KIP-546).
 *
 * @param user what the user has to be; null for what may be missing
 * @param clientId what the client id has to be, as above
 * @param ip what the address has to be, as above
 * @param strict whether what is not named must be missing
 */
record QuotaFilter(Part user, Part clientId, Part ip, boolean strict) {
    static final String USER = "user";
    static final String CLIENT_ID = "client-id";
    static final String IP = "ip";

    private static final int EXACT = 0;
    private static final int DEFAULT = 1;
    private static final int ANY = 2;

    /** @param name what it has to be; null for whatever there is */
    record Part(String name) {}

    /** @throws ApiException INVALID_REQUEST, UNSUPPORTED_VERSION for entities that nobody knows */
    static QuotaFilter of(DescribeClientQuotasRequest request) {
        Part user = null;
        Part clientId = null;
        Part ip = null;
        for (ComponentData component : request.components()) {
            switch (component.entityType()) {
                case USER -> user = once(user, part(component), "user");
                case CLIENT_ID -> clientId = once(clientId, part(component), "client");
                case IP -> ip = once(ip, part(component), "ip");
                case "" -> throw refusal("Unexpected empty filter component entity type");
                default ->
                    throw new ApiException(
                            ErrorCode.UNSUPPORTED_VERSION,
                            "Custom entity type '" + Quoted.text(component.entityType()) + "' not supported");
            }
        }
        if (ip != null && (user != null || clientId != null)) {
            throw refusal("Invalid entity filter component combination, IP filter component should not be used with"
                    + " user or clientId filter component.");
        }
        return new QuotaFilter(user, clientId, ip, request.strict());
    }

    private static Part once(Part before, Part part, String what) {
        if (before != null) {
            throw refusal("Duplicate " + what + " filter component entity type");
        }
        return part;
    }

    private static Part part(ComponentData component) {
        return switch (component.matchType()) {
            case EXACT -> {
                if (component.match() == null) {
                    throw refusal("There is no name to match the " + component.entityType() + " with");
                }
                yield new Part(component.match());
            }
            case DEFAULT -> new Part(ClientEntity.DEFAULT);
            case ANY -> new Part(null);
            default -> throw refusal("Unknown match type " + component.matchType());
        };
    }

    private static ApiException refusal(String message) {
        return new ApiException(ErrorCode.INVALID_REQUEST, message);
    }

    boolean matches(ClientEntity entity) {
        return matches(user, entity.user()) && matches(clientId, entity.clientId()) && matches(ip, entity.ip());
    }

    private boolean matches(Part part, String name) {
        if (part == null) {
            return name == null || !strict;
        }
        return name != null && (part.name() == null || part.name().equals(name));
    }
}
