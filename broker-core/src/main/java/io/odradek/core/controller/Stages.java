package io.odradek.core.controller;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Small helpers for the stages in which the controller's work comes back. */
final class Stages {
    private Stages() {}

    /** {@return the results in the order of the stages, or the first failure} */
    static <T> CompletionStage<List<T>> all(List<CompletionStage<T>> stages) {
        CompletionStage<List<T>> results = CompletableFuture.completedStage(new ArrayList<>(stages.size()));
        for (CompletionStage<T> stage : stages) {
            results = results.thenCombine(stage, (list, value) -> {
                list.add(value);
                return list;
            });
        }
        return results;
    }

    /** {@return what failed, without the wrapping that stages add} */
    static Throwable cause(Throwable error) {
        Throwable cause = error;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Completes a future as a stage has completed. */
    static <T> void relay(CompletableFuture<T> to, T value, Throwable error) {
        if (error == null) {
            to.complete(value);
        } else {
            to.completeExceptionally(cause(error));
        }
    }
}
