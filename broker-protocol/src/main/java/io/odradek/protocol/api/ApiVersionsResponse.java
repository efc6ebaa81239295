package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.Tagged;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * The APIs with their version ranges. Its header is always version 0, since the client cannot know more before it has read it.
 */
@Response(key = 18, versions = "0-5", flexible = "3+")
@ThrottleTime(value = "1+", after = "apiKeys")
public record ApiVersionsResponse(
        ErrorCode errorCode,
        List<ApiVersion> apiKeys,
        @Tagged(tag = 0, versions = "3+") List<SupportedFeatureKey> supportedFeatures,
        @Tagged(tag = 1, versions = "3+") @Default("-1") long finalizedFeaturesEpoch,
        @Tagged(tag = 2, versions = "3+") List<FinalizedFeatureKey> finalizedFeatures,
        @Tagged(tag = 3, versions = "3+") boolean zkMigrationReady)
        implements ApiResponse {
    /** An API and the versions served, both ends included. */
    public record ApiVersion(short apiKey, short minVersion, short maxVersion) {}

    /** A feature the broker could support. */
    public record SupportedFeatureKey(
            @Versions("3+") String name,
            @Versions("3+") short minVersion,
            @Versions("3+") short maxVersion) {}

    /** A feature in force in the cluster. */
    public record FinalizedFeatureKey(
            @Versions("3+") String name,
            @Versions("3+") short maxVersionLevel,
            @Versions("3+") short minVersionLevel) {}
}
