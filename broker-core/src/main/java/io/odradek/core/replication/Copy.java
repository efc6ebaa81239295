package io.odradek.core.replication;

import io.odradek.core.partition.FollowerLog.Position;
import io.odradek.core.replication.FetcherSession.Wanted;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;

/** The copying of one partition from one leader in one epoch. Belongs to the fetcher's loop. */
final class Copy {
    private static final int FIRST_DELAY_MS = 20;
    private static final int MOST_DOUBLINGS = 10;

    private final TopicPartition id;
    private final Uuid topicId;
    private final int leaderEpoch;
    private FetcherState state;
    private int failures;
    private long highWatermark = Long.MAX_VALUE;

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

    /** The leader has given what it was asked for. */
    void succeeded(FetcherState next) {
        state = next;
        failures = 0;
    }

    /** Waits after an error: a short while at first, as the leader may be about to be told that it leads, longer each time. */
    void delay(long nowMs, int longestMs) {
        long delayMs = Math.min(Math.max(1, longestMs), (long) FIRST_DELAY_MS << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        state = new FetcherState.Delayed(state.position(), nowMs + delayMs);
    }

    /** The leader has told of its high watermark. */
    void heard(long leaderHighWatermark) {
        highWatermark = leaderHighWatermark;
    }

    /** {@return whether the follower has all that is committed, as far as it has heard} */
    boolean isCaughtUp() {
        return highWatermark <= state.position().endOffset();
    }

    /** {@return what is asked of the leader} */
    Wanted wanted() {
        Position position = state.position();
        return new Wanted(topicId, leaderEpoch, position.startOffset(), position.endOffset(), position.lastEpoch());
    }
}
