package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import io.odradek.protocol.wire.Uuid;
import java.util.List;

/**
 * The brokers, the controller, and the topics with their partitions, leaders and replicas.
 * Authorized operations are a bit set, or {@code Integer.MIN_VALUE} if not asked for.
 */
@Response(key = 3, versions = "0-12", flexible = "9+")
@ThrottleTime("3+")
public record MetadataResponse(
        List<MetadataResponseBroker> brokers,
        @Versions("2+") @Nullable @Default("null") String clusterId,
        @Versions("1+") @Default("-1") int controllerId,
        @Mirrors List<MetadataResponseTopic> topics,
        @Versions("8-10") @Default("-2147483648") int clusterAuthorizedOperations)
        implements ApiResponse {
    /** A live broker and where it listens, on the listener the request came by. */
    public record MetadataResponseBroker(
            int nodeId,
            String host,
            int port,
            @Versions("1+") @Nullable @Default("null") String rack) {}

    /** A topic, or why there is nothing to say about it. */
    public record MetadataResponseTopic(
            ErrorCode errorCode,
            @Mirrors @Nullable("12+") String name,
            @Mirrors @Versions("10+") Uuid topicId,
            @Versions("1+") boolean isInternal,
            List<MetadataResponsePartition> partitions,
            @Versions("8+") @Default("-2147483648") int topicAuthorizedOperations) {}

    /** A partition; the leader is -1 while there is none (LEADER_NOT_AVAILABLE). */
    public record MetadataResponsePartition(
            ErrorCode errorCode,
            int partitionIndex,
            int leaderId,
            @Versions("7+") @Default("-1") int leaderEpoch,
            List<Integer> replicaNodes,
            List<Integer> isrNodes,
            @Versions("5+") List<Integer> offlineReplicas) {}
}
