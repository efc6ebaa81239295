package io.odradek.core.controller;

import io.odradek.core.coordination.node.ProducerIdBlockNode;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Gives out producer ids that no other broker of the cluster gives out, now or after a restart: a block of them is claimed
 * of the controller before the first one of it is used. What is left of a block when the broker stops is never used.
 */
public final class ProducerIds {
    private final Blocks blocks;
    private final EventLoop loop;
    private final Deque<CompletableFuture<Long>> waiting = new ArrayDeque<>();
    private long nextId;
    private long lastId = -1;
    private boolean claiming;

    /** Where blocks come from. */
    public interface Blocks {
        /** {@return a block that nobody else gets, on any thread} */
        CompletionStage<ProducerIdBlockNode> claim();
    }

    /**
     * @param blocks where blocks come from
     * @param loop where the state of this object lives
     */
    public ProducerIds(Blocks blocks, EventLoop loop) {
        this.blocks = blocks;
        this.loop = loop;
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
        blocks.claim()
                .whenComplete((block, error) -> loop.post(() -> {
                    claiming = false;
                    if (error == null) {
                        nextId = block.firstId();
                        lastId = block.lastId();
                        serve();
                    } else {
                        failAll(Stages.cause(error));
                    }
                }));
    }

    private void failAll(Throwable error) {
        while (!waiting.isEmpty()) {
            waiting.remove().completeExceptionally(error);
        }
    }
}
