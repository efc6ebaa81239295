package io.odradek.core.coordinator.group;

/**
 * Who sent a request, and in which version.
 *
 * @param version the request's version
 * @param clientId the client's name for itself, or null
 * @param clientHost the peer's address, such as {@code /127.0.0.1}
 */
public record Caller(short version, String clientId, String clientHost) {
    /** {@return the client's name for itself, or the empty string} */
    String clientName() {
        return clientId == null ? "" : clientId;
    }
}
