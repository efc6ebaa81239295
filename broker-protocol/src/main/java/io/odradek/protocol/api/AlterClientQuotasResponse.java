package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import java.util.List;

/** What became of each entry. */
@Response(key = 49, versions = "0-1", flexible = "1+")
@ThrottleTime
public record AlterClientQuotasResponse(@Mirrors List<EntryData> entries) implements ApiResponse {
    /** What became of one. */
    public record EntryData(
            ErrorCode errorCode,
            @Nullable String errorMessage,
            @Mirrors List<EntityData> entity) {}

    /** A part of whom it was for. */
    public record EntityData(
            @Mirrors String entityType, @Mirrors @Nullable String entityName) {}
}
