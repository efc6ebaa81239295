package io.odradek.core.controller;

import java.util.concurrent.CompletionStage;

/**
 * Something that an elected controller does: it reads what it needs, decides by a pure function, writes, takes over what was
 * written, and gives orders to brokers without waiting for them. No other command comes in between.
 */
interface Command {
    /**
     * Does it, on the controller's loop.
     *
     * @return completes there when the next one may begin; it waits for the tree only, whose calls end at the latest with the
     *     session. If it fails, the office ends: what is in the tree is not known any more
     */
    CompletionStage<Void> perform();

    /** The office is over; it will not be performed, or not to its end. */
    default void abandoned(RuntimeException cause) {}

    /** {@return whether this one, which is about to be performed, does also what the next one would} */
    default boolean absorb(Command next) {
        return false;
    }
}
