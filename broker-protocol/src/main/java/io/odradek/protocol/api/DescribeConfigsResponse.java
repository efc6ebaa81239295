package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Settings with their values and where these come from.
 * {@code configSource}: 1 topic, 2 broker (dynamic), 3 cluster default (dynamic), 4 the broker's file, 5 default.
 */
@Response(key = 32, versions = "0-4", flexible = "4+")
@ThrottleTime
public record DescribeConfigsResponse(@Mirrors("resources") List<DescribeConfigsResult> results)
        implements ApiResponse {
    /** The settings of one resource. */
    public record DescribeConfigsResult(
            ErrorCode errorCode,
            @Nullable String errorMessage,
            @Mirrors byte resourceType,
            @Mirrors String resourceName,
            List<DescribeConfigsResourceResult> configs) {}

    /** A setting; the value of a sensitive one is null. */
    public record DescribeConfigsResourceResult(
            String name,
            @Nullable String value,
            boolean readOnly,
            @Versions("0") boolean isDefault,
            @Versions("1+") @Default("-1") byte configSource,
            boolean isSensitive,
            @Versions("1+") List<DescribeConfigsSynonym> synonyms,
            @Versions("3+") byte configType,
            @Versions("3+") @Nullable String documentation) {}

    /** A place a value can come from, in order of precedence. */
    public record DescribeConfigsSynonym(
            @Versions("1+") String name,
            @Versions("1+") @Nullable String value,
            @Versions("1+") byte source) {}
}
