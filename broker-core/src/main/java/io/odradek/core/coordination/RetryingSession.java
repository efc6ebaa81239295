package io.odradek.core.coordination;

import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A session over a connection that breaks: what ends in CONNECTION_LOSS is tried again, and what came of it is found out.
 * Nobody above needs a rule of its own for writes whose outcome is not known.
 *
 * <p>A write that was lost may have been made. It is made again, and if its condition fails then, the nodes are read: when
 * they are what the write makes of them, it was made. That holds because the session's own write was answered meanwhile, so
 * that no server tells it of an older tree, and because conditions hold once: a version is passed once, a node that is
 * there is not created. Two kinds of writes have no such condition: a node with a sequence number may be there twice in the
 * end, and one that is set at any version may undo what others set since.
 *
 * <p>Calls that are tried again may be overtaken by later ones: who needs an order waits for results, as ever.
 */
public final class RetryingSession implements CoordinationSession {
    private static final long FIRST_PAUSE_MS = 50;
    private static final long LAST_PAUSE_MS = 1_000;

    private final CoordinationSession session;
    private final EventLoop loop;
    private final Clock clock;
    private final long patienceMs;

    /**
     * @param session the session whose answers may be lost
     * @param loop where its results arrive
     * @param patienceMs how long a call is tried, at least, before CONNECTION_LOSS is its end after all: its outcome is not
     *     known then
     */
    public RetryingSession(CoordinationSession session, EventLoop loop, Clock clock, long patienceMs) {
        this.session = session;
        this.loop = loop;
        this.clock = clock;
        this.patienceMs = patienceMs;
    }

    @Override
    public CompletionStage<Node> get(String path) {
        return new Call<>(() -> session.get(path), null).start();
    }

    @Override
    public CompletionStage<List<String>> children(String path) {
        return new Call<>(() -> session.children(path), null).start();
    }

    @Override
    public CompletionStage<String> create(String path, byte[] data, CreateMode mode) {
        List<Operation> made = List.of(new Operation.Create(path, data, mode));
        return new Call<>(() -> session.create(path, data, mode), () -> wereMade(made, path)).start();
    }

    @Override
    public CompletionStage<Integer> set(String path, byte[] data, int expectedVersion) {
        List<Operation> made = List.of(new Operation.Set(path, data, expectedVersion));
        return new Call<>(() -> session.set(path, data, expectedVersion), () -> wereMade(made, expectedVersion + 1))
                .start();
    }

    @Override
    public CompletionStage<Void> delete(String path, int expectedVersion) {
        List<Operation> made = List.of(new Operation.Delete(path, expectedVersion));
        return new Call<Void>(() -> session.delete(path, expectedVersion), () -> wereMade(made, null)).start();
    }

    @Override
    public CompletionStage<Void> multi(List<Operation> operations) {
        List<Operation> made = List.copyOf(operations);
        return new Call<Void>(() -> session.multi(made), () -> wereMade(made, null)).start();
    }

    @Override
    public CompletionStage<Void> upToDate() {
        return new Call<>(session::upToDate, null).start();
    }

    @Override
    public AutoCloseable watch(String path, Runnable changed) {
        return session.watch(path, changed);
    }

    @Override
    public void onSessionExpired(Runnable listener) {
        session.onSessionExpired(listener);
    }

    @Override
    public void close() {
        session.close();
    }

    /** {@return the result of operations that were made, as the tree shows; fails with {@link NotMadeException} otherwise} */
    private <T> CompletionStage<T> wereMade(List<Operation> operations, T result) {
        List<Operation> traces = Traces.of(operations);
        CompletionStage<Boolean> all = CompletableFuture.completedStage(!traces.isEmpty());
        for (Operation trace : traces) {
            all = all.thenCompose(soFar -> soFar ? shows(trace) : CompletableFuture.completedStage(false));
        }
        return all.thenCompose(made -> made
                ? CompletableFuture.completedStage(result)
                : CompletableFuture.failedStage(new NotMadeException()));
    }

    private CompletionStage<Boolean> shows(Operation trace) {
        return get(Traces.path(trace)).handle((node, error) -> {
            if (error != null && !CoordinationException.is(error, Reason.NO_NODE)) {
                throw new CompletionException(cause(error));
            }
            return Traces.shows(trace, error == null ? node : null);
        });
    }

    private static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    /** The tree is not what the lost write would have made of it. */
    private static final class NotMadeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotMadeException() {
            super(null, null, false, false);
        }
    }

    /** A call until it has a result. */
    private final class Call<T> {
        private final Supplier<CompletionStage<T>> attempt;
        private final Supplier<CompletionStage<T>> resultIfMade;
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private final long beganNs = clock.monotonicNs();
        private long pauseMs = FIRST_PAUSE_MS;
        private boolean lost;

        /** @param resultIfMade finds out whether it was made, null for what makes nothing */
        Call(Supplier<CompletionStage<T>> attempt, Supplier<CompletionStage<T>> resultIfMade) {
            this.attempt = attempt;
            this.resultIfMade = resultIfMade;
        }

        CompletionStage<T> start() {
            attempt.get().whenComplete(this::ended);
            return result;
        }

        private void ended(T value, Throwable error) {
            if (error == null) {
                result.complete(value);
            } else if (CoordinationException.is(error, Reason.CONNECTION_LOSS) && isPatient()) {
                lost = true;
                loop.schedule(pauseMs, this::start);
                pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS);
            } else if (lost && resultIfMade != null && conditionFailed(error)) {
                resultIfMade.get().whenComplete((made, unknown) -> foundOut(made, unknown, error));
            } else {
                result.completeExceptionally(cause(error));
            }
        }

        private void foundOut(T made, Throwable unknown, Throwable refusal) {
            if (unknown == null) {
                result.complete(made);
            } else {
                Throwable why = cause(unknown) instanceof NotMadeException ? refusal : unknown;
                result.completeExceptionally(cause(why));
            }
        }

        private boolean isPatient() {
            return clock.monotonicNs() - beganNs < patienceMs * 1_000_000;
        }

        private boolean conditionFailed(Throwable error) {
            return CoordinationException.is(error, Reason.BAD_VERSION)
                    || CoordinationException.is(error, Reason.NODE_EXISTS)
                    || CoordinationException.is(error, Reason.NO_NODE);
        }
    }
}
