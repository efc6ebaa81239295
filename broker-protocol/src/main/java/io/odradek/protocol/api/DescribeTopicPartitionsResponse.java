package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.wire.Uuid;
import java.util.List;

/**
 * A page of topics with their partitions, and where the next one begins. Authorized operations are a bit set. The replicas
 * that are eligible to lead besides those in sync may be null, but Java clients read only lists.
 */
@Response(key = 75, versions = "0", flexible = "0+")
@ThrottleTime
public record DescribeTopicPartitionsResponse(
        @Mirrors List<DescribeTopicPartitionsResponseTopic> topics,
        @Nullable @Default("null") Cursor nextCursor) implements ApiResponse {
    /** A topic, or why there is nothing to say about it. */
    public record DescribeTopicPartitionsResponseTopic(
            ErrorCode errorCode,
            @Mirrors @Nullable String name,
            Uuid topicId,
            boolean isInternal,
            List<DescribeTopicPartitionsResponsePartition> partitions,
            @Default("-2147483648") int topicAuthorizedOperations) {}

    /** A partition; the leader is -1 while there is none. */
    public record DescribeTopicPartitionsResponsePartition(
            ErrorCode errorCode,
            int partitionIndex,
            int leaderId,
            @Default("-1") int leaderEpoch,
            List<Integer> replicaNodes,
            List<Integer> isrNodes,
            @Nullable @Default("null") List<Integer> eligibleLeaderReplicas,
            @Nullable @Default("null") List<Integer> lastKnownElr,
            List<Integer> offlineReplicas) {}

    /** Where the next page begins. */
    public record Cursor(String topicName, int partitionIndex) {}
}
