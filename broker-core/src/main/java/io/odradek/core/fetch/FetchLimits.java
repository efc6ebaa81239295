package io.odradek.core.fetch;

import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.legacy.LegacyMessage;

/**
 * How much a fetch may take, how long it may wait, and how far it may see. Who cannot say how far, which takes version 4, is
 * read_committed: else it would be given records that are aborted later.
 *
 * @param replicaId the follower's broker id; negative for a consumer
 * @param replicaEpoch the life of the follower's broker, -1 where it does not say (KIP-903)
 * @param readCommitted whether the end is the last stable offset
 * @param minBytes how much to wait for
 * @param maxBytes upper bound of all records, unless the first batch alone is larger
 * @param maxWaitMs how long to wait, 0 for not at all
 * @param version the request's, which says what the reader understands
 */
public record FetchLimits(
        int replicaId,
        long replicaEpoch,
        boolean readCommitted,
        int minBytes,
        int maxBytes,
        int maxWaitMs,
        short version) {
    private static final int FIRST_VERSION_WITH_REPLICA_STATE = 15;
    private static final int FIRST_VERSION_WITH_ZSTD = 10;
    private static final int FIRST_VERSION_WITH_STORAGE_ERROR = 6;
    private static final int FIRST_VERSION_WITH_BATCHES = 4;
    private static final int FIRST_VERSION_WITH_TIMESTAMPS = 2;
    private static final int FIRST_VERSION_WITH_WHOLE_MESSAGES = 3;
    private static final byte READ_COMMITTED = 1;

    /**
     * {@return the limits of a request}
     *
     * @param brokerMaxBytes {@code fetch.max.bytes} of the broker
     * @param brokerMaxWaitMs the longest that a request waits ({@code odradek.request.max.wait.ms})
     */
    public static FetchLimits of(FetchRequest request, short version, int brokerMaxBytes, int brokerMaxWaitMs) {
        boolean hasState = version >= FIRST_VERSION_WITH_REPLICA_STATE;
        int maxBytes = Math.max(0, Math.min(request.maxBytes(), brokerMaxBytes));
        return new FetchLimits(
                replicaId(request, version),
                hasState ? request.replicaState().replicaEpoch() : -1,
                request.isolationLevel() == READ_COMMITTED || version < FIRST_VERSION_WITH_BATCHES,
                Math.min(request.minBytes(), maxBytes),
                maxBytes,
                Math.max(0, Math.min(request.maxWaitMs(), brokerMaxWaitMs)),
                version);
    }

    /** {@return the same with less time to wait, in milliseconds} */
    public FetchLimits waitingAtMost(int newMaxWaitMs) {
        return new FetchLimits(replicaId, replicaEpoch, readCommitted, minBytes, maxBytes, newMaxWaitMs, version);
    }

    /** {@return the broker id of the follower that fetches; negative for a consumer} */
    public static int replicaId(FetchRequest request, short version) {
        return version >= FIRST_VERSION_WITH_REPLICA_STATE
                ? request.replicaState().replicaId()
                : request.replicaId();
    }

    /** {@return whether a follower fetches, who sees up to the log's end} */
    public boolean fromFollower() {
        return replicaId >= 0;
    }

    /** {@return whether the reader may be sent zstd: from version 10 on (KIP-110)} */
    public boolean knowsZstd() {
        return version >= FIRST_VERSION_WITH_ZSTD;
    }

    /** {@return an error as the reader knows it: before version 6 there was no KAFKA_STORAGE_ERROR (KIP-112)} */
    public ErrorCode known(ErrorCode error) {
        return error == ErrorCode.KAFKA_STORAGE_ERROR && version < FIRST_VERSION_WITH_STORAGE_ERROR
                ? ErrorCode.NOT_LEADER_OR_FOLLOWER
                : error;
    }

    /** {@return whether the reader knows record batches; else all has to be messages of {@link #oldMagic}} */
    public boolean knowsBatches() {
        return version >= FIRST_VERSION_WITH_BATCHES;
    }

    /** {@return the newest format that a reader understands who knows no batches: 1 from version 2 on, with timestamps (KIP-32)} */
    public byte oldMagic() {
        return version >= FIRST_VERSION_WITH_TIMESTAMPS ? LegacyMessage.MAGIC_1 : LegacyMessage.MAGIC_0;
    }

    /**
     * {@return whether the reader takes a cut message for a sign that its first message is larger than what it asks for, as
     * before version 3; after that it is given one that is whole (KIP-74)}
     */
    public boolean expectsCutMessages() {
        return version < FIRST_VERSION_WITH_WHOLE_MESSAGES;
    }

    /** {@return whether the fetch waits if there is too little} */
    public boolean mayWait() {
        return maxWaitMs > 0 && minBytes > 0;
    }
}
