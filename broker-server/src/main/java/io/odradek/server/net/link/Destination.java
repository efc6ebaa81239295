package io.odradek.server.net.link;

import io.odradek.core.transport.Purpose;

/**
 * Where a connection to another broker goes.
 *
 * @param host a name or an address
 * @param port where the broker listens
 * @param purpose what the connection is for
 */
public record Destination(String host, int port, Purpose purpose) {
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
