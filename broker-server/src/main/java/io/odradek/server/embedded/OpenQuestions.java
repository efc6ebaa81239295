package io.odradek.server.embedded;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.Broker;
import io.odradek.server.inspect.InspectionException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a broker is asked in one of its lives. With that life end the questions that are open, as nobody would answer them any
 * more: those that may be asked again are told so, for its next life. Thread-safe.
 */
final class OpenQuestions {
    private final Map<CompletableFuture<ApiResponse>, ApiKey> open = new LinkedHashMap<>();
    private boolean over;

    /** Asks the broker whose life this is. */
    CompletionStage<ApiResponse> ask(Broker broker, ApiKey api, int version, ApiRequest request) {
        CompletableFuture<ApiResponse> answer = new CompletableFuture<>();
        if (!add(api, answer)) {
            return CompletableFuture.failedStage(stopped(api));
        }
        broker.ask(api, version, request).whenComplete((response, failure) -> {
            remove(answer);
            if (failure == null) {
                answer.complete(response);
            } else {
                answer.completeExceptionally(failure);
            }
        });
        return answer;
    }

    private synchronized boolean add(ApiKey api, CompletableFuture<ApiResponse> answer) {
        if (!over) {
            open.put(answer, api);
        }
        return !over;
    }

    private synchronized void remove(CompletableFuture<ApiResponse> answer) {
        open.remove(answer);
    }

    /** The life is over, or about to be. */
    void end() {
        Map<CompletableFuture<ApiResponse>, ApiKey> unanswered;
        synchronized (this) {
            over = true;
            unanswered = new LinkedHashMap<>(open);
            open.clear();
        }
        unanswered.forEach((answer, api) -> answer.completeExceptionally(stopped(api)));
    }

    /** What was to be written may have been. */
    private static InspectionException stopped(ApiKey api) {
        boolean again = api != ApiKey.PRODUCE && api != ApiKey.CREATE_TOPICS;
        return new InspectionException(
                "The broker was stopped before it answered " + api,
                null,
                again ? ErrorCode.NOT_LEADER_OR_FOLLOWER : ErrorCode.NONE);
    }
}
