package io.odradek.server.exactlyonce;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.cluster.InTarget;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The integration tests of Kafka Streams 3.9.2 that need exactly-once, against this broker.
 *
 * <p>The quick ones run in every build, the others with {@code -Dstreams.tests=all}.
 */
@DisabledOnOs(OS.WINDOWS)
class KafkaStreamsOwnTest {
    private static final String PACKAGE = "org.apache.kafka.streams.integration.";

    @TempDir(factory = InTarget.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    @Timeout(300)
    void theQuickOnesPass() throws Exception {
        passes(List.of(
                "--select-class=" + PACKAGE + "GlobalKTableEOSIntegrationTest",
                "--select-class=" + PACKAGE + "EOSUncleanShutdownIntegrationTest",
                // Two of its six: exactly_once and exactly_once_v2, without threads for processing alone.
                "--select-iteration=method:" + PACKAGE
                        + "EosIntegrationTest#shouldNotViolateEosIfOneTaskFails(java.lang.String, boolean)[3,5]",
                "--select-method=" + PACKAGE
                        + "StandbyTaskEOSIntegrationTest#shouldSurviveWithOneTaskAsStandby(java.lang.String)"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EosIntegrationTest",
                "EosV2UpgradeIntegrationTest",
                "StandbyTaskEOSIntegrationTest",
                "StandbyTaskEOSMultiRebalanceIntegrationTest",
                "SmokeTestDriverIntegrationTest",
                "RocksDBMetricsIntegrationTest",
                "SuppressionDurabilityIntegrationTest",
                "JoinGracePeriodDurabilityIntegrationTest",
            })
    @EnabledIfSystemProperty(named = "streams.tests", matches = "all")
    @Timeout(3_600)
    void theOthersPass(String test) throws Exception {
        passes(List.of("--select-class=" + PACKAGE + test));
    }

    private void passes(List<String> selectors) throws Exception {
        StreamsTests.Outcome outcome = new StreamsTests(folder).run(selectors);
        System.out.println(selectors + ": " + outcome);
        assertThat(outcome.failed()).isEmpty();
        assertThat(outcome.tests()).isPositive();
    }
}
