package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What Kafka 3.9.2 takes for a version and what not, as it says when it is asked to create topics with them. */
class KafkaVersionTest {
    @Test
    void releasesAndChangesOnTheWayToThemAreKnown() {
        for (String known : List.of(
                "0.8.0",
                "0.8.2.2",
                "0.9.0",
                "0.9.0.1",
                "0.10.0-IV1",
                "0.11.0",
                "0.11.0-IV2",
                "0.11.0.1",
                "1.0",
                "1.0.0",
                "2.8",
                "2.8.5",
                "2.8-IV1",
                "3.0-IV1",
                "3.9",
                "3.9-IV0",
                "3.9.x",
                "4.0-IV0",
                "4.0-IV1")) {
            assertThat(KafkaVersion.isKnown(known)).as(known).isTrue();
        }
    }

    @Test
    void nothingElseIs() {
        for (String unknown : List.of(
                "",
                "junk",
                "0.7",
                "0.9",
                "0.11",
                "1",
                "2.",
                "2.8.",
                "2.8-IV",
                "2.8-IV2",
                "2.9",
                "3",
                "3.9-IV1",
                "4.0",
                "4.0-IV2",
                "4.1",
                "10.0",
                "0.9.0-IV0")) {
            assertThat(KafkaVersion.isKnown(unknown)).as(unknown).isFalse();
            assertThatThrownBy(() -> KafkaVersion.recordFormat(unknown)).hasMessageContaining(unknown);
        }
    }

    @Test
    void eachHasTheFormatOfItsTime() {
        for (String old : List.of("0.8.0", "0.9.0.1")) {
            assertThat(KafkaVersion.recordFormat(old)).as(old).isZero();
        }
        for (String middle : List.of("0.10.0-IV0", "0.10.2", "0.10.2.2")) {
            assertThat(KafkaVersion.recordFormat(middle)).as(middle).isEqualTo(1);
        }
        for (String now : List.of("0.11.0-IV0", "1.0", "3.0-IV1", "4.0-IV1")) {
            assertThat(KafkaVersion.recordFormat(now)).as(now).isEqualTo(2);
        }
    }
}
