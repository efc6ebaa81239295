package io.odradek.core.transport;

/**
 * The connection a request came over. Who the peer is may change on the way, after a handshake or a login: requests that
 * come later are the new one's. Thread-safe.
 */
public final class ConnectionContext {
    private final String id;
    private final long sequence;
    private volatile Peer peer;
    private volatile Object kept;

    /**
     * @param id {@code localHost:localPort-remoteHost:remotePort-sequence}, unique in this broker
     * @param sequence grows from connection to connection
     * @param peer who is at the other end to begin with
     */
    public ConnectionContext(String id, long sequence, Peer peer) {
        this.id = id;
        this.sequence = sequence;
        this.peer = peer;
    }

    /** {@return its name, unique in this broker} */
    public String id() {
        return id;
    }

    /** {@return larger than that of any connection that was accepted before} */
    public long sequence() {
        return sequence;
    }

    /** {@return who the peer is now} */
    public Peer peer() {
        return peer;
    }

    /** Says who the peer has turned out to be. */
    public void become(Peer known) {
        peer = known;
    }

    /** {@return what has been decided for whom this connection serves, as whoever decides keeps it; null for nothing} */
    public Object kept() {
        return kept;
    }

    /** Keeps what has been decided, in place of what was kept before. */
    public void keep(Object decisions) {
        kept = decisions;
    }
}
