package io.odradek.server.embedded;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.Broker;
import io.odradek.server.inspect.InspectionException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a broker is asked in one of its lives. With that life end the questions that are open, as nobody would answer them any
 * more: those that may be asked again are told so, for its next life. Thread-safe.
 */
final class OpenQuestions {
    /** After these what was to be written may be there. */
    private static final Set<ApiKey> WRITING = EnumSet.of(ApiKey.PRODUCE, ApiKey.CREATE_TOPICS);

    private final Map<CompletableFuture<ApiResponse>, ApiKey> open = new LinkedHashMap<>();
    private boolean over;

    /** Asks the broker whose life this is. */
    CompletionStage<ApiResponse> ask(Broker broker, ApiKey api, int version, ApiRequest request) {
        CompletableFuture<ApiResponse> answer = new CompletableFuture<>();
        if (!add(api, answer)) {
            return CompletableFuture.failedStage(stopped(api, true));
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

    /** The life is over. */
    void end() {
        Map<CompletableFuture<ApiResponse>, ApiKey> unanswered;
        synchronized (this) {
            over = true;
            unanswered = new LinkedHashMap<>(open);
            open.clear();
        }
        unanswered.forEach((answer, api) -> answer.completeExceptionally(stopped(api, !WRITING.contains(api))));
    }

    private static InspectionException stopped(ApiKey api, boolean mayBeAskedAgain) {
        return new InspectionException(
                "The broker was stopped before it answered " + api,
                null,
                mayBeAskedAgain ? ErrorCode.NOT_LEADER_OR_FOLLOWER : ErrorCode.NONE);
    }
}
