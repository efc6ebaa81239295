package io.odradek.core.controller;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.node.ProducerIdBlockNode;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Gives out producer ids that no other broker of the cluster gives out, now or after a restart: a block of them is claimed
 * in the tree before the first one of it is used. What is left of a block when the broker stops is never used.
 */
public final class ProducerIds {
    private final CoordinationStore store;
    private final EventLoop loop;
    private final int brokerId;
    private final Deque<CompletableFuture<Long>> waiting = new ArrayDeque<>();
    private long nextId;
    private long lastId = -1;
    private boolean claiming;

    /**
     * @param store this broker's session, opened with the loop
     * @param loop where the state of this object lives
     * @param brokerId who claims
     */
    public ProducerIds(CoordinationStore store, EventLoop loop, int brokerId) {
        this.store = store;
        this.loop = loop;
        this.brokerId = brokerId;
    }

    /** {@return on the loop: a producer id never given out before, or the failure of the claim; may be called from any thread} */
    public CompletionStage<Long> next() {
        CompletableFuture<Long> id = new CompletableFuture<>();
        loop.post(() -> {
            waiting.add(id);
            serve();
        });
        return id;
    }

    private void serve() {
        while (!waiting.isEmpty() && nextId <= lastId) {
            waiting.remove().complete(nextId++);
        }
        if (!waiting.isEmpty() && !claiming) {
            claiming = true;
            claim();
        }
    }

    private void claim() {
        store.get(ClusterPaths.PRODUCER_ID_BLOCK)
                .thenCompose(node -> {
                    ProducerIdBlockNode block = ProducerIdBlockNode.next(node.data(), brokerId);
                    return store.set(ClusterPaths.PRODUCER_ID_BLOCK, block.encode(), node.version())
                            .thenApply(version -> block);
                })
                .whenComplete((block, error) -> {
                    if (CoordinationException.is(error, Reason.BAD_VERSION)) {
                        claim();
                        return;
                    }
                    claiming = false;
                    if (error == null) {
                        nextId = block.firstId();
                        lastId = block.lastId();
                        serve();
                    } else {
                        failAll(Stages.cause(error));
                    }
                });
    }

    private void failAll(Throwable error) {
        while (!waiting.isEmpty()) {
            waiting.remove().completeExceptionally(error);
        }
    }
}
