package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import io.odradek.storage.env.EventLoop;
import java.util.concurrent.CompletionStage;

/** Waits for a result, but not for ever. */
public final class Deadline {
    private Deadline() {}

    /**
     * Hands on a stage's result, or null once the time is up, whichever comes first, and never both.
     *
     * @param context the request that waits; its connection is closed if the result cannot be taken
     * @param loop where the time is kept and the result handed on
     * @param timeoutMs how long to wait at most
     * @param result takes the value and the failure; both are null when the time is up
     */
    public static <T> void await(
            RequestContext context, EventLoop loop, long timeoutMs, CompletionStage<T> stage, Outcome<T> result) {
        loop.post(() -> {
            boolean[] answered = new boolean[1];
            EventLoop.Timeout timeout =
                    loop.schedule(timeoutMs, once(answered, () -> take(context, result, null, null)));
            stage.whenComplete((value, error) -> loop.post(once(answered, () -> {
                timeout.cancel();
                take(context, result, value, error);
            })));
        });
    }

    private static <T> void take(RequestContext context, Outcome<T> result, T value, Throwable error) {
        try {
            result.accept(value, error);
        } catch (RuntimeException e) {
            UnexpectedFailure.close(context, e);
        }
    }

    /** What became of the wait. */
    public interface Outcome<T> {
        void accept(T value, Throwable error);
    }

    private static Runnable once(boolean[] answered, Runnable task) {
        return () -> {
            if (!answered[0]) {
                answered[0] = true;
                task.run();
            }
        };
    }
}
