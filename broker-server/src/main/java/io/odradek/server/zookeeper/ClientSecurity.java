package io.odradek.server.zookeeper;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.X509Util;

/** How a broker and a ZooKeeper ensemble know each other, and who may do what with the nodes that the broker creates. */
final class ClientSecurity {
    private static final String SET_ACL = "zookeeper.set.acl";
    private static final String FIPS_MODE = X509Util.FIPS_MODE_PROPERTY;

    private final ClientTls tls;
    private final boolean logsIn;
    private final NodeAcls acls;

    private ClientSecurity(ClientTls tls, boolean logsIn, NodeAcls acls) {
        this.tls = tls;
        this.logsIn = logsIn;
        this.acls = acls;
    }

    /**
     * {@return what a broker's configuration and the JVM's JAAS configuration say}
     *
     * @throws ConfigException if a store cannot be loaded, the JAAS configuration cannot be read, or nodes are to be guarded
     *     by a broker that ZooKeeper does not know; its message is one line
     */
    static ClientSecurity of(BrokerConfig config) {
        ClientTls tls = new ClientTls(config);
        ZKClientConfig client = new ZKClientConfig();
        tls.set(client);
        if (tls.isEnabled()) {
            tls.check(client);
        }
        boolean logsIn = ClientLogin.isConfigured(client);
        if (config.flag(SET_ACL) && !logsIn && !tls.showsCertificate(client)) {
            throw new ConfigException(SET_ACL
                    + "=true, but ZooKeeper does not know who this broker is: it needs a section "
                    + ClientLogin.section(client) + " in the JAAS configuration (java.security.auth.login.config), or"
                    + " zookeeper.ssl.client.enable=true with zookeeper.ssl.keystore.location");
        }
        return new ClientSecurity(tls, logsIn, config.flag(SET_ACL) ? NodeAcls.OF_CREATOR : NodeAcls.OPEN);
    }

    /** {@return properties for a new client of ZooKeeper, which are its own} */
    ZKClientConfig clientConfig() {
        ZKClientConfig client = new ZKClientConfig();
        tls.set(client);
        if (!logsIn) {
            // It would say in its log each time that it has nothing to log in with.
            client.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
        } else if (client.getProperty(FIPS_MODE) == null) {
            // Without a word, newer clients than Kafka's do not log in with a password (DIGEST-MD5).
            client.setProperty(FIPS_MODE, "false");
        }
        return client;
    }

    /** {@return who may do what with new nodes} */
    NodeAcls acls() {
        return acls;
    }

    /** {@return why no server can be reached over TLS, empty if that is not why; blocks for a few seconds} */
    String whyUnreachable(String servers) {
        return tls.isEnabled() ? tls.whyNot(servers, clientConfig()) : "";
    }

    /** {@return with what the broker logs in, or what it would need, for messages} */
    String login() {
        return logsIn
                ? "the login of this broker, section " + ClientLogin.section(clientConfig())
                        + " of the JAAS configuration"
                : "a broker that does not log in: it needs a section " + ClientLogin.section(clientConfig())
                        + " in the JAAS configuration (java.security.auth.login.config)";
    }
}
