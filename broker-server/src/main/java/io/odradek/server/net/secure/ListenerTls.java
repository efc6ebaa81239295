package io.odradek.server.net.secure;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/** TLS at a listener, of this broker and of others. Thread-safe. */
public interface ListenerTls {
    /** {@return the engine of a new connection, with the certificate of this broker as it is now} */
    SSLEngine engine();

    /** {@return the engine of a connection to such a listener of another broker, which has to be the one that was asked for} */
    SSLEngine engineTo(String host, int port);

    /** {@return how long it may take until bytes are encrypted} */
    int handshakeTimeoutMs();

    /**
     * {@return who the client is by its certificate, such as {@code User:CN=alice}; null if it has shown none}
     *
     * @throws SSLException if it is nobody, though its certificate is good
     */
    String principal(SSLSession session) throws SSLException;
}
