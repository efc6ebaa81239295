package io.odradek.core.coordination;

import io.odradek.core.coordination.CoordinationException.Reason;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A session whose connection breaks when told to: before a call is made, or after it, so that only its answer is lost. */
public final class LossySession implements CoordinationSession {
    private final CoordinationSession session;
    private int lostBefore;
    private int lostAnswers;

    public LossySession(CoordinationSession session) {
        this.session = session;
    }

    /** The next calls do not reach the tree. */
    public LossySession loseCalls(int count) {
        lostBefore = count;
        return this;
    }

    /** The next calls reach the tree, and their answers are lost. */
    public LossySession loseAnswers(int count) {
        lostAnswers = count;
        return this;
    }

    private <T> CompletionStage<T> call(Supplier<CompletionStage<T>> call) {
        if (lostBefore > 0) {
            lostBefore--;
            return session.get("/").thenCompose(any -> lost());
        }
        if (lostAnswers > 0) {
            lostAnswers--;
            return call.get().handle((value, error) -> null).thenCompose(any -> lost());
        }
        return call.get();
    }

    private static <T> CompletionStage<T> lost() {
        return CompletableFuture.failedStage(new CoordinationException(Reason.CONNECTION_LOSS, "/"));
    }

    @Override
    public CompletionStage<Node> get(String path) {
        return call(() -> session.get(path));
    }

    @Override
    public CompletionStage<List<String>> children(String path) {
        return call(() -> session.children(path));
    }

    @Override
    public CompletionStage<String> create(String path, byte[] data, CreateMode mode) {
        return call(() -> session.create(path, data, mode));
    }

    @Override
    public CompletionStage<Integer> set(String path, byte[] data, int expectedVersion) {
        return call(() -> session.set(path, data, expectedVersion));
    }

    @Override
    public CompletionStage<Void> delete(String path, int expectedVersion) {
        return call(() -> session.delete(path, expectedVersion));
    }

    @Override
    public CompletionStage<Void> multi(List<Operation> operations) {
        return call(() -> session.multi(operations));
    }

    @Override
    public CompletionStage<Void> upToDate() {
        return call(session::upToDate);
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
