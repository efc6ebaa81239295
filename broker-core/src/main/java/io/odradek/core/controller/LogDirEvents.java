package io.odradek.core.controller;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.node.LogDirEventNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The news that log folders have failed, from their brokers to the controller, as Kafka has it (KIP-112): a broker leaves a
 * node, the controller takes it away and tells that broker of all of its replicas again, whose answer says which of them it
 * cannot serve.
 */
public final class LogDirEvents {
    private static final String NODE = ClusterPaths.LOG_DIR_EVENTS + "/log_dir_event_";

    private LogDirEvents() {}

    /** Tells the controller that a broker cannot serve all of its replicas any more. */
    public static CompletionStage<Void> announce(CoordinationStore store, int brokerId) {
        return store.create(NODE, new LogDirEventNode(brokerId).encode(), CreateMode.PERSISTENT_SEQUENTIAL)
                .thenAccept(path -> {});
    }

    /** Takes the news away. {@return the brokers it came from} */
    static CompletionStage<SortedSet<Integer>> take(FencedStore store) {
        return store.reads().children(ClusterPaths.LOG_DIR_EVENTS).thenCompose(names -> {
            SortedSet<Integer> brokers = new TreeSet<>();
            if (names.isEmpty()) {
                return CompletableFuture.completedStage(brokers);
            }
            List<CompletionStage<Void>> reads = new ArrayList<>();
            List<String> paths = new ArrayList<>();
            for (String name : names) {
                String path = ClusterPaths.LOG_DIR_EVENTS + "/" + name;
                reads.add(FencedStore.optional(store.reads().get(path)).thenAccept(node -> {
                    try {
                        if (node != null) {
                            brokers.add(LogDirEventNode.decode(node.data()).brokerId());
                        }
                    } catch (IllegalArgumentException e) {
                        store.leaveOut(path, e);
                    }
                }));
                paths.add(path);
            }
            return Stages.all(reads)
                    .thenCompose(done -> store.deleteIfThere(paths))
                    .thenApply(done -> brokers);
        });
    }
}
