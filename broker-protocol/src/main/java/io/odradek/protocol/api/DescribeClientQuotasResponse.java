package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import java.util.List;

/** The quotas that were asked for; null for those with an error. */
@Response(key = 48, versions = "0-1", flexible = "1+")
@ThrottleTime
public record DescribeClientQuotasResponse(
        ErrorCode errorCode,
        @Nullable String errorMessage,
        @Nullable @Default("null") List<EntryData> entries) implements ApiResponse {
    /** What is set for one, and for whom. */
    public record EntryData(List<EntityData> entity, List<ValueData> values) {}

    /** A part of whom it is for; a name of null is the default. */
    public record EntityData(String entityType, @Nullable String entityName) {}

    /** A quota. */
    public record ValueData(String key, double value) {}
}
