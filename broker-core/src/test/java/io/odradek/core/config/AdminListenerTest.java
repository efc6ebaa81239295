package io.odradek.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminListenerTest {
    @Test
    void unsetOrEmptyThereIsNone() {
        assertThat(AdminListener.of(BrokerConfig.of(Map.of()))).isEmpty();
        assertThat(AdminListener.of(given(" "))).isEmpty();
    }

    @Test
    void withoutAHostItIsThisMachineOnly() {
        assertThat(AdminListener.of(given("http://:9644"))).hasToString("[http://127.0.0.1:9644]");
    }

    @Test
    void severalAreTakenAsTheyAre() {
        assertThat(AdminListener.of(given("http://localhost:9644/, HTTP://0.0.0.0:0,http://[::1]:9644")))
                .hasToString("[http://localhost:9644, http://0.0.0.0:0, http://[::1]:9644]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9644",
                "localhost:9644",
                "https://localhost:9644",
                "http://localhost",
                "http://localhost:port",
                "http://localhost:65536",
                "http://localhost:-1",
                "http://::1:9644",
                "http://[localhost]:9644",
                "http://user@localhost:9644",
                "http://localhost/path:9644",
                "http://localhost:9644/path",
                "http://localhost:9644,http://localhost:9644"
            })
    void anythingElseIsRefusedInOneLine(String value) {
        assertThatThrownBy(() -> given(value))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("Bad value for admin.listeners: '")
                .hasMessageEndingWith("expected http://host:port, each once, with a port from 0 to 65535")
                .message()
                .doesNotContain("\n");
    }

    private static BrokerConfig given(String value) {
        return BrokerConfig.of(Map.of("admin.listeners", value));
    }
}
