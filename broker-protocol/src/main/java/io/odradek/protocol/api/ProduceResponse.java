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
import java.util.List;

/**
 * What became of each partition's records.
 * {@code baseOffset} is the offset of the first record, or -1; {@code logAppendTimeMs} the broker's timestamp if the topic has
 * LogAppendTime, else -1. Versions: 1 added the throttle time (KIP-13); 2 the append time (KIP-32); 5 the log's start; 8 names the records at fault (KIP-467); 10 the new leader (KIP-951).
 */
@Response(key = 0, versions = "0-12", flexible = "9+")
@ThrottleTime(value = "1+", after = "responses")
public record ProduceResponse(
        @Mirrors("topicData") List<TopicProduceResponse> responses,
        @Tagged(tag = 0, versions = "10+") List<NodeEndpoint> nodeEndpoints)
        implements ApiResponse {
    /** The results of one topic. */
    public record TopicProduceResponse(
            @Mirrors String name, @Mirrors("partitionData") List<PartitionProduceResponse> partitionResponses) {}

    /** The result of one partition. */
    public record PartitionProduceResponse(
            @Mirrors int index,
            ErrorCode errorCode,
            @OnError("-1") long baseOffset,
            @Versions("2+") @Default("-1") long logAppendTimeMs,
            @Versions("5+") @Default("-1") long logStartOffset,
            @Versions("8+") List<BatchIndexAndErrorMessage> recordErrors,
            @Versions("8+") @Nullable @Default("null") String errorMessage,
            @Tagged(tag = 0, versions = "10+") LeaderIdAndEpoch currentLeader) {}

    /** A record that made its batch be refused: its index in the batch, and why. */
    public record BatchIndexAndErrorMessage(
            @Versions("8+") int batchIndex,
            @Versions("8+") @Nullable @Default("null") String batchIndexErrorMessage) {}

    /** Where the partition is led now, for a client whose cached leader is stale (KIP-951): broker id and epoch, -1 if unknown. */
    public record LeaderIdAndEpoch(
            @Versions("10+") @Default("-1") int leaderId,
            @Versions("10+") @Default("-1") int leaderEpoch) {}

    /** A broker that {@code currentLeader} names, so that the client needs no metadata request (KIP-951). */
    public record NodeEndpoint(
            @Versions("10+") int nodeId,
            @Versions("10+") String host,
            @Versions("10+") int port,
            @Versions("10+") @Nullable @Default("null") String rack) {}
}
