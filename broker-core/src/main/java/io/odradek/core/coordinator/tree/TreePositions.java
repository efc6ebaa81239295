package io.odradek.core.coordinator.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.coordination.ConsumerPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The positions that groups have in the cluster's tree, where Apache Kafka 3.9's ZooKeeper mode keeps those of version 0 of
 * OffsetCommit: a node for each, with the offset as decimal text. Nobody coordinates them, every broker writes and reads them,
 * and they outlive their topics. A group's are written in the order in which that is asked for here.
 *
 * <p>Methods are for any thread; state belongs to the cluster loop. Groups are such as {@link ConsumerPaths#canHold} allows.
 */
public final class TreePositions {
    private static final byte[] NO_DATA = {};

    private final CoordinationStore store;
    private final EventLoop loop;
    private final TreeRoom room;
    private final long maxAskedBytes;
    /** The last of each group's writes that are not over. */
    private final Map<String, CompletionStage<Void>> turns = new HashMap<>();

    private long askedBytes;

    /**
     * A position, or why it is not known.
     *
     * @param offset -1 where there is none
     * @param error UNKNOWN_TOPIC_OR_PARTITION where there is none, UNKNOWN_SERVER_ERROR where it is no number,
     *     COORDINATOR_NOT_AVAILABLE where the tree cannot be read
     */
    public record Position(long offset, ErrorCode error) {
        /** There is none. */
        public static final Position NONE = new Position(-1, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);

        private static Position of(byte[] data) {
            if (data.length == 0) {
                return NONE;
            }
            try {
                return new Position(Long.parseLong(new String(data, UTF_8)), ErrorCode.NONE);
            } catch (NumberFormatException somebodyElses) {
                return new Position(-1, ErrorCode.UNKNOWN_SERVER_ERROR);
            }
        }
    }

    /**
     * @param store this broker's session with the tree
     * @param loop the loop that it was opened with
     * @param maxBytes how much all positions may take ({@code odradek.tree.positions.max.bytes}); what is asked for and not
     *     answered may take as much again
     */
    public TreePositions(CoordinationStore store, EventLoop loop, Clock clock, long maxBytes) {
        this.store = store;
        this.loop = loop;
        this.room = new TreeRoom(store, clock, maxBytes);
        this.maxAskedBytes = maxBytes;
    }

    /**
     * Writes positions of a group.
     *
     * @return what became of each: NONE; POLICY_VIOLATION where there is no room for one that is new; COORDINATOR_NOT_AVAILABLE
     *     while the tree cannot be written, or too much waits to be; UNKNOWN_SERVER_ERROR
     */
    public CompletionStage<Map<TopicPartition, ErrorCode>> write(String groupId, Map<TopicPartition, Long> positions) {
        Map<TopicPartition, ErrorCode> outcomes = new HashMap<>();
        return asked(groupId, positions.keySet(), () -> inTurn(groupId, () -> set(groupId, positions, outcomes)))
                .handle((done, error) -> {
                    positions.keySet().forEach(id -> outcomes.putIfAbsent(id, code(error)));
                    return outcomes;
                });
    }

    /** Reads positions of a group. {@return each of them} */
    public CompletionStage<Map<TopicPartition, Position>> read(String groupId, Collection<TopicPartition> ids) {
        Map<TopicPartition, Position> found = new HashMap<>();
        return asked(
                        groupId,
                        ids,
                        () -> all(
                                ids,
                                id -> store.get(path(groupId, id))
                                        .handle((node, error) -> found.put(
                                                id, error == null ? Position.of(node.data()) : unread(error)))))
                .handle((done, error) -> {
                    ids.forEach(id -> found.computeIfAbsent(id, any -> unread(error)));
                    return found;
                });
    }

    private static Position unread(Throwable error) {
        return CoordinationException.is(error, Reason.NO_NODE) ? Position.NONE : new Position(-1, code(error));
    }

    /** The tree may be away for long: what waits for it is bounded. */
    private CompletionStage<Void> asked(
            String groupId, Collection<TopicPartition> ids, Supplier<CompletionStage<Void>> task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        long bytes = 0;
        for (TopicPartition id : ids) {
            bytes += TreeRoom.sizeBytes(path(groupId, id));
        }
        long asked = bytes;
        loop.post(() -> {
            if (askedBytes > 0 && askedBytes + asked > maxAskedBytes) {
                done.completeExceptionally(new ApiException(
                        ErrorCode.COORDINATOR_NOT_AVAILABLE, "Too many positions wait for the cluster's tree"));
                return;
            }
            askedBytes += asked;
            task.get().whenComplete((nothing, error) -> {
                askedBytes -= asked;
                if (error == null) {
                    done.complete(null);
                } else {
                    done.completeExceptionally(error);
                }
            });
        });
        return done;
    }

    private CompletionStage<Void> inTurn(String groupId, Supplier<CompletionStage<Void>> task) {
        CompletionStage<Void> before = turns.getOrDefault(groupId, CompletableFuture.completedStage(null));
        CompletionStage<Void> turn = before.handle((done, error) -> null).thenCompose(free -> task.get());
        turns.put(groupId, turn);
        turn.whenComplete((done, error) -> turns.remove(groupId, turn));
        return turn;
    }

    /** Sets those that there are, and creates the others. */
    private CompletionStage<Void> set(
            String groupId, Map<TopicPartition, Long> positions, Map<TopicPartition, ErrorCode> outcomes) {
        Map<String, List<TopicPartition>> missing = new HashMap<>();
        return all(
                        positions.keySet(),
                        id -> store.set(path(groupId, id), data(positions.get(id)), CoordinationStore.ANY_VERSION)
                                .handle((version, error) -> {
                                    if (CoordinationException.is(error, Reason.NO_NODE)) {
                                        missing.computeIfAbsent(id.topic(), any -> new ArrayList<>())
                                                .add(id);
                                    } else {
                                        outcomes.put(id, code(error));
                                    }
                                    return null;
                                }))
                .thenCompose(done -> all(missing.keySet(), topic -> {
                    List<TopicPartition> some = missing.get(topic);
                    return new Creation(groupId, topic, some)
                            .run(id -> data(positions.get(id)), outcomes)
                            .exceptionally(error -> {
                                some.forEach(id -> outcomes.putIfAbsent(id, code(error)));
                                return null;
                            });
                }));
    }

    /** Positions in a topic that are to be created, with the folders that they are in where these are missing. */
    private final class Creation {
        private final String groupId;
        private final List<TopicPartition> ids;
        private final String folder;
        private final List<String> folders = new ArrayList<>();
        private long createdBytes;

        Creation(String groupId, String topic, List<TopicPartition> ids) {
            this.groupId = groupId;
            this.ids = ids;
            this.folder = ConsumerPaths.topic(groupId, topic);
        }

        CompletionStage<Void> run(Function<TopicPartition, byte[]> data, Map<TopicPartition, ErrorCode> outcomes) {
            return store.get(folder)
                    .thenAccept(there -> {})
                    .exceptionallyCompose(error -> {
                        if (!CoordinationException.is(error, Reason.NO_NODE)) {
                            return CompletableFuture.failedStage(error);
                        }
                        for (int end = folder.indexOf('/', 1); end > 0; end = folder.indexOf('/', end + 1)) {
                            folders.add(folder.substring(0, end));
                        }
                        folders.add(folder);
                        return CompletableFuture.completedStage(null);
                    })
                    .thenCompose(known -> create(data, outcomes));
        }

        private CompletionStage<Void> create(
                Function<TopicPartition, byte[]> data, Map<TopicPartition, ErrorCode> outcomes) {
            long bytes = folders.stream().mapToLong(TreeRoom::sizeBytes).sum()
                    + ids.stream()
                            .mapToLong(id -> TreeRoom.sizeBytes(path(groupId, id)))
                            .sum();
            return room.take(bytes)
                    .thenCompose(taken -> makeFolders()
                            .thenCompose(made -> all(
                                    ids,
                                    id -> create(path(groupId, id), data.apply(id))
                                            .handle((created, error) -> outcomes.put(id, code(error)))))
                            .whenComplete((done, error) -> room.giveBack(bytes - createdBytes)));
        }

        private CompletionStage<Void> makeFolders() {
            CompletionStage<Void> made = CompletableFuture.completedStage(null);
            for (String folder : folders) {
                made = made.thenCompose(before -> unlessThere(add(folder, NO_DATA), () -> null));
            }
            return made;
        }

        /** Another broker may have created it in between. */
        private CompletionStage<Void> create(String path, byte[] data) {
            return unlessThere(add(path, data), () -> store.set(path, data, CoordinationStore.ANY_VERSION));
        }

        private CompletionStage<Void> add(String path, byte[] data) {
            return store.create(path, data, CreateMode.PERSISTENT)
                    .thenAccept(created -> createdBytes += TreeRoom.sizeBytes(path));
        }

        private static CompletionStage<Void> unlessThere(
                CompletionStage<Void> creation, Supplier<CompletionStage<?>> otherwise) {
            return creation.exceptionallyCompose(error -> {
                if (!CoordinationException.is(error, Reason.NODE_EXISTS)) {
                    return CompletableFuture.failedStage(error);
                }
                CompletionStage<?> instead = otherwise.get();
                return instead == null ? CompletableFuture.completedStage(null) : instead.thenApply(done -> null);
            });
        }
    }

    private static <T> CompletionStage<Void> all(Collection<T> some, Function<T, CompletionStage<?>> task) {
        return CompletableFuture.allOf(some.stream()
                .map(one -> task.apply(one).toCompletableFuture())
                .collect(Collectors.toList())
                .toArray(CompletableFuture<?>[]::new));
    }

    private static String path(String groupId, TopicPartition id) {
        return ConsumerPaths.position(groupId, id.topic(), id.partition());
    }

    private static byte[] data(long offset) {
        return Long.toString(offset).getBytes(UTF_8);
    }

    private static ErrorCode code(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof CoordinationException failure) {
            return switch (failure.reason()) {
                case NO_NODE, SESSION_EXPIRED, CONNECTION_LOSS, STORAGE_FAILURE -> ErrorCode.COORDINATOR_NOT_AVAILABLE;
                default -> ErrorCode.UNKNOWN_SERVER_ERROR;
            };
        }
        if (cause instanceof ApiException refusal) {
            return refusal.error();
        }
        return cause == null ? ErrorCode.NONE : ErrorCode.UNKNOWN_SERVER_ERROR;
    }
}
