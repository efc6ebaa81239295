package io.odradek.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.core.memory.MemoryAccount;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EngineSettingsTest {
    private static final int MIB = 1 << 20;

    @Test
    void cleanersTakeNoMoreMemoryThanAPartOfTheHeapWhateverTheyAreGiven() {
        Map<String, String> all = Map.of(
                "log.cleaner.io.buffer.size", Integer.toString(Integer.MAX_VALUE),
                "log.cleaner.dedupe.buffer.size", Long.toString(Long.MAX_VALUE));

        assertThat(ioBufferBytes(all)).isEqualTo(2 * MIB);
        assertThat(ioBufferBytes(Map.of())).isEqualTo(MIB / 2);
    }

    @Test
    void brokersThatWouldHaveToLogInWithEachOtherDoNotStart() {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "listeners", "OPEN://:1,GUARDED://:2",
                "listener.security.protocol.map", "OPEN:PLAINTEXT,GUARDED:SASL_PLAINTEXT",
                "inter.broker.listener.name", "GUARDED"));
        EngineSettings.checkServable(BrokerConfig.of(settings));

        settings.put("zookeeper.connect", "localhost:2181");
        assertThatThrownBy(() -> EngineSettings.checkServable(BrokerConfig.of(settings)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("brokers do not log in with each other");

        settings.put("inter.broker.listener.name", "OPEN");
        EngineSettings.checkServable(BrokerConfig.of(settings));
    }

    private static int ioBufferBytes(Map<String, String> settings) {
        BrokerConfig config = BrokerConfig.of(settings);
        return EngineSettings.cleaner(config, MemoryAccount.of(config, 64 * MIB, 64 * MIB))
                .ioBufferBytes();
    }
}
