package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import java.util.List;

/** What came of each user. */
@Response(key = 51, versions = "0", flexible = "0+")
@ThrottleTime
public record AlterUserScramCredentialsResponse(
        @Mirrors({"upsertions", "deletions"}) List<AlterUserScramCredentialsResult> results) implements ApiResponse {
    /** A user. */
    public record AlterUserScramCredentialsResult(
            @Mirrors("name") String user,
            ErrorCode errorCode,
            @Nullable String errorMessage) {}
}
