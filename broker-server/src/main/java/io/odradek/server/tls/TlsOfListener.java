package io.odradek.server.tls;

import io.odradek.core.config.ConfigException;
import io.odradek.core.config.ListenerSettings;
import io.odradek.core.security.names.CertificateNames;
import io.odradek.protocol.errors.Quoted;
import io.odradek.server.net.ListenerTls;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;

/** TLS at one listener. Thread-safe. */
final class TlsOfListener implements ListenerTls {
    private static final String RULES = "ssl.principal.mapping.rules";

    private final CertificateNames names;
    private final int handshakeTimeoutMs;
    private volatile TlsContext context;

    private TlsOfListener(TlsContext context, CertificateNames names, int handshakeTimeoutMs) {
        this.context = context;
        this.names = names;
        this.handshakeTimeoutMs = handshakeTimeoutMs;
    }

    /**
     * {@return the TLS of a listener's settings}
     *
     * @throws ConfigException if there is none, or a client could never connect; its message is one line
     */
    static TlsOfListener of(ListenerSettings settings) {
        TlsContext context = TlsContext.of(settings);
        if (context.keys() == null) {
            throw new ConfigException("No value for " + settings.strongest("ssl.keystore.location")
                    + ", expected a key store with this broker's key and certificate, as there is a listener with TLS"
                    + " (or " + "ssl.keystore.key and ssl.keystore.certificate.chain in PEM)");
        }
        return new TlsOfListener(context, names(settings), settings.int32("odradek.tls.handshake.timeout.ms"));
    }

    private static CertificateNames names(ListenerSettings settings) {
        try {
            return CertificateNames.read(settings.text(RULES));
        } catch (IllegalArgumentException bad) {
            throw new ConfigException("Bad value for " + settings.strongest(RULES) + ": " + bad.getMessage());
        }
    }

    @Override
    public SSLEngine engine() {
        return context.ofServer();
    }

    @Override
    public int handshakeTimeoutMs() {
        return handshakeTimeoutMs;
    }

    @Override
    public String principal(SSLSession session) throws SSLException {
        String distinguished;
        try {
            distinguished = ((X500Principal) session.getPeerPrincipal()).getName();
        } catch (SSLPeerUnverifiedException showedNone) {
            return null;
        }
        String name = names.of(distinguished);
        if (name == null) {
            throw new SSLException("no rule of " + RULES + " applies to " + Quoted.text(distinguished));
        }
        return "User:" + name;
    }
}
