package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import java.util.List;

/**
 * What came of each feature; nothing is said of any where the request has failed as a whole.
 */
@Response(key = 57, versions = "0-1", flexible = "0+")
@ThrottleTime
public record UpdateFeaturesResponse(
        ErrorCode errorCode, @Nullable String errorMessage, List<UpdatableFeatureResult> results)
        implements ApiResponse {
    /** One feature. */
    public record UpdatableFeatureResult(
            String feature, ErrorCode errorCode, @Nullable String errorMessage) {}
}
