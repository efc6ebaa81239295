package io.odradek.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.partition.FollowerLog.Position;
import io.odradek.protocol.api.FetchResponse.EpochEndOffset;
import io.odradek.protocol.api.FetchResponse.LeaderIdAndEpoch;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.api.FetchResponse.SnapshotId;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.storage.log.Log;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReactionTest {
    private static final Position OWN = new Position(10, 50, 3);

    private static PartitionData data(ErrorCode error, int divergingEpoch, long divergingEnd) {
        return new PartitionData(
                0,
                error,
                40,
                40,
                10,
                new EpochEndOffset(divergingEpoch, divergingEnd),
                new LeaderIdAndEpoch(-1, -1),
                new SnapshotId(-1, -1),
                null,
                -1,
                BytesPayload.EMPTY);
    }

    @Test
    void recordsAreAppendedAndSoAreOffsetsWithoutRecords() {
        PartitionData data = data(ErrorCode.NONE, -1, -1);
        assertThat(Reaction.toFetch(data)).isEqualTo(new Reaction.Append(data));
    }

    @Test
    void aLogThatLeftTheLeadersIsCut() {
        assertThat(Reaction.toFetch(data(ErrorCode.NONE, 2, 45)))
                .isEqualTo(new Reaction.CutAt(new Log.EpochEndOffset(2, 45)));
    }

    @Test
    void whoIsOutOfRangeAsksWhereTheLeadersLogEndsThenWhereItBegins() {
        assertThat(Reaction.toFetch(data(ErrorCode.OFFSET_OUT_OF_RANGE, -1, -1)))
                .isEqualTo(new Reaction.Ask());
        assertThat(Reaction.toLeaderEnd(OWN, ErrorCode.NONE, 49)).isEqualTo(new Reaction.CutTo(49));
        assertThat(Reaction.toLeaderEnd(OWN, ErrorCode.NONE, 50)).isEqualTo(new Reaction.AskForStart());
        assertThat(Reaction.toLeaderEnd(OWN, ErrorCode.NONE, 80)).isEqualTo(new Reaction.AskForStart());
        assertThat(Reaction.toLeaderStart(OWN, ErrorCode.NONE, 51)).isEqualTo(new Reaction.StartAt(51));
        assertThat(Reaction.toLeaderStart(OWN, ErrorCode.NONE, 50))
                .isEqualTo(new Reaction.Wait(ErrorCode.OFFSET_OUT_OF_RANGE));
        assertThat(Reaction.toLeaderStart(OWN, ErrorCode.NONE, 5))
                .isEqualTo(new Reaction.Wait(ErrorCode.OFFSET_OUT_OF_RANGE));
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "UNKNOWN_LEADER_EPOCH",
                "NOT_LEADER_OR_FOLLOWER",
                "UNKNOWN_TOPIC_OR_PARTITION",
                "UNKNOWN_TOPIC_ID",
                "INCONSISTENT_TOPIC_ID",
                "KAFKA_STORAGE_ERROR",
                "STALE_BROKER_EPOCH",
                "CORRUPT_MESSAGE",
                "UNKNOWN_SERVER_ERROR"
            })
    void anyErrorThatMayPassIsWaitedFor(ErrorCode error) {
        assertThat(Reaction.toFetch(data(error, -1, -1))).isEqualTo(new Reaction.Wait(error));
        assertThat(Reaction.toLeaderEnd(OWN, error, -1)).isEqualTo(new Reaction.Wait(error));
        assertThat(Reaction.toLeaderStart(OWN, error, -1)).isEqualTo(new Reaction.Wait(error));
    }

    @Test
    void aFollowerOfAnEpochThatIsOverStopsUntilItIsTold() {
        assertThat(Reaction.toFetch(data(ErrorCode.FENCED_LEADER_EPOCH, -1, -1)))
                .isEqualTo(new Reaction.Stop());
        assertThat(Reaction.toLeaderEnd(OWN, ErrorCode.FENCED_LEADER_EPOCH, -1)).isEqualTo(new Reaction.Stop());
    }

    @Test
    void aWaitEndsAtItsTime() {
        FetcherState delayed = new FetcherState.Delayed(OWN, 1_000);
        assertThat(delayed.at(999)).isSameAs(delayed);
        assertThat(delayed.at(1_000)).isEqualTo(new FetcherState.Fetching(OWN));
        assertThat(new FetcherState.Fenced(OWN).at(1_000)).isEqualTo(new FetcherState.Fenced(OWN));
    }
}
