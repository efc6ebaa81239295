package io.odradek.core.config.dynamic;

import io.odradek.core.cluster.TermListener;
import io.odradek.core.coordination.ChangeNotices;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.node.ConfigChangeNode;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the notices under {@code /config/changes}, whoever has written them, and brings the changes of topics, of clients and
 * of this broker into effect. Every broker does. Belongs to one loop.
 */
public final class ConfigChangeWatcher implements TermListener, ChangeNotices.Reader {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigChangeWatcher.class);

    private final CoordinationStore store;
    private final TopicConfigEffect effect;
    private final LiveBrokerConfig broker;
    private final Supplier<ClientConfigs> clients;
    private final ChangeNotices notices;
    private boolean clientsRead;
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
        this.effect = effect;
        this.broker = broker;
        this.clients = clients;
        this.notices = new ChangeNotices(
                store, loop, clock, ClusterPaths.CONFIG_CHANGES, ClusterPaths.CONFIG_CHANGE_PREFIX, this);
    }

    /** Begins to watch. {@return completes when the changes that are there are in effect, or will be tried again} */
    @Override
    public CompletionStage<Void> termBegan(CoordinationSession session, long brokerEpoch) {
        clientsRead = false;
        return notices.begin(session).handle((done, triedAgain) -> null);
    }

    @Override
    public CompletionStage<Void> termEnded() {
        notices.missSome();
        return CompletableFuture.completedStage(null);
    }

    /** What is set for topics and brokers has been read before they began; what is set for clients has not. */
    @Override
    public CompletionStage<Void> read(List<byte[]> some) {
        if (some.isEmpty()) {
            return clientsRead ? CompletableFuture.completedStage(null) : allClients();
        }
        Changed changed = new Changed(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        for (byte[] notice : some) {
            note(notice, changed);
        }
        CompletionStage<Void> applied = apply(changed);
        return clientsRead ? applied : applied.thenCompose(done -> allClients());
    }

    @Override
    public CompletionStage<Void> readAll() {
        return store.children(ClusterPaths.TOPIC_CONFIGS)
                .thenCompose(this::apply)
                .thenCompose(done -> broker.changed())
                .thenCompose(done -> allClients());
    }

    private CompletionStage<Void> allClients() {
        CompletionStage<Boolean> any = CompletableFuture.completedStage(clientsKnown);
        for (String parent : ClusterPaths.CLIENT_CONFIGS) {
            any = any.thenCombine(store.children(parent), (before, names) -> before || !names.isEmpty());
        }
        return any.thenCompose(some -> {
            clientsRead = true;
            return some ? clients().readAll() : CompletableFuture.completedStage(null);
        });
    }

    private ClientConfigs clients() {
        clientsKnown = true;
        return clients.get();
    }

    /** Whose settings have changed. */
    private record Changed(SortedSet<String> topics, SortedSet<String> brokers, SortedSet<String> clients) {}

    private static void note(byte[] data, Changed changed) {
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
            LOG.warn("A notice of a change of settings cannot be read: {}", e.getMessage());
        }
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
}
