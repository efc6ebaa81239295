package io.odradek.core.transport;

import java.net.InetAddress;

/**
 * Who is at the other end of a connection.
 *
 * @param principal who it is, such as {@code User:alice}; {@code User:ANONYMOUS} for one that has not said
 * @param address where it connected from
 * @param listenerName the listener it came by, such as {@code PLAINTEXT}
 */
public record Peer(String principal, InetAddress address, String listenerName) {
    /** The principal of those who have not said who they are. */
    public static final String ANONYMOUS = "User:ANONYMOUS";

    /** {@return a peer of which nothing but its way here is known} */
    public static Peer anonymous(InetAddress address, String listenerName) {
        return new Peer(ANONYMOUS, address, listenerName);
    }

    /** {@return its address as Kafka shows it, such as {@code /127.0.0.1}} */
    public String host() {
        return "/" + address.getHostAddress();
    }
}
