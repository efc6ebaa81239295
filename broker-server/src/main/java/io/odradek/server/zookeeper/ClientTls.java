package io.odradek.server.zookeeper;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ClientX509Util;
import org.apache.zookeeper.common.X509Exception;
import org.apache.zookeeper.common.X509Util;

/**
 * TLS between a broker and ZooKeeper, by the settings {@code zookeeper.ssl.*}, which become properties of one client of ZooKeeper
 * and not of the JVM.
 *
 * @param config the broker's
 */
record ClientTls(BrokerConfig config) {
    private static final String PREFIX = "zookeeper.ssl.";
    static final String ENABLE = PREFIX + "client.enable";
    private static final String SOCKET = ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET;
    private static final String NETTY = "ClientCnxnSocketNetty";
    private static final String NIO = "ClientCnxnSocketNIO";
    private static final String PACKAGE = "org.apache.zookeeper.";
    private static final String KEY_STORE = PREFIX + "keystore.location";
    private static final String TRUST_STORE = PREFIX + "truststore.location";
    private static final String IDENTIFICATION = PREFIX + "endpoint.identification.algorithm";
    private static final String PROTOCOL = PREFIX + "protocol";
    private static final String PROTOCOLS = PREFIX + "enabled.protocols";
    private static final String NETTY_CHECKS = "io.netty.handler.ssl.defaultEndpointVerificationAlgorithm";
    private static final int LOOK_MS = 2_000;

    /** {@return whether connections are encrypted} */
    boolean isEnabled() {
        return config.flag(ENABLE);
    }

    /** {@return whether the broker shows a certificate} */
    boolean showsCertificate(ZKClientConfig client) {
        if (!client.getBoolean(ZKClientConfig.SECURE_CLIENT)) {
            return false;
        }
        try (ClientX509Util names = new ClientX509Util()) {
            return client.getProperty(names.getSslKeystoreLocationProperty()) != null;
        }
    }

    /**
     * Has a client of ZooKeeper do as the settings say.
     *
     * @throws ConfigException if the class of its socket is none, or does not encrypt
     */
    void set(ZKClientConfig client) {
        String socket = config.text(SOCKET);
        if (isSet(socket)) {
            client.setProperty(SOCKET, checked(socket));
        }
        if (!isEnabled()) {
            return;
        }
        client.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
        if (!isSet(socket)) {
            client.setProperty(SOCKET, PACKAGE + NETTY);
        }
        try (ClientX509Util names = new ClientX509Util()) {
            set(client, names.getSslKeystoreLocationProperty(), config.text(KEY_STORE));
            set(client, names.getSslKeystorePasswdProperty(), config.text(PREFIX + "keystore.password"));
            set(client, names.getSslKeystoreTypeProperty(), config.text(PREFIX + "keystore.type"));
            set(client, names.getSslTruststoreLocationProperty(), config.text(TRUST_STORE));
            set(client, names.getSslTruststorePasswdProperty(), config.text(PREFIX + "truststore.password"));
            set(client, names.getSslTruststoreTypeProperty(), config.text(PREFIX + "truststore.type"));
            set(client, names.getSslProtocolProperty(), config.isSet(PROTOCOL) ? config.text(PROTOCOL) : "TLS");
            set(client, names.getSslEnabledProtocolsProperty(), String.join(",", protocols()));
            set(client, names.getSslCipherSuitesProperty(), joined(PREFIX + "cipher.suites"));
            set(client, names.getSslHostnameVerificationEnabledProperty(), Boolean.toString(checksNames()));
            set(client, names.getSslCrlEnabledProperty(), Boolean.toString(config.flag(PREFIX + "crl.enable")));
            set(client, names.getSslOcspEnabledProperty(), Boolean.toString(config.flag(PREFIX + "ocsp.enable")));
        }
    }

    /** Servers of ZooKeeper 3.9 take TLS 1.3 only by default, those of 3.8 only TLS 1.2. */
    private List<String> protocols() {
        List<String> enabled = config.list(PROTOCOLS);
        if (!enabled.isEmpty()) {
            return enabled;
        }
        return config.isSet(PROTOCOL) ? List.of(config.text(PROTOCOL)) : List.of("TLSv1.3", "TLSv1.2");
    }

    private boolean checksNames() {
        String algorithm = config.text(IDENTIFICATION);
        return algorithm != null && algorithm.equalsIgnoreCase("HTTPS");
    }

    private String checked(String socket) {
        String name = socket.startsWith(PACKAGE) ? socket.substring(PACKAGE.length()) : socket;
        if (name.equals(NETTY) || name.equals(NIO) && !isEnabled()) {
            return PACKAGE + name;
        }
        throw new ConfigException(
                SOCKET,
                socket,
                PACKAGE + NETTY + (isEnabled() ? ", as the other does not encrypt" : " or " + PACKAGE + NIO));
    }

    private static void set(ZKClientConfig client, String name, String value) {
        if (isSet(value)) {
            client.setProperty(name, value);
        }
    }

    private static boolean isSet(String value) {
        return value != null && !value.isBlank();
    }

    private String joined(String setting) {
        List<String> items = config.list(setting);
        return items.isEmpty() ? null : String.join(",", items);
    }

    /**
     * Loads the stores as a connection does, which would try in vain for ever.
     *
     * @throws ConfigException if one of them cannot be used; its message has no password
     */
    void check(ZKClientConfig client) {
        try (ClientX509Util util = new ClientX509Util()) {
            checkStore(KEY_STORE, client.getProperty(util.getSslKeystoreLocationProperty()), location -> {
                X509Util.createKeyManager(
                        location,
                        client.getProperty(util.getSslKeystorePasswdProperty(), ""),
                        client.getProperty(util.getSslKeystoreTypeProperty()));
            });
            checkStore(TRUST_STORE, client.getProperty(util.getSslTruststoreLocationProperty()), location -> {
                X509Util.loadTrustStore(
                        location,
                        client.getProperty(util.getSslTruststorePasswdProperty(), ""),
                        client.getProperty(util.getSslTruststoreTypeProperty()));
            });
            context(util, client);
        } catch (X509Exception bad) {
            throw new ConfigException("ZooKeeper cannot be reached with the settings " + PREFIX + "*: " + reason(bad));
        }
    }

    private interface Loading {
        void load(String location) throws IOException, GeneralSecurityException, X509Exception;
    }

    private static void checkStore(String setting, String location, Loading loading) {
        if (location == null) {
            return;
        }
        try {
            loading.load(location);
        } catch (IOException | GeneralSecurityException | X509Exception | RuntimeException bad) {
            throw new ConfigException("Bad value '" + location + "' for " + setting + ": " + reason(bad));
        }
    }

    private static SSLContext context(ClientX509Util util, ZKClientConfig client) throws X509Exception {
        return util.createSSLContext(client);
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof IOException || cause.getMessage() == null
                ? cause.getClass().getSimpleName() + ": " + cause.getMessage()
                : cause.getMessage();
    }

    /**
     * Has Netty leave the names of servers unchecked where they are not to be: ZooKeeper's client would, but since 4.2 Netty checks
     * them of its own. For a process of the broker's own, before anything of Netty's TLS is loaded.
     */
    static void leaveNamesToSettings(BrokerConfig config) {
        ClientTls tls = new ClientTls(config);
        if (tls.isEnabled() && !tls.checksNames() && System.getProperty(NETTY_CHECKS) == null) {
            System.setProperty(NETTY_CHECKS, "NONE");
        }
    }

    /**
     * {@return why there is no connection over TLS, empty if that is not what is in the way} ZooKeeper's client tells it to its log
     * only. Blocks for a few seconds.
     */
    String whyNot(String servers, ZKClientConfig client) {
        for (InetSocketAddress server : new ConnectStringParser(servers).getServerAddresses()) {
            String why = whyNot(server.getHostString(), server.getPort(), client);
            if (why != null) {
                return ": over TLS, " + server.getHostString() + ":" + server.getPort() + " says: " + why;
            }
        }
        return checksNames() || "NONE".equals(System.getProperty(NETTY_CHECKS))
                ? ""
                : ": the names of servers are checked in spite of " + IDENTIFICATION
                        + " unless the JVM has the option -D" + NETTY_CHECKS + "=NONE";
    }

    private String whyNot(String host, int port, ZKClientConfig client) {
        try (Socket plain = new Socket();
                ClientX509Util util = new ClientX509Util()) {
            plain.connect(new InetSocketAddress(host, port), LOOK_MS);
            plain.setSoTimeout(LOOK_MS);
            try {
                shakeHands(plain, host, port, context(util, client));
                return null;
            } catch (SocketTimeoutException silent) {
                return null;
            } catch (IOException | X509Exception failure) {
                return reason(failure);
            }
        } catch (IOException nobodyThere) {
            return null;
        }
    }

    /** A server that does not like the certificate of the client says so behind the handshake. */
    private void shakeHands(Socket plain, String host, int port, SSLContext context) throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true)) {
            SSLParameters parameters = socket.getSSLParameters();
            if (checksNames()) {
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
            }
            parameters.setProtocols(protocols().toArray(String[]::new));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            socket.getInputStream().read();
        }
    }
}
