package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import io.odradek.storage.env.EventLoop;
import java.util.concurrent.CompletionStage;

/**
 * A request that waits for a result, but not for ever. Lives on one loop.
 *
 * <pre>
 *   waiting --the result, or the time is up--> ended, and the outcome is handed on
 *           --the client has gone------------> ended, and nobody hears of it
 * </pre>
 *
 * Once it has ended it refers to nothing of the request: the stage, which may never complete, knows it still.
 *
 * @param <T> the result
 */
public final class Deadline<T> {
    private final EventLoop loop;
    private RequestContext context;
    private Outcome<T> outcome;
    private EventLoop.Timeout timeout;

    /**
     * What became of the wait.
     *
     * @param <T> the result
     */
    public interface Outcome<T> {
        /** Takes the value and the failure; both are null when the time is up. */
        void accept(T value, Throwable error);
    }

    private Deadline(RequestContext context, EventLoop loop, Outcome<T> outcome) {
        this.context = context;
        this.loop = loop;
        this.outcome = outcome;
    }

    /**
     * Hands on a stage's result, or null once the time is up, whichever comes first, and never both; nothing if the client
     * leaves before.
     *
     * @param context the request that waits; it is answered UNKNOWN_SERVER_ERROR if the result cannot be taken
     * @param loop where the time is kept and the result handed on
     * @param timeoutMs how long to wait at most
     */
    public static <T> void await(
            RequestContext context, EventLoop loop, long timeoutMs, CompletionStage<T> stage, Outcome<T> outcome) {
        Deadline<T> deadline = new Deadline<>(context, loop, outcome);
        loop.post(() -> {
            deadline.timeout = loop.schedule(timeoutMs, () -> deadline.end(null, null));
            context.whenGone(() -> loop.post(deadline::drop));
            stage.whenComplete((value, error) -> loop.post(() -> deadline.end(value, error)));
        });
    }

    private void end(T value, Throwable error) {
        if (context == null) {
            return;
        }
        RequestContext ended = context;
        Outcome<T> taker = outcome;
        forget();
        try {
            taker.accept(value, error);
        } catch (Throwable e) {
            UnexpectedFailure.answer(ended, e);
        }
    }

    private void drop() {
        if (context != null) {
            RequestContext dropped = context;
            forget();
            dropped.respondNothing();
        }
    }

    private void forget() {
        timeout.cancel();
        timeout = null;
        outcome = null;
        context = null;
    }
}
