package io.odradek.storage.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.env.SimulatedWorld;
import org.junit.jupiter.api.Test;

class LoadingProgressTest {
    private final LoadingProgress progress = new LoadingProgress(new SimulatedWorld(1).clock(), Integer.MAX_VALUE);

    @Test
    void aFewLogsWithoutIndexesAreNamedAndManyAreSummedUp() {
        assertThat(progress.indexSummary()).isNull();
        for (int i = 0; i < 5; i++) {
            assertThat(progress.indexesMissing(new TopicPartition("events", i), 2))
                    .isTrue();
        }
        assertThat(progress.indexSummary()).isNull();
        for (int i = 5; i < 2_000; i++) {
            assertThat(progress.indexesMissing(new TopicPartition("events", i), 3))
                    .isFalse();
        }
        assertThat(progress.indexSummary()).contains("5995 segments in 2000 logs");
    }
}
