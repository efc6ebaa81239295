package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import java.util.List;

/** What is known of credentials, without any secret. */
@Response(key = 50, versions = "0", flexible = "0+")
@ThrottleTime
public record DescribeUserScramCredentialsResponse(
        ErrorCode errorCode,
        @Nullable String errorMessage,
        @Mirrors("users") List<DescribeUserScramCredentialsResult> results)
        implements ApiResponse {
    /** A user. */
    public record DescribeUserScramCredentialsResult(
            String user, ErrorCode errorCode, @Nullable String errorMessage, List<CredentialInfo> credentialInfos) {}

    /** A credential. */
    public record CredentialInfo(byte mechanism, int iterations) {}
}
