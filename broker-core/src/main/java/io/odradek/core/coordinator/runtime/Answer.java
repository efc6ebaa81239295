package io.odradek.core.coordinator.runtime;

import java.util.function.Consumer;

/**
 * The way back of one request whose work may fail half-way: by then it may have answered, or have left the answer waiting
 * somewhere. Answered once; what comes after a refusal is dropped. Lives on its shard's loop.
 *
 * @param <R> the response
 */
public final class Answer<R> implements Consumer<R> {
    private final Consumer<R> reply;
    private boolean given;
    private boolean refused;

    /** @param reply takes the answer */
    public Answer(Consumer<R> reply) {
        this.reply = reply;
    }

    @Override
    public void accept(R response) {
        if (!refused) {
            reply.accept(response);
            given = true;
        }
    }

    /** The work has failed, or never began: answers, unless that is done. */
    public void refuse(R response) {
        if (!given && !refused) {
            refused = true;
            reply.accept(response);
        }
    }
}
