package io.odradek.core.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.log.Log.EpochEndOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DivergenceTest {
    @ParameterizedTest(name = "{6}")
    @CsvSource({
        // the leader's epoch and its end, the largest here not above it and its end, the end here, the cut
        "3, 80, 3, 100, 100, 80, the leader has less of the epoch",
        "3, 120, 3, 90, 100, 90, the leader has more of the epoch than this log and nothing of the next",
        "3, 80, 2, 70, 100, 70, this log does not know the leader's epoch and asks again from the one before",
        "3, 80, -1, -1, 100, 80, nothing is known here of epochs",
        "3, 80, 3, 60, 60, 60, nothing is to be cut",
        "3, 200, -1, -1, 100, 100, the leader is ahead"
    })
    void aLogIsCutWhereItLeftTheLeaders(
            int leaderEpoch, long leaderEnd, int ownEpoch, long ownEnd, long end, long cut, String why) {
        assertThat(Divergence.cut(
                        new EpochEndOffset(leaderEpoch, leaderEnd), new EpochEndOffset(ownEpoch, ownEnd), end))
                .isEqualTo(cut);
    }
}
