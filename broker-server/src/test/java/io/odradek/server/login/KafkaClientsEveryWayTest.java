package io.odradek.server.login;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Java client over every protocol, with every mechanism, of one broker; run with each version of the client. */
@Timeout(60)
class KafkaClientsEveryWayTest extends EveryWayIn {
    @TempDir
    private static Path folder;

    private static FiveListeners listeners;
    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() throws Exception {
        listeners = new FiveListeners(folder);
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
        listeners.settings().forEach(builder::setting);
        broker = builder.start();
        ScramPasswords.set(broker.bootstrapServers("PLAINTEXT"), FiveListeners.USER, FiveListeners.PASSWORD);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Override
    Map<String, Object> client(WayIn way, String password) {
        Map<String, Object> client = listeners.client(way, password);
        client.put("bootstrap.servers", broker.bootstrapServers(way.listener()));
        return client;
    }

    @Override
    int brokers() {
        return 1;
    }
}
