package io.odradek.core.config;

import static io.odradek.core.config.Allowed.ANY;
import static io.odradek.core.config.Allowed.atLeast;

/** The way to ZooKeeper. */
final class ZooKeeperSettings {
    private ZooKeeperSettings() {}

    static void declare(SettingTable table) {
        table.text(
                "zookeeper.connect", null, "The ensemble, as host:port,host:port/chroot; a single broker needs none");
        table.text(
                "odradek.adopt.zookeeper.connect",
                null,
                "The ensemble of a former cluster, likewise: a single broker reads there, and changes nothing, what topics"
                        + " found in its log folders had set");
        table.int32(
                "odradek.adopt.zookeeper.timeout.ms",
                15000,
                atLeast(1000),
                "How long that may take to connect, and to answer each time");
        table.text(
                "metadata.log.dir",
                null,
                "Where the metadata of a former KRaft cluster lie if not in a log folder; read likewise");
        table.int32("zookeeper.session.timeout.ms", 18000, ANY, "How long a silent session lives");
        table.int32("zookeeper.connection.timeout.ms", null, ANY, "How long to wait for the first connection");
        table.int32("zookeeper.max.in.flight.requests", 10, atLeast(1), "Calls under way at most");
        table.text("zookeeper.clientCnxnSocket", null, "The client's socket class");
        table.flag("zookeeper.set.acl", false, "Whether nodes are made writable for brokers only");
        table.flag("zookeeper.ssl.client.enable", false, "Whether to connect over TLS");
        table.text("zookeeper.ssl.keystore.location", null, "The client's key store");
        table.secret("zookeeper.ssl.keystore.password", "Its password");
        table.text("zookeeper.ssl.keystore.type", null, "Its type");
        table.text("zookeeper.ssl.truststore.location", null, "The client's trust store");
        table.secret("zookeeper.ssl.truststore.password", "Its password");
        table.text("zookeeper.ssl.truststore.type", null, "Its type");
        table.text("zookeeper.ssl.protocol", "TLSv1.2", "TLS version");
        table.list("zookeeper.ssl.enabled.protocols", null, ANY, "TLS versions taken");
        table.list("zookeeper.ssl.cipher.suites", null, ANY, "Cipher suites taken");
        table.text("zookeeper.ssl.endpoint.identification.algorithm", "HTTPS", "How the server's name is checked");
        table.flag("zookeeper.ssl.crl.enable", false, "Whether revocation lists are asked");
        table.flag("zookeeper.ssl.ocsp.enable", false, "Whether certificate status is asked");
    }
}
