package io.odradek.server.login;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client does that comes in by each of all ways, however many brokers there are. */
abstract class EveryWayIn {
    /** {@return the settings of a client that comes by a way, with the right password or another} */
    abstract Map<String, Object> client(WayIn way, String password);

    /** {@return how many brokers there are} */
    abstract int brokers();

    static List<WayIn> all() {
        return WayIn.all();
    }

    static List<WayIn> withPasswords() {
        return WayIn.withPasswords();
    }

    @ParameterizedTest
    @MethodSource("all")
    void clientsAdministerWriteAndReadInAGroup(WayIn way) throws Exception {
        Visit.pay(client(way, FiveListeners.PASSWORD), way.topic(), brokers());
    }

    @ParameterizedTest
    @MethodSource("withPasswords")
    void aWrongPasswordIsRefused(WayIn way) {
        assertThatThrownBy(() -> Visit.names(client(way, "guessed")))
                .hasCauseInstanceOf(SaslAuthenticationException.class);
    }
}
