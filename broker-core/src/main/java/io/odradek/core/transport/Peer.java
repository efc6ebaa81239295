package io.odradek.core.transport;

import java.net.InetAddress;

/**
 * Who is at the other end of a connection.
 *
 * @param principal who it is, such as {@code User:alice}; {@code User:ANONYMOUS} for one that has not said
 * @param address where it connected from
 * @param listenerName the listener it came by, such as {@code PLAINTEXT}
 * @param byToken whether it said so with a delegation token, which may do less than whom it stands for (KIP-48)
 */
public record Peer(String principal, InetAddress address, String listenerName, boolean byToken) {
    /** The principal of those who have not said who they are. */
    public static final String ANONYMOUS = "User:ANONYMOUS";

    /** {@return a peer of which nothing but its way here is known} */
    public static Peer anonymous(InetAddress address, String listenerName) {
        return new Peer(ANONYMOUS, address, listenerName, false);
    }

    /** {@return the same peer, which has said who it is} */
    public Peer as(String known, boolean withToken) {
        return new Peer(known, address, listenerName, withToken);
    }

    /** {@return its address as Kafka shows it, such as {@code /127.0.0.1}} */
    public String host() {
        return "/" + address.getHostAddress();
    }
}
