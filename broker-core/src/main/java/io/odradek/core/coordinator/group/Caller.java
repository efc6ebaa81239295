package io.odradek.core.coordinator.group;

import io.odradek.core.transport.Peer;

/**
 * Who sent a request, and in which version.
 *
 * @param version the request's version
 * @param clientId the client's name for itself, or null
 * @param peer who is at the other end of its connection
 */
public record Caller(short version, String clientId, Peer peer) {
    /** {@return the client's name for itself, or the empty string} */
    String clientName() {
        return clientId == null ? "" : clientId;
    }

    /** {@return where it connected from, such as {@code /127.0.0.1}} */
    String clientHost() {
        return peer.host();
    }
}
