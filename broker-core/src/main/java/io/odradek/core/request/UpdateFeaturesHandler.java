package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.UpdateFeaturesRequest;
import io.odradek.protocol.api.UpdateFeaturesRequest.FeatureUpdateKey;
import io.odradek.protocol.api.UpdateFeaturesResponse;
import io.odradek.protocol.api.UpdateFeaturesResponse.UpdatableFeatureResult;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * UpdateFeatures 0 and 1 (KIP-584): there is no feature whose level can be set this way, as there is none with Kafka 3.9 and
 * ZooKeeper. That of transactions is a setting of the brokers, {@code odradek.transaction.version}.
 *
 * <p>Errors of a feature: INVALID_REQUEST.
 */
public final class UpdateFeaturesHandler implements RequestHandler<UpdateFeaturesRequest> {
    @Override
    public void handle(UpdateFeaturesRequest request, RequestContext context) {
        List<UpdatableFeatureResult> results =
                new ArrayList<>(request.featureUpdates().size());
        for (FeatureUpdateKey update : request.featureUpdates()) {
            results.add(new UpdatableFeatureResult(update.feature(), ErrorCode.INVALID_REQUEST, why(update)));
        }
        context.respond(new UpdateFeaturesResponse(ErrorCode.NONE, null, results));
    }

    /** In Kafka's words, where this broker has nothing to add. */
    private static String why(FeatureUpdateKey update) {
        return switch (update.feature()) {
            case "" -> "Feature name can not be empty.";
            case SupportedApis.TRANSACTION_VERSION ->
                "The level of " + update.feature() + " is what the brokers' odradek.transaction.version says";
            default ->
                update.maxVersionLevel() < 1
                        ? "Can not delete non-existing finalized feature."
                        : "Could not apply finalized feature update because the provided feature is not supported.";
        };
    }
}
