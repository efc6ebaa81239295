package io.odradek.core.fetch;

import io.odradek.protocol.api.FetchRequest;

/**
 * How much a fetch may take, how long it may wait, and how far it may see.
 *
 * @param replicaId the follower's broker id; negative for a consumer
 * @param replicaEpoch the life of the follower's broker, -1 where it does not say (KIP-903)
 * @param readCommitted whether the end is the last stable offset
 * @param minBytes how much to wait for
 * @param maxBytes upper bound of all records, unless the first batch alone is larger
 * @param maxWaitMs how long to wait, 0 for not at all
 * @param knowsZstd whether the reader may be sent zstd: from version 10 on (KIP-110)
 */
public record FetchLimits(
        int replicaId,
        long replicaEpoch,
        boolean readCommitted,
        int minBytes,
        int maxBytes,
        int maxWaitMs,
        boolean knowsZstd) {
    private static final int FIRST_VERSION_WITH_REPLICA_STATE = 15;
    private static final int FIRST_VERSION_WITH_ZSTD = 10;
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
                request.isolationLevel() == READ_COMMITTED,
                Math.min(request.minBytes(), maxBytes),
                maxBytes,
                Math.max(0, Math.min(request.maxWaitMs(), brokerMaxWaitMs)),
                version >= FIRST_VERSION_WITH_ZSTD);
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

    /** {@return whether the fetch waits if there is too little} */
    public boolean mayWait() {
        return maxWaitMs > 0 && minBytes > 0;
    }
}
