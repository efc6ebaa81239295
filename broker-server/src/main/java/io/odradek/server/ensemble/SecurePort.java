package io.odradek.server.ensemble;

import io.odradek.core.config.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Properties;
import org.apache.zookeeper.common.X509Exception;
import org.apache.zookeeper.common.X509Util;

/**
 * The port for clients over TLS, {@code secureClientPort}: ZooKeeper itself finds out with the first client that its stores cannot
 * be used.
 */
final class SecurePort {
    private static final String FACTORY = "serverCnxnFactory";
    private static final String NETTY = "org.apache.zookeeper.server.NettyServerCnxnFactory";
    private static final String PROTOCOLS = "ssl.enabledProtocols";
    private static final List<String> STORES = List.of("ssl.keyStore", "ssl.trustStore");

    private SecurePort() {}

    /**
     * Checks what a server with such a port needs, and lets in what both Kafka's brokers and newer ones begin with.
     *
     * @throws ConfigException if it could serve nobody there
     */
    static void check(Path file, Properties properties) {
        if (properties.getProperty("secureClientPort") == null) {
            return;
        }
        String factory = properties.getProperty(FACTORY, System.getProperty("zookeeper." + FACTORY));
        if (!NETTY.equals(factory)) {
            throw new ConfigException("secureClientPort in " + file + " needs " + FACTORY + "=" + NETTY);
        }
        for (String store : STORES) {
            checkStore(file, properties, store);
        }
        if (text(properties, "ssl.protocol") == null && text(properties, PROTOCOLS) == null) {
            System.setProperty("zookeeper." + PROTOCOLS, "TLSv1.3,TLSv1.2");
        }
    }

    /** {@return a setting of the file, or of the JVM, null if neither has it} */
    private static String text(Properties properties, String name) {
        String value = properties.getProperty(name, System.getProperty("zookeeper." + name));
        return value == null ? null : value.trim();
    }

    private static void checkStore(Path file, Properties properties, String store) {
        String location = text(properties, store + ".location");
        if (location == null) {
            throw new ConfigException("secureClientPort in " + file + " needs " + store + ".location");
        }
        if (text(properties, store + ".passwordPath") != null) {
            return;
        }
        String password = text(properties, store + ".password");
        String type = text(properties, store + ".type");
        try {
            if (store.equals(STORES.get(0))) {
                X509Util.createKeyManager(location, password == null ? "" : password, type);
            } else {
                X509Util.loadTrustStore(location, password == null ? "" : password, type);
            }
        } catch (X509Exception | IOException | GeneralSecurityException | RuntimeException bad) {
            Throwable cause = bad;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw new ConfigException(
                    "Bad value '" + location + "' for " + store + ".location in " + file + ": " + cause.getMessage());
        }
    }
}
