package io.odradek.server.tls;

import io.odradek.core.config.ConfigException;
import io.odradek.core.config.ListenerSettings;
import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.UnrecoverableKeyException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS of one listener, as its settings and its stores were at one time. Immutable.
 *
 * @param keys what this broker shows of itself, null for nothing
 * @param trusted whom it trusts, null for whom the JVM trusts
 */
record TlsContext(SSLContext context, TlsStores.Keys keys, KeyStore trusted, Manner manner) {
    private static final String PROTOCOLS = "ssl.enabled.protocols";
    private static final String SUITES = "ssl.cipher.suites";

    /**
     * How TLS is spoken.
     *
     * @param protocols the versions that are taken
     * @param suites the cipher suites that are taken, empty for those of the JVM
     * @param clientAuth whether clients show certificates: required, requested or none
     * @param endpointIdentification how it is checked that a broker is the one that was asked for, empty for not at all
     */
    private record Manner(
            List<String> protocols, List<String> suites, String clientAuth, String endpointIdentification) {}

    /**
     * {@return the TLS of a listener's settings}
     *
     * @throws ConfigException if there is none; its message is one line
     */
    static TlsContext of(ListenerSettings settings) {
        TlsStores stores = new TlsStores(settings);
        TlsStores.Keys keys = stores.keys();
        KeyStore trusted = stores.trusted();
        SSLContext context = context(settings);
        try {
            context.init(keyManagers(settings, keys), trustManagers(settings, trusted), null);
        } catch (KeyManagementException bad) {
            throw new ConfigException("TLS cannot be set up: " + bad.getMessage());
        }
        String endpoint = settings.text("ssl.endpoint.identification.algorithm");
        TlsContext made = new TlsContext(
                context,
                keys,
                trusted,
                new Manner(
                        settings.list(PROTOCOLS),
                        settings.list(SUITES),
                        settings.text("ssl.client.auth"),
                        endpoint == null ? "" : endpoint));
        made.tryOut(settings);
        return made;
    }

    /** {@return the engine of a connection that somebody has made to this broker} */
    SSLEngine ofServer() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        configure(engine);
        switch (manner.clientAuth()) {
            case "required" -> engine.setNeedClientAuth(true);
            case "requested" -> engine.setWantClientAuth(true);
            default -> {}
        }
        return engine;
    }

    /** {@return the engine of a connection that this broker makes} */
    SSLEngine ofClient(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        configure(engine);
        if (!manner.endpointIdentification().isEmpty()) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm(manner.endpointIdentification());
            engine.setSSLParameters(parameters);
        }
        return engine;
    }

    private void configure(SSLEngine engine) {
        if (!manner.protocols().isEmpty()) {
            engine.setEnabledProtocols(manner.protocols().toArray(String[]::new));
        }
        if (!manner.suites().isEmpty()) {
            engine.setEnabledCipherSuites(manner.suites().toArray(String[]::new));
        }
    }

    private void tryOut(ListenerSettings settings) {
        String[] known = context.getSupportedSSLParameters().getProtocols();
        refuseUnknown(settings, PROTOCOLS, manner.protocols(), List.of(known));
        refuseUnknown(
                settings,
                SUITES,
                manner.suites(),
                List.of(context.getSupportedSSLParameters().getCipherSuites()));
    }

    private static void refuseUnknown(
            ListenerSettings settings, String setting, List<String> given, List<String> known) {
        for (String one : given) {
            if (!known.contains(one)) {
                throw new ConfigException(settings.strongest(setting), one, "some of " + String.join(", ", known));
            }
        }
    }

    private static SSLContext context(ListenerSettings settings) {
        String protocol = settings.text("ssl.protocol");
        String provider = settings.text("ssl.provider");
        try {
            return provider == null ? SSLContext.getInstance(protocol) : SSLContext.getInstance(protocol, provider);
        } catch (NoSuchAlgorithmException unknown) {
            throw new ConfigException(settings.strongest("ssl.protocol"), protocol, "TLSv1.3 or TLSv1.2");
        } catch (NoSuchProviderException | IllegalArgumentException unknown) {
            throw new ConfigException(
                    settings.strongest("ssl.provider"), provider, "a security provider that this JVM has");
        }
    }

    private static KeyManager[] keyManagers(ListenerSettings settings, TlsStores.Keys keys) {
        if (keys == null) {
            return null;
        }
        String setting = "ssl.keymanager.algorithm";
        try {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(settings.text(setting));
            factory.init(keys.store(), keys.password());
            return factory.getKeyManagers();
        } catch (NoSuchAlgorithmException unknown) {
            throw new ConfigException(
                    settings.strongest(setting), settings.text(setting), "a key manager that this JVM has");
        } catch (UnrecoverableKeyException wrong) {
            throw new ConfigException("Bad value for " + keys.setting() + ": its keys have several passwords");
        } catch (GeneralSecurityException bad) {
            throw new ConfigException("Bad value for " + keys.setting() + ": " + bad.getMessage());
        }
    }

    private static TrustManager[] trustManagers(ListenerSettings settings, KeyStore trusted) {
        String setting = "ssl.trustmanager.algorithm";
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(settings.text(setting));
            factory.init(trusted);
            return factory.getTrustManagers();
        } catch (NoSuchAlgorithmException unknown) {
            throw new ConfigException(
                    settings.strongest(setting), settings.text(setting), "a trust manager that this JVM has");
        } catch (GeneralSecurityException bad) {
            throw new ConfigException("The trust store cannot be used: " + bad.getMessage());
        }
    }
}
