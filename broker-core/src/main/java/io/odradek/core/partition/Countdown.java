package io.odradek.core.partition;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Completes a stage when as many parts are done as were expected. Parts may be done on any thread. */
final class Countdown<T> {
    private final CompletableFuture<T> stage = new CompletableFuture<>();
    private final T result;
    private int outstanding = 1;

    Countdown(T result) {
        this.result = result;
    }

    synchronized void expect() {
        outstanding++;
    }

    CompletionStage<T> started() {
        done(null);
        return stage;
    }

    void done(Exception failure) {
        done(failure, nothing -> {});
    }

    void done(Exception failure, Consumer<T> contribution) {
        boolean last;
        synchronized (this) {
            contribution.accept(result);
            last = --outstanding == 0;
        }
        if (failure != null) {
            stage.completeExceptionally(failure);
        } else if (last) {
            stage.complete(result);
        }
    }
}
