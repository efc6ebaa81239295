package io.odradek.server.login;

import io.odradek.server.embedded.EmbeddedCluster;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** As {@link KafkaClientsEveryWayTest}, of three brokers that log in with each other through TLS. */
@Timeout(60)
class KafkaClientsEveryWayClusterTest extends EveryWayIn {
    @TempDir
    private static Path folder;

    private static FiveListeners listeners;
    private static EmbeddedCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        listeners = new FiveListeners(folder);
        EmbeddedCluster.Builder builder = EmbeddedCluster.builder(3);
        listeners.settings().forEach(builder::setting);
        cluster = builder.start();
        // A broker that has answered knows it: the same is said to each.
        for (int id : cluster.up()) {
            ScramPasswords.set(
                    cluster.broker(id).bootstrapServers("PLAINTEXT"), FiveListeners.USER, FiveListeners.PASSWORD);
        }
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    Map<String, Object> client(WayIn way, String password) {
        Map<String, Object> client = listeners.client(way, password);
        client.put(
                "bootstrap.servers",
                cluster.up().stream()
                        .map(id -> cluster.broker(id).bootstrapServers(way.listener()))
                        .collect(Collectors.joining(",")));
        return client;
    }

    @Override
    int brokers() {
        return 3;
    }
}
