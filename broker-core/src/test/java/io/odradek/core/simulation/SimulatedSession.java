package io.odradek.core.simulation;

import io.odradek.core.coordination.ChangeSignal;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.InProcessSession;
import io.odradek.core.simulation.SimulatedConnection.Loops;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.SimulatedLoop;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A broker's end of a session with the {@link SimulatedCoordination}, as ZooKeeper's client keeps one up.
 *
 * <pre>
 *   connecting --> connected --- nothing heard, or cut ---> disconnected --> connected again, or expired
 * </pre>
 *
 * A call that is under way when the connection is lost fails with CONNECTION_LOSS, and may have been carried out; one that is
 * made meanwhile waits for the next connection, which tells every watch to read again. Only the ensemble says that a session
 * has expired: a broker that does not reach it cannot know.
 */
final class SimulatedSession implements CoordinationSession {
    private static final int AGAIN_MS = 300;

    private final SimulatedCoordination ensemble;
    private final SimulatedNode broker;
    private final Loops loops;
    private final Deque<Call<?>> underWay = new ArrayDeque<>();
    private final Deque<Call<?>> waiting = new ArrayDeque<>();
    private final Map<String, List<ChangeSignal>> watches = new TreeMap<>();
    private final Map<String, AutoCloseable> watchedByServer = new TreeMap<>();
    private final List<Runnable> expiryListeners = new ArrayList<>();
    private SimulatedCoordination.Served served;
    private Connection connection;
    private int connections;
    private int newestAtServer;
    private CompletableFuture<SimulatedSession> opening;
    private EventLoop.Timeout ping;
    private boolean ended;
    private boolean expired;

    SimulatedSession(SimulatedCoordination ensemble, SimulatedNode broker, Loops loops) {
        this.ensemble = ensemble;
        this.broker = broker;
        this.loops = loops;
    }

    private static final class Call<T> {
        private final String path;
        private final boolean writes;
        private final Function<InProcessSession, CompletionStage<T>> operation;
        private final CompletableFuture<T> result = new CompletableFuture<>();

        Call(String path, boolean writes, Function<InProcessSession, CompletionStage<T>> operation) {
            this.path = path;
            this.writes = writes;
            this.operation = operation;
        }
    }

    /** From one connection to its loss. */
    private final class Connection {
        private final int number = ++connections;
        private final SimulatedPipe up;
        private final SimulatedPipe down;
        private long heardMs = ensemble.network().nowMs();
        private boolean established;

        Connection() {
            SimulatedLoop there = ensemble.loop();
            up = new SimulatedPipe(ensemble.network(), broker, ensemble.node(), there);
            down = new SimulatedPipe(ensemble.network(), ensemble.node(), broker, loops.network());
        }

        /** The ensemble gives the session, a new one or the one there was, or says that it has expired. */
        void begin() {
            up.send(() -> {
                if (served == null) {
                    served = ensemble.open(broker.toString(), SimulatedSession.this);
                }
                atServer(this::attach);
            });
        }

        /** What comes late by a connection is ignored once the session has another one, as a ZooKeeper server does. */
        private void atServer(Runnable arrival) {
            if (number >= newestAtServer) {
                newestAtServer = number;
                ensemble.heard(served);
                arrival.run();
            }
        }

        private void attach() {
            boolean alive = !served.hasEnded();
            answer(() -> {
                if (alive) {
                    established();
                } else {
                    expired();
                }
            });
        }

        void answer(Runnable arrival) {
            down.send(() -> {
                if (connection == this) {
                    heardMs = ensemble.network().nowMs();
                    arrival.run();
                }
            });
        }

        private void established() {
            boolean first = opening != null;
            established = true;
            if (first) {
                CompletableFuture<SimulatedSession> told = opening;
                opening = null;
                loops.caller().post(() -> told.complete(SimulatedSession.this));
            }
            for (String path : watches.keySet()) {
                watchOnServer(path);
                if (!first) {
                    watches.get(path).forEach(ChangeSignal::changed);
                }
            }
            List<Call<?>> made = new ArrayList<>(waiting);
            waiting.clear();
            made.forEach(this::send);
        }

        <T> void send(Call<T> call) {
            underWay.add(call);
            up.send(() -> atServer(() -> call.operation
                    .apply(served.tree())
                    .whenComplete((value, error) -> answer(() -> {
                        underWay.remove(call);
                        end(call, value, error);
                    }))));
            if (call.writes && ensemble.losesWrite(broker)) {
                cut();
            }
        }

        void ping() {
            up.send(() -> atServer(() -> answer(() -> {})));
        }
    }

    /** Begins to connect. Fails with {@link IOException} when the time is over. */
    void connect(int timeoutMs, CompletableFuture<SimulatedSession> opened) {
        opening = opened;
        reconnect();
        loops.network().schedule(timeoutMs, () -> {
            if (opening != null) {
                opening = null;
                ended = true;
                loops.caller()
                        .post(() -> opened.completeExceptionally(new IOException(
                                "The simulated coordination cannot be reached in " + timeoutMs + " ms")));
            }
        });
        keepUp();
    }

    private void reconnect() {
        if (!ended) {
            connection = new Connection();
            connection.begin();
        }
    }

    /** Shows now and then that the broker lives, and finds out whether the ensemble does. */
    private void keepUp() {
        if (ended) {
            return;
        }
        int timeoutMs = ensemble.sessionTimeoutMs();
        if (connection != null && ensemble.network().nowMs() - connection.heardMs > timeoutMs * 2L / 3) {
            disconnected();
        } else if (connection != null && connection.established) {
            connection.ping();
        }
        ping = loops.network().schedule(timeoutMs / 3, this::keepUp);
    }

    /** Loses the connection; what is under way in either direction arrives in part. */
    void cut() {
        if (connection != null) {
            connection.up.cut();
            connection.down.cutAndTell(() -> {});
            loops.network().post(this::disconnected);
        }
    }

    private void disconnected() {
        if (connection == null || ended) {
            return;
        }
        connection.up.cut();
        connection = null;
        List<Call<?>> lost = new ArrayList<>(underWay);
        underWay.clear();
        lost.forEach(call -> fail(call, Reason.CONNECTION_LOSS));
        loops.network().schedule(ensemble.network().draw(AGAIN_MS), this::reconnect);
    }

    /** The ensemble has ended it, and tells so over the connection, if there is one. */
    void expiredOnServer() {
        if (connection != null) {
            connection.answer(this::expired);
        }
    }

    private void expired() {
        if (ended) {
            return;
        }
        ended = true;
        expired = true;
        List<Call<?>> lost = new ArrayList<>(underWay);
        lost.addAll(waiting);
        underWay.clear();
        waiting.clear();
        lost.forEach(call -> fail(call, Reason.SESSION_EXPIRED));
        watches.clear();
        expiryListeners.forEach(loops.caller()::post);
        expiryListeners.clear();
    }

    private <T> CompletionStage<T> read(String path, Function<InProcessSession, CompletionStage<T>> operation) {
        return call(new Call<>(path, false, operation));
    }

    private <T> CompletionStage<T> write(String path, Function<InProcessSession, CompletionStage<T>> operation) {
        return call(new Call<>(path, true, operation));
    }

    private <T> CompletionStage<T> call(Call<T> call) {
        if (ended) {
            fail(call, Reason.SESSION_EXPIRED);
        } else if (connection != null && connection.established) {
            connection.send(call);
        } else {
            waiting.add(call);
        }
        return call.result;
    }

    private <T> void end(Call<T> call, T value, Throwable error) {
        loops.caller().post(() -> {
            if (error == null) {
                call.result.complete(value);
            } else {
                call.result.completeExceptionally(error);
            }
        });
    }

    private void fail(Call<?> call, Reason reason) {
        end(call, null, new CoordinationException(reason, call.path));
    }

    @Override
    public CompletionStage<Node> get(String path) {
        return read(path, tree -> tree.get(path));
    }

    @Override
    public CompletionStage<List<String>> children(String path) {
        return read(path, tree -> tree.children(path));
    }

    @Override
    public CompletionStage<String> create(String path, byte[] data, CreateMode mode) {
        return write(path, tree -> tree.create(path, data, mode));
    }

    @Override
    public CompletionStage<Integer> set(String path, byte[] data, int expectedVersion) {
        return write(path, tree -> tree.set(path, data, expectedVersion));
    }

    @Override
    public CompletionStage<Void> delete(String path, int expectedVersion) {
        return write(path, tree -> tree.delete(path, expectedVersion));
    }

    @Override
    public CompletionStage<Void> multi(List<Operation> operations) {
        List<Operation> copy = List.copyOf(operations);
        return write("/", tree -> tree.multi(copy));
    }

    @Override
    public CompletionStage<Void> upToDate() {
        return read("/", InProcessSession::upToDate);
    }

    @Override
    public AutoCloseable watch(String path, Runnable changed) {
        ChangeSignal signal = new ChangeSignal(loops.caller(), changed);
        List<ChangeSignal> signals = watches.computeIfAbsent(path, any -> new ArrayList<>());
        signals.add(signal);
        if (signals.size() == 1 && connection != null && connection.established) {
            watchOnServer(path);
        }
        return () -> {
            signal.close();
            signals.remove(signal);
            if (signals.isEmpty()) {
                watches.remove(path, signals);
            }
        };
    }

    /** From when the wish arrives, over this connection. */
    private void watchOnServer(String path) {
        Connection over = connection;
        over.up.send(() -> over.atServer(() -> {
            AutoCloseable before = watchedByServer.put(
                    path,
                    served.tree()
                            .watch(
                                    path,
                                    () -> over.answer(() -> watches.getOrDefault(path, List.of())
                                            .forEach(ChangeSignal::changed))));
            if (before != null) {
                close(before);
            }
        }));
    }

    private static void close(AutoCloseable watch) {
        try {
            watch.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void onSessionExpired(Runnable listener) {
        if (expired) {
            loops.caller().post(listener);
        } else {
            expiryListeners.add(listener);
        }
    }

    @Override
    public void close() {
        if (ended) {
            return;
        }
        ended = true;
        if (ping != null) {
            ping.cancel();
        }
        if (connection != null && connection.established) {
            connection.up.send(() -> ensemble.close(served));
        }
    }
}
