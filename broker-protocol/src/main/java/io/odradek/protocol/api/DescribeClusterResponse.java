package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * The cluster, as this broker knows it.
 */
@Response(key = 60, versions = "0-1", flexible = "0+")
@ThrottleTime
public record DescribeClusterResponse(
        ErrorCode errorCode,
        @Nullable @Default("null") String errorMessage,
        @Versions("1+") @Default("1") byte endpointType,
        String clusterId,
        @Default("-1") int controllerId,
        List<DescribeClusterBroker> brokers,
        @Default("-2147483648") int clusterAuthorizedOperations)
        implements ApiResponse {
    /** A live broker and where it listens. */
    public record DescribeClusterBroker(
            int brokerId,
            String host,
            int port,
            @Nullable @Default("null") String rack) {}
}
