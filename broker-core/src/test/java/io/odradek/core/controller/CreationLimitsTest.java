package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import org.junit.jupiter.api.Test;

class CreationLimitsTest {
    private final CreationLimits limits = new CreationLimits(10, 10, 100);

    @Test
    void allBrokersTogetherHaveRoomForWhatEachHas() {
        assertThatCode(() -> limits.requireRoom(290, 10, 3)).doesNotThrowAnyException();
        assertThatCode(() -> limits.requireRoom(0, 100, 1)).doesNotThrowAnyException();
    }

    @Test
    void whatIsBeyondThatIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> limits.requireRoom(99, 2, 1))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.POLICY_VIOLATION))
                .hasMessageContaining("odradek.broker.max.partitions")
                .hasMessageContaining("-Xmx");
    }
}
