package io.odradek.core.coordination;

import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A broker's session with an {@link InProcessCoordinationStore}. Calls may come from any thread; they take effect in order. */
public final class InProcessSession implements CoordinationSession {
    private final InProcessCoordinationStore store;
    private final EventLoop loop;
    private final Map<String, List<ChangeSignal>> watches = new TreeMap<>();
    private final List<Runnable> expiryListeners = new ArrayList<>();
    /** Set and read on the store's loop. */
    long number;

    /** Set and read on the store's loop. */
    private boolean expired;

    InProcessSession(InProcessCoordinationStore store, EventLoop loop) {
        this.store = store;
        this.loop = loop;
    }

    @Override
    public CompletionStage<Node> get(String path) {
        return store.read(this, () -> store.tree().get(path, number));
    }

    @Override
    public CompletionStage<List<String>> children(String path) {
        return store.read(this, () -> store.tree().children(path));
    }

    @Override
    public CompletionStage<String> create(String path, byte[] data, CreateMode mode) {
        return store.change(
                this, List.of(new Operation.Create(path, data, mode)), outcomes -> (String) outcomes.get(0));
    }

    @Override
    public CompletionStage<Integer> set(String path, byte[] data, int expectedVersion) {
        return store.change(
                this, List.of(new Operation.Set(path, data, expectedVersion)), outcomes -> (Integer) outcomes.get(0));
    }

    @Override
    public CompletionStage<Void> delete(String path, int expectedVersion) {
        return store.change(this, List.of(new Operation.Delete(path, expectedVersion)), outcomes -> null);
    }

    @Override
    public CompletionStage<Void> multi(List<Operation> operations) {
        return store.change(this, List.copyOf(operations), outcomes -> null);
    }

    /** There is one tree, and everybody reads it. */
    @Override
    public CompletionStage<Void> upToDate() {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public AutoCloseable watch(String path, Runnable changed) {
        ChangeSignal watch = new ChangeSignal(loop, changed);
        store.post(() -> watches.computeIfAbsent(path, any -> new ArrayList<>()).add(watch));
        return () -> {
            watch.close();
            store.post(() -> forget(path, watch));
        };
    }

    @Override
    public void onSessionExpired(Runnable listener) {
        store.post(() -> {
            if (expired) {
                loop.post(listener);
            } else {
                expiryListeners.add(listener);
            }
        });
    }

    /** Ends the session at the broker's wish: its ephemeral nodes vanish; the expiry listeners are not called. */
    @Override
    public void close() {
        store.endSession(this, watches::clear);
    }

    /** Ends the session as a lost connection would: its ephemeral nodes vanish, then the expiry listeners are called. */
    public void expire() {
        store.endSession(this, () -> {
            watches.clear();
            expired = true;
            expiryListeners.forEach(loop::post);
            expiryListeners.clear();
        });
    }

    /**
     * Ends the session as a lost connection would of whose loss the broker knows nothing: its ephemeral nodes vanish, and it
     * hears of that when {@link #expire} is called.
     */
    public void lapse() {
        store.endSession(this, () -> {});
    }

    /** Called on the store's loop. */
    <T> void deliver(CompletableFuture<T> result, T value, Reason failure) {
        if (failure != null) {
            fail(result, store.failed(failure));
        } else {
            loop.post(() -> result.complete(value));
        }
    }

    /** Called on the store's loop. */
    void fail(CompletableFuture<?> result, CoordinationException error) {
        loop.post(() -> result.completeExceptionally(error));
    }

    /** Called on the store's loop. */
    void notifyWatches(List<String> touched) {
        if (watches.isEmpty()) {
            return;
        }
        for (String path : touched) {
            for (ChangeSignal watch : watches.getOrDefault(path, List.of())) {
                watch.changed();
            }
        }
    }

    private void forget(String path, ChangeSignal watch) {
        List<ChangeSignal> ofPath = watches.get(path);
        if (ofPath != null && ofPath.remove(watch) && ofPath.isEmpty()) {
            watches.remove(path);
        }
    }
}
