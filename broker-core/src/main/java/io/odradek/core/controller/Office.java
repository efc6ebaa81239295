package io.odradek.core.controller;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.Operation;
import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The means of an elected controller, from its election to the end of its office: what it knows, the tree as it may write it,
 * the brokers, and its commands. All of it ends together: watches fall silent, orders reach nobody, commands and whoever
 * waits for them are answered NOT_CONTROLLER. Belongs to the controller's loop.
 */
final class Office {
    private static final Logger LOG = LoggerFactory.getLogger(Office.class);

    /** Far more than clients ask for at a time; a few megabytes. */
    private static final int MOST_WAITING = 20_000;

    private final ControllerEnvironment env;
    private final FencedStore store;
    private final ControllerState state;
    private final BrokerOrders orders;
    private final CommandQueue commands;
    private final Set<AutoCloseable> watches = new LinkedHashSet<>();
    private final Set<CompletableFuture<?>> waiting = new LinkedHashSet<>();
    private final Set<EventLoop.Timeout> timers = new LinkedHashSet<>();
    private boolean closed;

    /**
     * @param tree the session that the election was won with
     * @param failed is told why the office cannot go on
     */
    Office(ControllerEnvironment env, CoordinationStore tree, Election.Outcome.Won won, Consumer<Throwable> failed) {
        this.env = env;
        this.store = new FencedStore(tree, won.epochVersion());
        boolean unclean =
                Boolean.parseBoolean(env.settings().logDefaults().get().get("unclean.leader.election.enable"));
        this.state = new ControllerState(won.epoch(), unclean);
        this.orders = env.orders().open(won.epoch());
        this.commands = new CommandQueue(failed);
    }

    ControllerEnvironment env() {
        return env;
    }

    ControllerSettings settings() {
        return env.settings();
    }

    ControllerState state() {
        return state;
    }

    FencedStore store() {
        return store;
    }

    BrokerOrders orders() {
        return orders;
    }

    /** Has a command performed when its turn comes. */
    void submit(Command command) {
        commands.add(command);
    }

    /**
     * Has a command performed that somebody waits for.
     *
     * @param work completes the answer, then or later, and its stage when the next command may begin
     */
    <T> CompletionStage<T> request(Function<CompletableFuture<T>, CompletionStage<Void>> work) {
        CompletableFuture<T> answer = await();
        if (!answer.isDone()) {
            submit(new Request<>(answer, work));
        }
        return answer;
    }

    /** {@return something that somebody waits for: whatever happens, it is completed at the latest when the office ends} */
    <T> CompletableFuture<T> await() {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (closed) {
            answer.completeExceptionally(over());
        } else if (waiting.size() >= MOST_WAITING) {
            answer.completeExceptionally(
                    new ApiException(ErrorCode.REQUEST_TIMED_OUT, "The controller has too much to do"));
        } else {
            waiting.add(answer);
            answer.whenComplete((value, error) -> waiting.remove(answer));
        }
        return answer;
    }

    /**
     * Watches a node, whose changes make for a command.
     *
     * @return for {@link #unwatch}; the end of the office ends it as well
     */
    AutoCloseable watch(String path, Runnable changed) {
        AutoCloseable watch = store.reads().watch(path, changed);
        watches.add(watch);
        return watch;
    }

    /** Ends a watch before the office does. */
    void unwatch(AutoCloseable watch) {
        if (watches.remove(watch)) {
            close(watch);
        }
    }

    /** Has something run after a while, if the office lasts. */
    void later(long delayMs, Runnable task) {
        EventLoop.Timeout[] timer = new EventLoop.Timeout[1];
        timer[0] = env.loop().schedule(delayMs, () -> {
            timers.remove(timer[0]);
            task.run();
        });
        timers.add(timer[0]);
        if (closed) {
            timer[0].cancel();
        }
    }

    /**
     * Writes partitions' next states and takes them over. If they are many, that takes several writes: each of them leaves
     * every partition as it was or as it is to be.
     */
    CompletionStage<Void> write(SortedMap<TopicPartition, PartitionStateNode> next) {
        return env.guests().meters().kept()
                ? new ElectionMeters(env.guests()).measured(state, next, () -> writeParts(next))
                : writeParts(next);
    }

    private CompletionStage<Void> writeParts(SortedMap<TopicPartition, PartitionStateNode> next) {
        String ledAnew = LOG.isInfoEnabled() ? LedAnew.describe(state, next) : null;
        if (ledAnew != null) {
            LOG.info(ledAnew);
        }
        List<List<Operation>> units = new ArrayList<>(next.size());
        next.forEach((id, to) -> units.add(List.of(new Operation.Set(
                ClusterPaths.partitionState(id.topic(), id.partition()),
                to.encode(),
                state.assigned(id).stateVersion()))));
        CompletionStage<Void> done = CompletableFuture.completedStage(null);
        Iterator<Map.Entry<TopicPartition, PartitionStateNode>> entries =
                next.entrySet().iterator();
        for (List<Operation> part : FencedStore.parts(units)) {
            SortedMap<TopicPartition, PartitionStateNode> states = new TreeMap<>();
            for (int i = 0; i < part.size(); i++) {
                Map.Entry<TopicPartition, PartitionStateNode> entry = entries.next();
                states.put(entry.getKey(), entry.getValue());
            }
            done = done.thenCompose(before -> store.multi(part)).thenAccept(written -> state.changed(states));
        }
        return done;
    }

    /** Ends the office. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        orders.close();
        watches.forEach(Office::close);
        timers.forEach(EventLoop.Timeout::cancel);
        commands.close(over());
        for (CompletableFuture<?> answer : List.copyOf(waiting)) {
            answer.completeExceptionally(over());
        }
    }

    private ApiException over() {
        return new ApiException(
                ErrorCode.NOT_CONTROLLER, "Broker " + settings().brokerId() + " is not the controller any more");
    }

    private static void close(AutoCloseable watch) {
        try {
            watch.close();
        } catch (Exception e) {
            LOG.warn("A watch could not be closed", e);
        }
    }
}
