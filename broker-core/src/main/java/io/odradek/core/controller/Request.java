package io.odradek.core.controller;

import io.odradek.core.coordination.CoordinationErrors;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.protocol.errors.ApiException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A command that somebody waits for. What is refused, and what the tree does not take though it can be reached, is answered
 * and costs nobody the office.
 *
 * @param <T> what is answered
 */
final class Request<T> implements Command {
    private final CompletableFuture<T> answer;
    private final Function<CompletableFuture<T>, CompletionStage<Void>> work;

    /**
     * @param answer what is to be completed, perhaps after other commands
     * @param work does it, and completes when the next command may begin
     */
    Request(CompletableFuture<T> answer, Function<CompletableFuture<T>, CompletionStage<Void>> work) {
        this.answer = answer;
        this.work = work;
    }

    @Override
    public CompletionStage<Void> perform() {
        return begin().exceptionallyCompose(error -> {
            Throwable cause = Stages.cause(error);
            answer.completeExceptionally(answered(cause));
            return refused(cause) ? CompletableFuture.completedStage(null) : CompletableFuture.failedStage(cause);
        });
    }

    private CompletionStage<Void> begin() {
        try {
            return work.apply(answer);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    @Override
    public void abandoned(RuntimeException cause) {
        answer.completeExceptionally(cause);
    }

    /** What a tree that cannot be used means to who asks: that this broker is not the controller any more, for one. */
    private static Throwable answered(Throwable cause) {
        return cause instanceof CoordinationException
                ? new ApiException(CoordinationErrors.code(cause), CoordinationErrors.message(cause))
                : cause;
    }

    /** {@return whether a failure leaves no doubt of what is in the tree} */
    static boolean refused(Throwable cause) {
        return cause instanceof ApiException
                || CoordinationException.is(cause, Reason.STORAGE_FAILURE)
                || CoordinationException.is(cause, Reason.DATA_TOO_LARGE)
                || CoordinationException.is(cause, Reason.NODE_EXISTS);
    }
}
