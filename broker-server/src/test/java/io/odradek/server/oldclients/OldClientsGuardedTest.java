package io.odradek.server.oldclients;

import io.odradek.server.clients.ForeignTool;
import io.odradek.server.clients.Peer;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.EmbeddedCluster;
import io.odradek.server.login.FiveListeners;
import io.odradek.server.login.ScramPasswords;
import io.odradek.server.login.WayIn;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Old clients where they have to log in, over TLS, and where each partition has another leader. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(400)
class OldClientsGuardedTest {
    private static final List<String> ALL = List.of("none", "gzip", "snappy", "lz4");
    private static final String JAVA = "0.10.2.2";
    /** By SCRAM it gets in nowhere, not at Kafka either. */
    private static final List<WayIn> WAYS = List.of(new WayIn("MUTUAL", null), new WayIn("SASL_SSL", "PLAIN"));

    @TempDir
    Path folder;

    @Test
    void theyLogInAndComeOverTls() throws Exception {
        FiveListeners listeners = new FiveListeners(folder);
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
        listeners.settings().forEach(builder::setting);
        try (EmbeddedBroker broker = builder.start()) {
            OldClientsBed bed = OldClientsBed.of(broker.bootstrapServers("PLAINTEXT"));
            ScramPasswords.set(bed.servers(), FiveListeners.USER, FiveListeners.PASSWORD);
            Peer client = new Peer("clients-" + JAVA, folder.resolve("client"));
            for (WayIn way : WAYS) {
                Path settings = folder.resolve(way + ".properties");
                Properties properties = new Properties();
                properties.putAll(listeners.client(way, FiveListeners.PASSWORD));
                try (Writer writer = Files.newBufferedWriter(settings)) {
                    properties.store(writer, null);
                }
                bed.serveAt(
                        broker.bootstrapServers(way.listener()),
                        "java-" + way,
                        client.java("src/test/clients/OldRoundTrip.java"),
                        ALL,
                        1,
                        settings.toString());
            }
            ProcessBuilder sarama = sarama();
            sarama.environment().put("SASL_USER", FiveListeners.USER);
            sarama.environment().put("SASL_PASSWORD", FiveListeners.PASSWORD);
            bed.serveAt(broker.bootstrapServers("SASL_PLAINTEXT"), "sarama", sarama, ALL, 1, "0.10.0.0");
        }
    }

    @Test
    void theyFindTheLeadersOfACluster() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
            OldClientsBed bed = OldClientsBed.of(cluster.bootstrapServers());
            Peer client = new Peer("clients-" + JAVA, folder.resolve("client"));
            bed.serve("java", client.java("src/test/clients/OldRoundTrip.java"), ALL, 1);
            bed.serve("sarama", sarama(), ALL, 1, "0.10.0.0");
        }
    }

    private static ProcessBuilder sarama() throws Exception {
        return new ProcessBuilder(ForeignTool.goProgram(
                        "sarama-round-trip", "golang-github-shopify-sarama-dev", "github.com/Shopify/sarama")
                .toString());
    }
}
