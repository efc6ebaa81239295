package io.odradek.core.controller;

import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.storage.env.EventLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A session whose connection is lost at times: then nobody knows whether a call has been carried out. */
final class LossySession implements CoordinationSession {
    private final CoordinationSession session;
    private final EventLoop loop;
    private final Losses losses;

    /** Decides what is lost. */
    interface Losses {
        /** {@return whether the next call is lost, before or after it was carried out} */
        Loss next();
    }

    /** What is lost of a call. */
    enum Loss {
        NOTHING,
        CALL,
        ANSWER,
        /** It can be reached, and does not take it. */
        REFUSED
    }

    LossySession(CoordinationSession session, EventLoop loop, Losses losses) {
        this.session = session;
        this.loop = loop;
        this.losses = losses;
    }

    private <T> CompletionStage<T> call(String path, Supplier<CompletionStage<T>> call) {
        Loss loss = losses.next();
        if (loss == Loss.NOTHING) {
            return call.get();
        }
        CompletableFuture<T> lost = new CompletableFuture<>();
        Reason reason = loss == Loss.REFUSED ? Reason.STORAGE_FAILURE : Reason.CONNECTION_LOSS;
        CoordinationException failure = new CoordinationException(reason, path);
        if (loss != Loss.ANSWER) {
            loop.post(() -> lost.completeExceptionally(failure));
        } else {
            call.get().whenComplete((value, error) -> lost.completeExceptionally(failure));
        }
        return lost;
    }

    @Override
    public CompletionStage<Node> get(String path) {
        return call(path, () -> session.get(path));
    }

    @Override
    public CompletionStage<List<String>> children(String path) {
        return call(path, () -> session.children(path));
    }

    @Override
    public CompletionStage<String> create(String path, byte[] data, CreateMode mode) {
        return call(path, () -> session.create(path, data, mode));
    }

    @Override
    public CompletionStage<Integer> set(String path, byte[] data, int expectedVersion) {
        return call(path, () -> session.set(path, data, expectedVersion));
    }

    @Override
    public CompletionStage<Void> delete(String path, int expectedVersion) {
        return call(path, () -> session.delete(path, expectedVersion));
    }

    @Override
    public CompletionStage<Void> multi(List<Operation> operations) {
        return call("/", () -> session.multi(operations));
    }

    @Override
    public CompletionStage<Void> upToDate() {
        return call("/", session::upToDate);
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
}
