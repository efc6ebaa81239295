package io.odradek.server.ensemble;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.config.ConfigException;
import io.odradek.server.certificates.Identity;
import io.odradek.server.certificates.Issuer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ZooKeeper server that could serve nobody over TLS says so at its start, where ZooKeeper's own finds out with each client. */
class SecurePortTest {
    private static final String NETTY = "org.apache.zookeeper.server.NettyServerCnxnFactory";

    @TempDir
    Path folder;

    private void assertRefused(Properties properties, String why) {
        assertThatThrownBy(() -> SecurePort.check(Path.of("z.properties"), properties))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(why)
                .hasMessageContaining("z.properties")
                .message()
                .doesNotContain("hunter2", "\n");
    }

    @Test
    void whatIsMissingOrCannotBeOpenedIsNamed() throws Exception {
        Issuer issuer = new Issuer("CN=root", Duration.ofDays(1));
        Path keys = folder.resolve("keys.p12");
        issuer.issue("CN=zookeeper", List.of("localhost"), Duration.ofDays(1)).writeKeyStore(keys, "good");
        Path trusted = folder.resolve("trusted.pem");
        Files.writeString(trusted, Identity.pem(issuer.certificate()));
        Properties properties = new Properties();
        SecurePort.check(Path.of("z.properties"), properties);

        properties.setProperty("secureClientPort", "2182");
        assertRefused(properties, "serverCnxnFactory=" + NETTY);
        properties.setProperty("serverCnxnFactory", NETTY);
        assertRefused(properties, "needs ssl.keyStore.location");
        properties.setProperty("ssl.keyStore.location", keys.toString());
        properties.setProperty("ssl.keyStore.password", "hunter2");
        assertRefused(properties, "Bad value '" + keys + "' for ssl.keyStore.location");
        properties.setProperty("ssl.keyStore.password", "good");
        assertRefused(properties, "needs ssl.trustStore.location");
        properties.setProperty(
                "ssl.trustStore.location", folder.resolve("none.pem").toString());
        assertRefused(properties, "for ssl.trustStore.location");
        properties.setProperty("ssl.trustStore.location", trusted.toString());
        properties.setProperty("ssl.protocol", "TLSv1.3");
        SecurePort.check(Path.of("z.properties"), properties);
    }
}
