package io.odradek.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.TopicPartition;
import org.junit.jupiter.api.Test;

class CommittedLogTest {
    private final CommittedLog log = new CommittedLog(new TopicPartition("topic", 0));

    @Test
    void whatNoLeaderHasSaidIsNotCommitted() {
        log.promise(5, 3);
        assertThatThrownBy(() -> log.found(0, 6, 1, "a follower", -1))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("which no leader has said");
    }

    @Test
    void whatALeaderSaidWhoseDiskCouldNotBeReadAFollowerShows() {
        log.promise(6, 3);

        log.found(0, 6, 1, "a follower", -1);

        assertThat(log.end()).isEqualTo(6);
        assertThat(log.end(2)).as("to a leader of before").isZero();
        assertThat(log.end(3)).isEqualTo(6);
    }
}
