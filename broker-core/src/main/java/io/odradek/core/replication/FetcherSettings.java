package io.odradek.core.replication;

/**
 * How followers fetch.
 *
 * @param brokerId this broker's id
 * @param listener the listener over which brokers talk to each other
 * @param fetchers fetchers for each leader ({@code num.replica.fetchers})
 * @param timing how long they wait
 * @param bounds how much they ask for
 */
public record FetcherSettings(int brokerId, String listener, int fetchers, Timing timing, Bounds bounds) {
    /**
     * How long a follower waits, in milliseconds.
     *
     * @param maxWaitMs how long the leader may hold a fetch ({@code replica.fetch.wait.max.ms})
     * @param backoffMs the longest wait after an error ({@code replica.fetch.backoff.ms})
     * @param timeoutMs how long an answer may take ({@code replica.socket.timeout.ms})
     * @param maxLagMs how long a follower may lag before it is out of sync ({@code replica.lag.time.max.ms})
     */
    public record Timing(int maxWaitMs, int backoffMs, int timeoutMs, long maxLagMs) {}

    /**
     * How much a follower asks for, in bytes.
     *
     * @param minBytes what to wait for ({@code replica.fetch.min.bytes})
     * @param maxBytes of one fetch ({@code replica.fetch.response.max.bytes})
     * @param partitionMaxBytes of one partition ({@code replica.fetch.max.bytes})
     * @param receiveBufferBytes SO_RCVBUF ({@code replica.socket.receive.buffer.bytes})
     */
    public record Bounds(int minBytes, int maxBytes, int partitionMaxBytes, int receiveBufferBytes) {}
}
