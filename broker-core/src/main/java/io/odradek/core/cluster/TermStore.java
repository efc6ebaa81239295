package io.odradek.core.cluster;

import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.CoordinationStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The tree as whichever session there is now shows it; between two, calls fail with SESSION_EXPIRED. Thread-safe. */
final class TermStore implements CoordinationStore {
    private static final AutoCloseable NO_WATCH = () -> {};

    private volatile CoordinationSession session;

    /** Says which session there is; null for none. */
    void use(CoordinationSession current) {
        session = current;
    }

    @Override
    public CompletionStage<Node> get(String path) {
        CoordinationSession current = session;
        return current == null ? none(path) : current.get(path);
    }

    @Override
    public CompletionStage<List<String>> children(String path) {
        CoordinationSession current = session;
        return current == null ? none(path) : current.children(path);
    }

    @Override
    public CompletionStage<String> create(String path, byte[] data, CreateMode mode) {
        CoordinationSession current = session;
        return current == null ? none(path) : current.create(path, data, mode);
    }

    @Override
    public CompletionStage<Integer> set(String path, byte[] data, int expectedVersion) {
        CoordinationSession current = session;
        return current == null ? none(path) : current.set(path, data, expectedVersion);
    }

    @Override
    public CompletionStage<Void> delete(String path, int expectedVersion) {
        CoordinationSession current = session;
        return current == null ? none(path) : current.delete(path, expectedVersion);
    }

    @Override
    public CompletionStage<Void> multi(List<Operation> operations) {
        CoordinationSession current = session;
        return current == null ? none("/") : current.multi(operations);
    }

    @Override
    public CompletionStage<Void> upToDate() {
        CoordinationSession current = session;
        return current == null ? none("/") : current.upToDate();
    }

    /** The watch ends with the session that there is; with none, it has ended already. */
    @Override
    public AutoCloseable watch(String path, Runnable changed) {
        CoordinationSession current = session;
        return current == null ? NO_WATCH : current.watch(path, changed);
    }

    @Override
    public void onSessionExpired(Runnable listener) {
        CoordinationSession current = session;
        if (current != null) {
            current.onSessionExpired(listener);
        }
    }

    private static <T> CompletionStage<T> none(String path) {
        return CompletableFuture.failedStage(
                new CoordinationException(Reason.SESSION_EXPIRED, path, "there is no session now"));
    }
}
