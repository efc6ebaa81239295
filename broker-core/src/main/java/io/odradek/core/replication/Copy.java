package io.odradek.core.replication;

import io.odradek.core.partition.FollowerLog.Position;
import io.odradek.core.replication.FetcherSession.Wanted;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;

/** The copying of one partition from one leader in one epoch. Belongs to the fetcher's loop. */
final class Copy {
    private final TopicPartition id;
    private final Uuid topicId;
    private final int leaderEpoch;
    private FetcherState state;

    Copy(TopicPartition id, Uuid topicId, int leaderEpoch, Position from) {
        this.id = id;
        this.topicId = topicId;
        this.leaderEpoch = leaderEpoch;
        this.state = new FetcherState.Fetching(from);
    }

    TopicPartition id() {
        return id;
    }

    Uuid topicId() {
        return topicId;
    }

    int leaderEpoch() {
        return leaderEpoch;
    }

    FetcherState state() {
        return state;
    }

    void become(FetcherState next) {
        state = next;
    }

    /** {@return what is asked of the leader} */
    Wanted wanted() {
        Position position = state.position();
        return new Wanted(topicId, leaderEpoch, position.startOffset(), position.endOffset(), position.lastEpoch());
    }
}
