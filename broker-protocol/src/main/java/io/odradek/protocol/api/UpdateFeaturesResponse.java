package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import java.util.List;

/**
 * What came of each feature.
 */
@Response(key = 57, versions = "0-1", flexible = "0+")
@ThrottleTime
public record UpdateFeaturesResponse(
        ErrorCode errorCode,
        @Nullable String errorMessage,
        @Mirrors("featureUpdates") List<UpdatableFeatureResult> results)
        implements ApiResponse {
    /** One feature. */
    public record UpdatableFeatureResult(
            @Mirrors String feature,
            ErrorCode errorCode,
            @Nullable String errorMessage) {}
}
