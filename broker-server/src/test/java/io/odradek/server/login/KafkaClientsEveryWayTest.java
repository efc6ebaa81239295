package io.odradek.server.login;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Java client over every protocol, with every mechanism, of one broker; run with each version of the client. */
@Timeout(60)
class KafkaClientsEveryWayTest {
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

    private static Map<String, Object> client(WayIn way, String password) {
        Map<String, Object> client = listeners.client(way, password);
        client.put("bootstrap.servers", broker.bootstrapServers(way.listener()));
        return client;
    }

    static List<WayIn> all() {
        return WayIn.all();
    }

    static List<WayIn> withPasswords() {
        return WayIn.withPasswords();
    }

    @ParameterizedTest
    @MethodSource("all")
    void clientsAdministerWriteAndReadInAGroup(WayIn way) throws Exception {
        Visit.pay(client(way, FiveListeners.PASSWORD), way.topic(), 1);
    }

    @ParameterizedTest
    @MethodSource("withPasswords")
    void aWrongPasswordIsRefused(WayIn way) {
        assertThatThrownBy(() -> Visit.names(client(way, "guessed")))
                .hasCauseInstanceOf(SaslAuthenticationException.class);
    }
}
