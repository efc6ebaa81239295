package io.odradek.core.config.dynamic;

import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the tree sets for users, client ids and addresses, under {@code /config/users}, {@code /config/clients} and {@code
 * /config/ips}, as Apache Kafka keeps it: credentials of SCRAM and quotas. It has all of it in memory, and tells whoever
 * registered of each change, whichever broker or tool has made it. Reading is for any thread, the rest for the cluster loop.
 */
public final class ClientConfigs {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConfigs.class);
    private static final String CONFIG = "/config/";
    private static final List<String> KINDS = List.of(ClientEntity.USERS, ClientEntity.CLIENTS, ClientEntity.IPS);

    private final CoordinationStore store;
    private final EntityWriter writer;
    private final SortedMap<ClientEntity, SortedMap<String, String>> known = new ConcurrentSkipListMap<>();
    private final List<Room> rooms = new ArrayList<>();

    /** Holds something that is made of settings of clients. */
    public interface Room {
        /**
         * Takes over what is set now. On the cluster loop.
         *
         * @param settings all of them, empty if there are none any more
         */
        void changed(ClientEntity entity, SortedMap<String, String> settings);
    }

    /**
     * @param store this broker's session with the tree
     * @param loop the loop that it was opened with
     */
    public ClientConfigs(CoordinationStore store, EventLoop loop) {
        this.store = store;
        this.writer = new EntityWriter(store, loop);
    }

    /** {@return whether a node below {@code /config} is of this kind} */
    static boolean concerns(String path) {
        return ClientEntity.of(path) != null;
    }

    /** Has a room told of what is known, and of changes from now on. */
    public void tell(Room room) {
        rooms.add(room);
        known.forEach(room::changed);
    }

    /** {@return what is set for each that has anything set; a view, which any thread may read} */
    public SortedMap<ClientEntity, SortedMap<String, String>> all() {
        return Collections.unmodifiableSortedMap(known);
    }

    /** {@return what is set for one, empty for nothing; from any thread} */
    public SortedMap<String, String> of(ClientEntity entity) {
        return known.getOrDefault(entity, Collections.emptySortedMap());
    }

    /** Reads everything again. {@return completes when all rooms know} */
    CompletionStage<Void> readAll() {
        SortedSet<ClientEntity> found = Collections.synchronizedSortedSet(new TreeSet<>());
        CompletionStage<Void> read = CompletableFuture.completedStage(null);
        for (String kind : KINDS) {
            read = read.thenCombine(readBelow(kind, found), (before, done) -> null);
        }
        return read.thenAccept(done -> {
            for (ClientEntity gone : List.copyOf(known.keySet())) {
                if (!found.contains(gone)) {
                    take(gone, Collections.emptySortedMap());
                }
            }
        });
    }

    private CompletionStage<Void> readBelow(String parent, SortedSet<ClientEntity> found) {
        return children(store, parent).thenCompose(names -> {
            CompletionStage<Void> read = CompletableFuture.completedStage(null);
            for (String name : names) {
                String path = parent + "/" + name;
                ClientEntity entity = ClientEntity.of(path);
                if (entity == null) {
                    continue;
                }
                found.add(entity);
                read = read.thenCombine(changed(path), (before, done) -> null);
                if (parent.equals(ClientEntity.USERS)) {
                    read = read.thenCombine(
                            readBelow(path + "/" + ClientEntity.CLIENTS, found), (before, done) -> null);
                }
            }
            return read;
        });
    }

    /** Reads again what is set for one. {@return completes when all rooms know} */
    CompletionStage<Void> changed(String path) {
        ClientEntity entity = ClientEntity.of(path);
        return store.get(CONFIG + path)
                .thenApply(CoordinationStore.Node::data)
                .exceptionallyCompose(error -> otherwise(error, new byte[0]))
                .thenAccept(data -> take(entity, decode(path, data)));
    }

    private void take(ClientEntity entity, SortedMap<String, String> settings) {
        SortedMap<String, String> before = settings.isEmpty() ? known.remove(entity) : known.put(entity, settings);
        if (!settings.equals(before == null ? Map.of() : before)) {
            for (Room room : rooms) {
                room.changed(entity, settings);
            }
        }
    }

    /**
     * Changes settings, all or nothing. May be called from any thread.
     *
     * @param next makes the next settings of those that are stored; may throw an {@link
     *     io.odradek.protocol.errors.ApiException}, which the change is refused with
     * @param validateOnly whether nothing is to be stored
     * @return completes on the loop when the change is stored and known here; fails with an {@code ApiException}: that of
     *     {@code next}, POLICY_VIOLATION if it is too large to be stored, REQUEST_TIMED_OUT, KAFKA_STORAGE_ERROR
     */
    public CompletionStage<Void> alter(
            ClientEntity entity,
            Function<SortedMap<String, String>, SortedMap<String, String>> next,
            boolean validateOnly) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        writer.loop()
                .post(() -> alterNow(entity, next, validateOnly).whenComplete((done, error) -> {
                    if (error == null) {
                        result.complete(null);
                    } else {
                        boolean wrapped = error instanceof CompletionException && error.getCause() != null;
                        result.completeExceptionally(wrapped ? error.getCause() : error);
                    }
                }));
        return result;
    }

    private CompletionStage<Void> alterNow(
            ClientEntity entity,
            Function<SortedMap<String, String>, SortedMap<String, String>> next,
            boolean validateOnly) {
        String path = entity.path();
        return children(store, path)
                // Where that fails, the write does, and has words for it.
                .exceptionally(failed -> List.of())
                .thenCompose(below -> {
                    EntityWriter.Change change = new EntityWriter.Change(
                            path,
                            List.of(),
                            null,
                            data -> next.apply(decode(path, data)),
                            () -> changed(path),
                            below.isEmpty(),
                            // What is refused leaves nothing in the tree. Others may take away what is above it in
                            // between.
                            () -> validateOnly ? CompletableFuture.completedStage(null) : parents(path));
                    return writer.alter(change, validateOnly)
                            .thenCompose(done -> validateOnly ? CompletableFuture.completedStage(null) : tidy(entity));
                });
    }

    /** As Kafka does, takes away what is above the node of a user's client id, where that was the last one. */
    private CompletionStage<Void> tidy(ClientEntity entity) {
        if (entity.user() == null || entity.clientId() == null || !of(entity).isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        String user = CONFIG + ClientEntity.ofUser(entity.user()).path();
        return store.delete(user + "/" + ClientEntity.CLIENTS, CoordinationStore.ANY_VERSION)
                .thenCompose(deleted -> store.get(user))
                .thenCompose(node -> decode(user, node.data()).isEmpty()
                        ? store.delete(user, node.version())
                        : CompletableFuture.completedStage(null))
                // There are others below it, or another broker was faster.
                .exceptionally(stays -> null);
    }

    private CompletionStage<Void> parents(String path) {
        CompletionStage<Void> made = CompletableFuture.completedStage(null);
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            String parent = CONFIG + path.substring(0, slash);
            made = made.thenCompose(before ->
                    store.create(parent, new byte[0], CreateMode.PERSISTENT).handle((created, there) -> null));
        }
        return made;
    }

    private static CompletionStage<List<String>> children(CoordinationStore store, String parent) {
        return store.children(CONFIG + parent).exceptionallyCompose(error -> otherwise(error, List.of()));
    }

    private static <T> CompletionStage<T> otherwise(Throwable error, T missing) {
        return CoordinationException.is(error, Reason.NO_NODE)
                ? CompletableFuture.completedStage(missing)
                : CompletableFuture.failedStage(error);
    }

    private static SortedMap<String, String> decode(String path, byte[] data) {
        try {
            return UsableSettings.decode(data);
        } catch (IllegalArgumentException unreadable) {
            LOG.error(
                    "What the tree sets for {} (below /config) cannot be read, and is passed over until it is written anew: {}",
                    path,
                    unreadable.getMessage());
            return new TreeMap<>();
        }
    }
}
