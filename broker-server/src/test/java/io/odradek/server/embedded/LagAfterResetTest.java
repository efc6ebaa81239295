package io.odradek.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.inspect.GroupPosition;
import io.odradek.server.inspect.Inspector;
import io.odradek.server.lag.Lags;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LagAfterResetTest {
    @Test
    void theLagInTimeIsThatOfTheTopicThatHasTheNameNow() {
        try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("t").start()) {
            Lags lags = new Lags(new Inspector(broker.access(), Duration.ofSeconds(30)));
            GroupPosition atTheStart = new GroupPosition("t", 0, 0, 1, "");
            broker.produce("t", NewRecord.of("k", "v").timestampMs(1_000));
            assertThat(lags.of(atTheStart).firstMs()).isEqualTo(1_000);
            broker.reset();
            broker.produce("t", NewRecord.of("k", "v").timestampMs(2_000));

            assertThat(lags.of(atTheStart).firstMs()).isEqualTo(2_000);
        }
    }
}
