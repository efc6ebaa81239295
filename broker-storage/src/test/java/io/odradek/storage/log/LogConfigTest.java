package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.storage.log.LogConfig.Source;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    @Test
    void whatKafkaAllowsIsAllowedAndNoMore() {
        for (String good : List.of(
                "cleanup.policy=",
                "cleanup.policy=delete, compact",
                "compression.gzip.level=-1",
                "message.format.version=2.8",
                "message.format.version=0.11.0-IV2",
                "leader.replication.throttled.replicas=*",
                "follower.replication.throttled.replicas=0:1,12:3",
                "remote.storage.enable=false",
                "local.retention.ms=-2",
                "segment.bytes= 14 ")) {
            LogConfig.of(Map.of(), setting(good));
        }
        for (String bad : List.of(
                "cleanup.policy=delete,shred",
                "compression.gzip.level=0",
                "compression.gzip.level=10",
                "message.format.version=junk",
                "message.format.version=2.",
                "message.format.version=2.8-IV",
                "message.format.version=2.9",
                "leader.replication.throttled.replicas=*,0:1",
                "follower.replication.throttled.replicas=x",
                "follower.replication.throttled.replicas=0:",
                "remote.storage.enable=true",
                "remote.log.copy.disable=true",
                "local.retention.ms=-3",
                "preallocate=yes",
                "max.compaction.lag.ms=0")) {
            assertThatThrownBy(() -> LogConfig.of(Map.of(), setting(bad)))
                    .as(bad)
                    .hasMessageContaining(bad.substring(0, bad.indexOf('=')))
                    .hasMessageContaining(bad.substring(bad.indexOf('=') + 1));
        }
        assertThatThrownBy(() -> LogConfig.of(
                        Map.of("log.cleaner.max.compaction.lag.ms", "50"), Map.of("min.compaction.lag.ms", "51")))
                .hasMessageContaining("min.compaction.lag.ms (51)")
                .hasMessageContaining("max.compaction.lag.ms (50)");
    }

    private static Map<String, String> setting(String text) {
        int equals = text.indexOf('=');
        return Map.of(text.substring(0, equals), text.substring(equals + 1));
    }

    @Test
    void synonymsAreToldAsKafkaTellsThem() {
        Map<String, String> broker = new TreeMap<>(Map.of(
                "log.roll.hours",
                "12",
                "log.retention.ms",
                "5",
                "log.retention.hours",
                "24",
                "log.segment.bytes",
                " 90 "));
        LogConfig config = LogConfig.of(broker, Map.of("segment.bytes", " 80 ", "preallocate", "TRUE"));
        assertThat(entry(config, "segment.bytes").value()).isEqualTo("80");
        assertThat(entry(config, "segment.bytes").synonyms())
                .containsExactly(
                        new LogConfig.Synonym("segment.bytes", "80", Source.TOPIC),
                        new LogConfig.Synonym("log.segment.bytes", "90", Source.BROKER),
                        new LogConfig.Synonym("log.segment.bytes", "1073741824", Source.DEFAULT));
        assertThat(entry(config, "preallocate").value()).isEqualTo("true");
        assertThat(entry(config, "segment.ms").value()).isEqualTo("43200000");
        assertThat(entry(config, "segment.ms").source()).isEqualTo(Source.DEFAULT);
        assertThat(entry(config, "segment.ms").synonyms()).isEmpty();
        assertThat(entry(config, "retention.ms").synonyms())
                .containsExactly(
                        new LogConfig.Synonym("log.retention.ms", "5", Source.BROKER),
                        new LogConfig.Synonym("log.retention.hours", "24", Source.BROKER),
                        new LogConfig.Synonym("log.retention.hours", "168", Source.DEFAULT));
    }

    private static LogConfig.Entry entry(LogConfig config, String name) {
        return config.entries().stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void nothingIsTakenAwayWhileTheSettingsAreNotConfirmed() {
        LogConfig both = LogConfig.of(Map.of(), Map.of("cleanup.policy", "compact,delete"));
        assertThat(both.compactsNow()).isTrue();
        assertThat(both.deletesNow()).isTrue();
        assertThat(both.entries()).noneMatch(entry -> entry.name().equals(LogSetting.UNCONFIRMED));
        LogConfig unconfirmed =
                LogConfig.of(Map.of(), Map.of("cleanup.policy", "compact,delete", LogSetting.UNCONFIRMED, "true"));
        assertThat(unconfirmed.compactsNow()).isFalse();
        assertThat(unconfirmed.deletesNow()).isFalse();
        assertThat(unconfirmed.maxSegmentMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(unconfirmed.entries())
                .filteredOn(LogConfig.Entry::readOnly)
                .extracting(LogConfig.Entry::name)
                .containsExactly(LogSetting.UNCONFIRMED);
        assertThat(LogConfig.of(Map.of(), Map.of(LogSetting.UNCONFIRMED, "true"))
                        .mayBeCompacted())
                .isTrue();
        assertThat(LogConfig.of(Map.of(), Map.of()).mayBeCompacted()).isFalse();
    }
}
