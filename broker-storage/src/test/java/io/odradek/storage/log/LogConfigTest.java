package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.storage.log.LogConfig.Source;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogConfigTest {
    @Test
    void everyDefaultIsAllowedAndTheTableIsInTheOrderOfTheNames() {
        LogConfig config = LogConfig.of(Map.of(), Map.of());
        assertThat(config.entries()).allMatch(entry -> entry.source() == Source.DEFAULT);
        assertThat(config.entries()).extracting(LogConfig.Entry::name).isSorted();
        assertThat(config.segmentBytes()).isEqualTo(1 << 30);
        assertThat(config.segmentMs()).isEqualTo(604_800_000L);
    }

    @Test
    void aTopicOverridesTheBrokerWhoseShorterUnitWins() {
        LogConfig broker = LogConfig.of(Map.of("log.roll.hours", "2", "log.roll.ms", "99"), Map.of());
        assertThat(broker.segmentMs()).isEqualTo(99);
        assertThat(LogConfig.of(Map.of("log.roll.hours", "2"), Map.of()).segmentMs())
                .isEqualTo(7_200_000);
        assertThat(LogConfig.of(Map.of("log.roll.hours", "2"), Map.of("segment.ms", "5"))
                        .segmentMs())
                .isEqualTo(5);
    }

    @Test
    void aBadValueIsRefusedWithKeyValueAndWhatIsAllowed() {
        assertThatThrownBy(() -> LogConfig.of(Map.of(), Map.of("segment.bytes", "13")))
                .hasMessage("Invalid value 13 for configuration segment.bytes: a 32-bit integer of at least 14");
        assertThatThrownBy(() -> LogConfig.of(Map.of("log.cleanup.policy", "shred"), Map.of()))
                .hasMessageContaining("log.cleanup.policy")
                .hasMessageContaining("compact, delete");
        assertThatThrownBy(() -> LogConfig.of(Map.of(), Map.of("no.such", "1"))).hasMessageContaining("no.such");
    }
}
