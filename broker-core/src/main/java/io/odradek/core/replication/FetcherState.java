package io.odradek.core.replication;

import io.odradek.core.partition.FollowerLog.Position;

/**
 * Where the copying of one partition stands.
 *
 * <pre>
 *                the leader has not what was asked for
 *   Fetching -----------------------------------------------> Lost
 *    ^  ^ |                                                    | |
 *    |  | |   the follower's log has been cut or begun anew    | |
 *    |  +-+----------------------------------------------------+ |
 *    |    |                                                      |
 *    |    +--- an error ---> Delayed &lt;------- an error ----------+
 *    |    |                     |
 *    +----|-- after a while ----+
 *         |
 *         +--- the leader is in a later epoch ---> Fenced
 * </pre>
 *
 * Fetching goes on as Fetching from where the follower is then. Whatever the state, the copying begins anew, or ends, when
 * the controller gives the replica another role.
 */
sealed interface FetcherState {
    /** {@return how far the follower is} */
    Position position();

    /** It asks for what comes after its log. */
    record Fetching(Position position) implements FetcherState {}

    /** It has to ask where the leader's log begins and ends. */
    record Lost(Position position) implements FetcherState {}

    /**
     * It waits after an error.
     *
     * @param position how far the follower is
     * @param untilMs the monotonic milliseconds at which it goes on
     */
    record Delayed(Position position, long untilMs) implements FetcherState {}

    /** It waits for the controller to tell of the leader's epoch. */
    record Fenced(Position position) implements FetcherState {}

    /** {@return the state after the follower's log has been appended to or cut} */
    static FetcherState moved(Position position) {
        return new Fetching(position);
    }

    /** {@return whether the next fetch asks for the partition} */
    default boolean isFetching() {
        return this instanceof Fetching;
    }

    /** {@return the state at a time: a wait that is over is over} */
    default FetcherState at(long nowMs) {
        return this instanceof Delayed delayed && delayed.untilMs() <= nowMs ? new Fetching(position()) : this;
    }
}
