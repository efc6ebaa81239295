package io.odradek.core.config.dynamic;

import io.odradek.core.cluster.TermListener;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.node.ConfigChangeNode;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.FewLines;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the notices under {@code /config/changes}, whoever has written them, and brings the changes of
 * topics, of clients and of this broker into effect.
 * Every broker does; each also removes the notices that it has seen for longer than Kafka's 15 minutes, and the oldest ones
 * where there are very many. A broker that has missed a notice, as the gap in the numbers shows, reads all of them again.
 * Belongs to one loop.
 */
public final class ConfigChangeWatcher implements TermListener {
    /** As long as Apache Kafka keeps them. */
    static final long KEPT_MS = 15 * 60 * 1000;

    /** Bounds what all brokers together leave in the tree, and what each reads with every change. */
    static final int MAX_NOTICES = 250;

    private static final long BEFORE_READING_AGAIN_MS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(ConfigChangeWatcher.class);

    private final CoordinationStore store;
    private final EventLoop loop;
    private final Clock clock;
    private final TopicConfigEffect effect;
    private final LiveBrokerConfig broker;
    private final Supplier<ClientConfigs> clients;
    private final SortedMap<Integer, Long> seenSinceMs = new TreeMap<>();
    private final FewLines lines;
    private long newest = -1;
    private boolean reading;
    private boolean changedMeanwhile;
    private boolean timerSet;
    private boolean missedSome;
    private boolean clientsKnown;

    /**
     * @param store this broker's session with the tree
     * @param loop the loop that it was opened with
     * @param clock for how long a notice has been there
     * @param effect takes over what has changed of topics
     * @param broker takes over what has changed of the broker
     * @param clients takes over what has changed of clients; asked for when anything is set for one
     */
    public ConfigChangeWatcher(
            CoordinationStore store,
            EventLoop loop,
            Clock clock,
            TopicConfigEffect effect,
            LiveBrokerConfig broker,
            Supplier<ClientConfigs> clients) {
        this.store = store;
        this.loop = loop;
        this.clock = clock;
        this.effect = effect;
        this.broker = broker;
        this.clients = clients;
        this.lines = new FewLines(LOG, clock);
    }

    /** Begins to watch. {@return completes when the changes that are there are in effect, or will be tried again} */
    @Override
    public CompletionStage<Void> termBegan(CoordinationSession session, long brokerEpoch) {
        session.watch(ClusterPaths.CONFIG_CHANGES, this::read);
        if (reading) {
            changedMeanwhile = true;
            return CompletableFuture.completedStage(null);
        }
        reading = true;
        changedMeanwhile = false;
        return pass().thenCompose(done -> allClients()).handle((done, error) -> {
            finished(error);
            return null;
        });
    }

    private CompletionStage<Void> allClients() {
        CompletionStage<Boolean> any = CompletableFuture.completedStage(clientsKnown);
        for (String parent : ClusterPaths.CLIENT_CONFIGS) {
            any = any.thenCombine(store.children(parent), (before, names) -> before || !names.isEmpty());
        }
        return any.thenCompose(some -> some ? clients().readAll() : CompletableFuture.completedStage(null));
    }

    private ClientConfigs clients() {
        clientsKnown = true;
        return clients.get();
    }

    /** Notices may come and go while nobody looks: all topics are to be read again. */
    @Override
    public CompletionStage<Void> termEnded() {
        missedSome = true;
        return CompletableFuture.completedStage(null);
    }

    private void read() {
        if (reading) {
            changedMeanwhile = true;
            return;
        }
        reading = true;
        changedMeanwhile = false;
        pass().whenComplete((done, error) -> finished(error));
    }

    private void finished(Throwable error) {
        reading = false;
        missedSome |= error != null;
        if (error != null && !CoordinationException.is(error, Reason.SESSION_EXPIRED)) {
            lines.error("Changed settings could not be read; they will be read again", error);
            loop.schedule(BEFORE_READING_AGAIN_MS, this::read);
        } else if (changedMeanwhile) {
            changedMeanwhile = false;
            read();
        }
    }

    private CompletionStage<Void> pass() {
        return store.children(ClusterPaths.CONFIG_CHANGES).thenCompose(names -> {
            SortedSet<Integer> present = numbers(names);
            List<Integer> fresh = new ArrayList<>(present.tailSet((int) (newest + 1)));
            long last = present.isEmpty() ? newest : Math.max(newest, present.last());
            boolean missed = missedSome || newest >= 0 && !fresh.isEmpty() && fresh.get(0) != newest + 1;
            missedSome = false;
            CompletionStage<Void> done = missed || fresh.size() > MAX_NOTICES ? all() : each(fresh);
            return done.thenRun(() -> {
                newest = last;
                sweep(present);
            });
        });
    }

    private static SortedSet<Integer> numbers(List<String> names) {
        SortedSet<Integer> numbers = new TreeSet<>();
        for (String name : names) {
            if (name.startsWith(ClusterPaths.CONFIG_CHANGE_PREFIX)) {
                try {
                    numbers.add(Integer.valueOf(name.substring(ClusterPaths.CONFIG_CHANGE_PREFIX.length())));
                } catch (NumberFormatException e) {
                    LOG.warn("{} below {} is no notice of a change", name, ClusterPaths.CONFIG_CHANGES);
                }
            }
        }
        return numbers;
    }

    private CompletionStage<Void> each(List<Integer> fresh) {
        Changed changed = new Changed(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        boolean[] missed = new boolean[1];
        CompletionStage<Void> read = CompletableFuture.completedStage(null);
        for (Integer number : fresh) {
            CompletionStage<Void> one = store.get(path(number))
                    .thenAccept(node -> note(number, node.data(), changed))
                    .exceptionallyCompose(error -> {
                        boolean gone = CoordinationException.is(error, Reason.NO_NODE);
                        missed[0] |= gone;
                        return gone ? CompletableFuture.completedStage(null) : CompletableFuture.failedStage(error);
                    });
            read = read.thenCombine(one, (before, done) -> null);
        }
        return read.thenCompose(done -> missed[0] ? all() : apply(changed));
    }

    /** Whose settings have changed. */
    private record Changed(SortedSet<String> topics, SortedSet<String> brokers, SortedSet<String> clients) {}

    private static void note(int number, byte[] data, Changed changed) {
        try {
            ConfigChangeNode notice = ConfigChangeNode.decode(data);
            String topic = notice.topic();
            if (topic != null && !topic.isEmpty() && topic.indexOf('/') < 0) {
                changed.topics().add(topic);
            } else if (notice.broker() != null) {
                changed.brokers().add(notice.broker());
            } else if (topic == null && ClientConfigs.concerns(notice.entityPath())) {
                changed.clients().add(notice.entityPath());
            }
        } catch (IllegalArgumentException e) {
            LOG.warn("Notice {} of a change of settings cannot be read: {}", number, e.getMessage());
        }
    }

    private CompletionStage<Void> all() {
        return store.children(ClusterPaths.TOPIC_CONFIGS)
                .thenCompose(this::apply)
                .thenCompose(done -> broker.changed())
                .thenCompose(done -> allClients());
    }

    private CompletionStage<Void> apply(Changed changed) {
        CompletionStage<Void> all = apply(changed.topics());
        for (String entity : changed.brokers()) {
            if (broker.concerns(entity)) {
                all = all.thenCombine(broker.changed(), (before, done) -> null);
                break;
            }
        }
        for (String path : changed.clients()) {
            all = all.thenCombine(clients().changed(path), (before, done) -> null);
        }
        return all;
    }

    private CompletionStage<Void> apply(Iterable<String> topics) {
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (String topic : topics) {
            all = all.thenCombine(effect.changed(topic), (before, done) -> null);
        }
        return all;
    }

    private void sweep(SortedSet<Integer> present) {
        long nowMs = clock.monotonicNs() / 1_000_000;
        seenSinceMs.keySet().retainAll(present);
        for (Integer number : present) {
            seenSinceMs.putIfAbsent(number, nowMs);
        }
        Iterator<Map.Entry<Integer, Long>> oldest = seenSinceMs.entrySet().iterator();
        int tooMany = seenSinceMs.size() - MAX_NOTICES;
        while (oldest.hasNext()) {
            Map.Entry<Integer, Long> notice = oldest.next();
            if (tooMany-- > 0 || nowMs - notice.getValue() >= KEPT_MS) {
                remove(notice.getKey());
                oldest.remove();
            }
        }
        if (!seenSinceMs.isEmpty() && !timerSet) {
            timerSet = true;
            loop.schedule(KEPT_MS, () -> {
                timerSet = false;
                read();
            });
        }
    }

    /** Another broker may have removed it first; what cannot be removed now is tried again with the next pass. */
    private void remove(int number) {
        store.delete(path(number), CoordinationStore.ANY_VERSION).whenComplete((done, error) -> {
            if (error != null && !CoordinationException.is(error, Reason.NO_NODE)) {
                LOG.debug("Notice {} of a change of settings could not be removed", number, error);
            }
        });
    }

    private static String path(int number) {
        String digits = Integer.toString(number);
        String zeros = "0000000000".substring(Math.min(10, digits.length()));
        return ClusterPaths.CONFIG_CHANGES + "/" + ClusterPaths.CONFIG_CHANGE_PREFIX + zeros + digits;
    }
}
