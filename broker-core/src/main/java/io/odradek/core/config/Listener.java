package io.odradek.core.config;

/**
 * A place to listen on, or what clients are told of it.
 *
 * @param name the listener's name, in upper case, such as {@code PLAINTEXT}
 * @param host the host, empty for every address
 * @param port the port, 0 for any free one
 * @param protocol the security protocol of the name: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL
 */
public record Listener(String name, String host, int port, String protocol) {
    /** {@return whether one has to log in there, by SASL} */
    public boolean needsLogin() {
        return protocol.startsWith("SASL_");
    }

    /** {@return whether its bytes are encrypted, by TLS} */
    public boolean isEncrypted() {
        return protocol.endsWith("SSL");
    }

    /** {@return the form it has in {@code listeners}} */
    @Override
    public String toString() {
        return name + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
