package io.odradek.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.memory.MemoryAccount;
import java.util.Map;
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

    private static int ioBufferBytes(Map<String, String> settings) {
        BrokerConfig config = BrokerConfig.of(settings);
        return EngineSettings.cleaner(config, MemoryAccount.of(config, 64 * MIB, 64 * MIB))
                .ioBufferBytes();
    }
}
