package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class RequestTest {
    private final CompletableFuture<String> answer = new CompletableFuture<>();

    private CompletionStage<Void> performed(RuntimeException failure) {
        return new Request<>(answer, given -> CompletableFuture.failedStage(new CompletionException(failure)))
                .perform();
    }

    private ErrorCode answered() {
        assertThatThrownBy(answer::join).hasCauseInstanceOf(ApiException.class);
        return answer.handle((value, error) -> ((ApiException) error).error()).join();
    }

    @Test
    void whoAsksABrokerWhoseSessionHasExpiredIsToldThatItIsNotTheController() {
        CompletionStage<Void> outcome = performed(new CoordinationException(Reason.SESSION_EXPIRED, "/"));
        assertThat(answered()).isEqualTo(ErrorCode.NOT_CONTROLLER);
        assertThat(outcome.toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void aRefusalIsAnsweredAsItIsAndCostsNobodyTheOffice() {
        CompletionStage<Void> outcome = performed(new ApiException(ErrorCode.INVALID_REPLICATION_FACTOR, "Too many"));
        assertThat(answered()).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
        assertThat(outcome.toCompletableFuture()).isCompletedWithValue(null);
    }
}
