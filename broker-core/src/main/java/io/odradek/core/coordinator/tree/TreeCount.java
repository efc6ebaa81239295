package io.odradek.core.coordinator.tree;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.ConsumerPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** One walk through what is below {@link ConsumerPaths#CONSUMERS}, some nodes at a time. Belongs to the cluster loop. */
final class TreeCount {
    private static final int MOST_AT_ONCE = 100;

    private final CoordinationStore store;
    private final long mostBytes;
    private final Deque<String> positions = new ArrayDeque<>();
    private long bytes;

    /** @param mostBytes with how many bytes the walk is over */
    TreeCount(CoordinationStore store, long mostBytes) {
        this.store = store;
        this.mostBytes = mostBytes;
    }

    /** {@return about what the nodes take that were met and left} */
    long bytes() {
        return bytes;
    }

    /** Meets nodes. */
    CompletionStage<Void> walk() {
        Deque<String> folders = new ArrayDeque<>(List.of(ConsumerPaths.CONSUMERS));
        return inPortions(
                folders,
                folder -> unlessGone(store.children(folder)
                        .thenAccept(names -> names.forEach(name -> meet(folder + "/" + name, folders)))));
    }

    private void meet(String path, Deque<String> folders) {
        if (bytes > mostBytes) {
            folders.clear();
            return;
        }
        bytes += TreeRoom.sizeBytes(path);
        folders.add(path);
        if (ConsumerPaths.topicOf(path) != null) {
            positions.add(path);
        }
    }

    /** Deletes positions in topics that there are not, of those that were met. */
    CompletionStage<Void> sweep() {
        return store.children(ClusterPaths.TOPICS).thenCompose(names -> {
            Set<String> topics = new HashSet<>(names);
            positions.removeIf(path -> topics.contains(ConsumerPaths.topicOf(path)));
            return inPortions(positions, path -> unlessGone(delete(path)));
        });
    }

    /** Deletes a node, and those above it that have none below them any more. */
    private CompletionStage<Void> delete(String path) {
        return path.equals(ConsumerPaths.CONSUMERS)
                ? CompletableFuture.completedStage(null)
                : store.delete(path, CoordinationStore.ANY_VERSION).thenCompose(deleted -> {
                    bytes -= TreeRoom.sizeBytes(path);
                    return delete(path.substring(0, path.lastIndexOf('/')));
                });
    }

    /** Others write there, too. */
    private static CompletionStage<Void> unlessGone(CompletionStage<Void> task) {
        return task.exceptionallyCompose(error ->
                CoordinationException.is(error, Reason.NO_NODE) || CoordinationException.is(error, Reason.NOT_EMPTY)
                        ? CompletableFuture.completedStage(null)
                        : CompletableFuture.failedStage(error));
    }

    private static CompletionStage<Void> inPortions(Deque<String> all, Function<String, CompletionStage<Void>> task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        portion(all, task, done);
        return done;
    }

    private static void portion(
            Deque<String> all, Function<String, CompletionStage<Void>> task, CompletableFuture<Void> done) {
        List<CompletableFuture<Void>> begun = new ArrayList<>();
        while (!all.isEmpty() && begun.size() < MOST_AT_ONCE) {
            begun.add(task.apply(all.poll()).toCompletableFuture());
        }
        if (begun.isEmpty()) {
            done.complete(null);
            return;
        }
        CompletableFuture.allOf(begun.toArray(CompletableFuture<?>[]::new)).whenComplete((ended, error) -> {
            if (error == null) {
                portion(all, task, done);
            } else {
                done.completeExceptionally(error);
            }
        });
    }
}
