package io.odradek.core.controller;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The commands of an office, one after the other; belongs to the controller's loop.
 *
 * <pre>
 *   idle ── a command ──▶ busy ── done, another waits ──▶ busy
 *    ▲                     │ └──── done ────▶ idle
 *    │                     └── failed, or the office is over ──▶ closed: all are abandoned
 * </pre>
 */
final class CommandQueue {
    private final Deque<Command> waiting = new ArrayDeque<>();
    private final Consumer<Throwable> failure;
    private Command current;
    private RuntimeException closed;
    private boolean starting;

    /** @param failure is told when a command fails; it closes the queue */
    CommandQueue(Consumer<Throwable> failure) {
        this.failure = failure;
    }

    /** Adds a command. */
    void add(Command command) {
        if (closed != null) {
            command.abandoned(closed);
            return;
        }
        waiting.add(command);
        next();
    }

    /** Abandons what is under way and what waits. */
    void close(RuntimeException cause) {
        if (closed != null) {
            return;
        }
        closed = cause;
        if (current != null) {
            current.abandoned(cause);
        }
        while (!waiting.isEmpty()) {
            waiting.remove().abandoned(cause);
        }
    }

    /** Commands may be done as soon as they are begun: they are begun in a loop, not by each other. */
    private void next() {
        if (starting) {
            return;
        }
        starting = true;
        while (current == null && closed == null && !waiting.isEmpty()) {
            Command command = waiting.remove();
            while (!waiting.isEmpty() && command.absorb(waiting.peek())) {
                waiting.remove();
            }
            current = command;
            begin(command).whenComplete((done, error) -> ended(command, error));
        }
        starting = false;
    }

    private static CompletionStage<Void> begin(Command command) {
        try {
            return command.perform();
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private void ended(Command command, Throwable error) {
        if (closed != null || current != command) {
            return;
        }
        current = null;
        if (error == null) {
            next();
        } else {
            command.abandoned(new IllegalStateException("The command has failed", Stages.cause(error)));
            failure.accept(Stages.cause(error));
        }
    }
}
