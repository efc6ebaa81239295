package io.odradek.core.controller;

import io.odradek.protocol.errors.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Has topics created by another as long as few creations are awaited. Who asks for a topic gives up after a while, but what
 * was begun for it stays until the creation ends, which on a full disk may be never: beyond the bound LEADER_NOT_AVAILABLE
 * is answered at once, which clients retry. Thread-safe.
 */
public final class FewAwaitedCreations implements TopicCreator {
    /** Far more than clients ask for at a time; a few megabytes. */
    public static final int MOST = 10_000;

    private final TopicCreator creator;
    private final int most;
    private final AtomicInteger awaited = new AtomicInteger();

    /**
     * @param creator creates the topics
     * @param most how many creations may be awaited, those of one topic counted one by one
     */
    public FewAwaitedCreations(TopicCreator creator, int most) {
        this.creator = creator;
        this.most = most;
    }

    @Override
    public CompletionStage<ErrorCode> create(String topic) {
        if (awaited.incrementAndGet() > most) {
            awaited.decrementAndGet();
            return CompletableFuture.completedStage(ErrorCode.LEADER_NOT_AVAILABLE);
        }
        CompletionStage<ErrorCode> creation;
        try {
            creation = creator.create(topic);
        } catch (RuntimeException | Error failure) {
            awaited.decrementAndGet();
            throw failure;
        }
        return creation.whenComplete((outcome, failure) -> awaited.decrementAndGet());
    }

    @Override
    public int partitionsOf(String topic) {
        return creator.partitionsOf(topic);
    }
}
