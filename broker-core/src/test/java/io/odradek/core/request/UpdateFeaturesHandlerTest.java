package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.UpdateFeaturesRequest;
import io.odradek.protocol.api.UpdateFeaturesRequest.FeatureUpdateKey;
import io.odradek.protocol.api.UpdateFeaturesResponse;
import io.odradek.protocol.api.UpdateFeaturesResponse.UpdatableFeatureResult;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpdateFeaturesHandlerTest {
    private static FeatureUpdateKey update(String feature) {
        return new FeatureUpdateKey(feature, (short) 2, false, (byte) 1);
    }

    @Test
    void noFeatureCanBeSetAndEachIsToldWhy() {
        CapturedRequest context = new CapturedRequest(ApiKey.UPDATE_FEATURES, 1);
        List<FeatureUpdateKey> updates = List.of(update("transaction.version"), update("metadata.version"), update(""));
        new UpdateFeaturesHandler().handle(new UpdateFeaturesRequest(1_000, updates, false), context);

        UpdateFeaturesResponse answer = context.answer(UpdateFeaturesResponse.class);
        assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(answer.results())
                .extracting(UpdatableFeatureResult::errorCode)
                .containsOnly(ErrorCode.INVALID_REQUEST)
                .hasSize(3);
        assertThat(answer.results().get(0).errorMessage()).contains("odradek.transaction.version");
        assertThat(answer.results().get(1).errorMessage()).contains("not supported");
    }
}
