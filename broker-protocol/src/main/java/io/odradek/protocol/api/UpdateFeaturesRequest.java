package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Sets the levels of features that the cluster uses (KIP-584); from version 1 on also whether only to see if it could be.
 */
@Request(key = 57, versions = "0-1", flexible = "0+")
public record UpdateFeaturesRequest(
        @Default("60000") int timeoutMs,
        List<FeatureUpdateKey> featureUpdates,
        @Versions("1+") boolean validateOnly) implements ApiRequest {
    /** A feature and its level, below 1 to give it up; 1 is an upgrade, 2 a safe downgrade, 3 one that may lose something. */
    public record FeatureUpdateKey(
            String feature,
            short maxVersionLevel,
            @Versions("0") boolean allowDowngrade,
            @Versions("1+") @Default("1") byte upgradeType) {}
}
