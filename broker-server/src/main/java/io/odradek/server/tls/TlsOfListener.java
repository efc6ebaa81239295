package io.odradek.server.tls;

import io.odradek.core.config.ConfigException;
import io.odradek.core.config.ListenerSettings;
import io.odradek.core.security.names.CertificateNames;
import io.odradek.protocol.errors.Quoted;
import io.odradek.server.net.secure.ListenerTls;
import java.time.Instant;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS at one listener. Thread-safe. */
final class TlsOfListener implements ListenerTls {
    private static final Logger LOG = LoggerFactory.getLogger(TlsOfListener.class);
    private static final String RULES = "ssl.principal.mapping.rules";

    private ListenerSettings settings;
    private StoreFiles files;
    private volatile TlsContext context;
    private volatile CertificateNames names;
    private volatile int handshakeTimeoutMs;

    /** Why there is none yet, null if there is. */
    private volatile ConfigException refused;

    private TlsOfListener() {}

    private void hold(ListenerSettings now, StoreFiles filesNow, TlsContext made) {
        names = names(now);
        handshakeTimeoutMs = now.int32("odradek.tls.handshake.timeout.ms");
        settings = now;
        files = filesNow;
        context = made;
        refused = null;
    }

    /**
     * {@return the TLS of a listener's settings; of settings that cannot be used one that {@link #require} tells of, until others
     * are taken}
     */
    static TlsOfListener of(ListenerSettings settings) {
        TlsOfListener tls = new TlsOfListener();
        try {
            tls.take(settings, false);
        } catch (ConfigException refused) {
            tls.refused = refused;
        }
        return tls;
    }

    /** @throws ConfigException if there is no TLS, or a client could never connect; its message is one line */
    void require() {
        ConfigException why = refused;
        if (why != null) {
            throw why;
        }
    }

    private static TlsContext made(ListenerSettings settings) {
        TlsContext context = TlsContext.of(settings);
        if (context.keys() == null) {
            throw new ConfigException("No value for " + settings.strongest("ssl.keystore.location")
                    + ", expected a key store with this broker's key and certificate, as there is a listener with TLS"
                    + " (or " + "ssl.keystore.key and ssl.keystore.certificate.chain in PEM)");
        }
        return context;
    }

    /**
     * Finds out whether other settings can take the place of those that hold (KIP-226). It reads files.
     *
     * @throws ConfigException if they cannot; its message is one line
     */
    synchronized void check(ListenerSettings next) {
        TlsContext made = made(next);
        names(next);
        Succession.check(context.keys(), made.keys(), next);
        boolean trusted = context.trusted() != null;
        if (trusted != (made.trusted() != null)) {
            throw new ConfigException(next.strongest("ssl.truststore.location") + " cannot be "
                    + (trusted ? "taken from" : "given to") + " a listener that runs: it has "
                    + (trusted ? "a trust store" : "no trust store, and trusts whom the JVM trusts"));
        }
    }

    /**
     * Takes other settings up, for connections that come from now on. It reads files.
     *
     * @param serving whether there may be connections; before that anything may take the place of anything
     * @throws ConfigException if they cannot be used, and those before hold on
     */
    synchronized void take(ListenerSettings next, boolean serving) {
        if (serving) {
            check(next);
        }
        StoreFiles filesNow = StoreFiles.of(next);
        TlsContext made = made(next);
        warnOfDates(made, next);
        hold(next, filesNow, made);
    }

    private static void warnOfDates(TlsContext context, ListenerSettings settings) {
        for (String warning : CertificateDates.warnings(context.keys(), settings, Instant.now())) {
            LOG.warn(warning);
        }
    }

    /**
     * Takes up what has changed in the files of its stores, for connections that come from now on; what cannot be used changes
     * nothing. It reads files.
     *
     * @return whether something was taken up
     * @throws ConfigException if what is there now cannot be used; its message is one line, and it is said once
     */
    synchronized boolean refresh() {
        StoreFiles now = StoreFiles.of(settings);
        if (now.equals(files)) {
            return false;
        }
        files = now;
        TlsContext next = TlsContext.of(settings);
        Succession.check(context.keys(), next.keys(), settings);
        context = next;
        warnOfDates(next, settings);
        return true;
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
    public SSLEngine engineTo(String host, int port) {
        return context.ofClient(host, port);
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
