package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.OnError;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.Tagged;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import io.odradek.protocol.wire.Payload;
import io.odradek.protocol.wire.Uuid;
import java.util.List;

/**
 * Record batches, as they lie in the log; before version 4 message sets, of magic 0 before version 2 and of magic 1 after.
 * A slice may end inside a batch, which the client ignores; the first batch may begin before the offset asked for.
 * {@code sessionId} is 0 if there is no session. Versions as those of the request; 1 has the throttle time, 16 names the new leader (KIP-951).
 */
@Response(key = 1, versions = "0-17", flexible = "12+")
@ThrottleTime("1+")
public record FetchResponse(
        @Versions("7+") ErrorCode errorCode,
        @Versions("7+") @Mirrors int sessionId,
        @Mirrors(value = "topics", versions = "0-12") List<FetchableTopicResponse> responses,
        @Tagged(tag = 0, versions = "16+") List<NodeEndpoint> nodeEndpoints)
        implements ApiResponse {
    /** The partitions of one topic; in a session only those that changed. */
    public record FetchableTopicResponse(
            @Mirrors @Versions("0-12") String topic,
            @Mirrors @Versions("13+") Uuid topicId,
            @Mirrors List<PartitionData> partitions) {}

    /** What one partition has: its offsets as the leader knows them, and records from the fetch offset on. */
    public record PartitionData(
            @Mirrors("partition") int partitionIndex,
            ErrorCode errorCode,
            @OnError("-1") long highWatermark,
            @Versions("4+") @Default("-1") long lastStableOffset,
            @Versions("5+") @Default("-1") long logStartOffset,
            @Tagged(tag = 0, versions = "12+") EpochEndOffset divergingEpoch,
            @Tagged(tag = 1, versions = "12+") LeaderIdAndEpoch currentLeader,
            @Tagged(tag = 2, versions = "12+") SnapshotId snapshotId,
            @Versions("4+") @Nullable List<AbortedTransaction> abortedTransactions,
            @Versions("11+") @Default("-1") int preferredReadReplica,
            @Nullable Payload records) {}

    /** The largest epoch, and its end, on which the log agrees with the fetcher (KIP-595); -1 if it does not diverge. */
    public record EpochEndOffset(
            @Versions("12+") @Default("-1") int epoch,
            @Versions("12+") @Default("-1") long endOffset) {}

    /** Where the partition is led now, for a client whose cached leader is stale (KIP-951): broker id and epoch, -1 if unknown. */
    public record LeaderIdAndEpoch(
            @Versions("12+") @Default("-1") int leaderId,
            @Versions("12+") @Default("-1") int leaderEpoch) {}

    /** The snapshot to fetch instead, of a Raft-replicated log; never sent by this broker. */
    public record SnapshotId(
            @Default("-1") long endOffset, @Default("-1") int epoch) {}

    /** A transaction whose records from {@code firstOffset} on read_committed consumers skip. */
    public record AbortedTransaction(
            @Versions("4+") long producerId, @Versions("4+") long firstOffset) {}

    /** A broker that {@code currentLeader} names, so that the client needs no metadata request (KIP-951). */
    public record NodeEndpoint(
            @Versions("16+") int nodeId,
            @Versions("16+") String host,
            @Versions("16+") int port,
            @Versions("16+") @Nullable @Default("null") String rack) {}
}
