package io.odradek.core.transport;

import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.errors.ErrorCode;
import java.util.function.Consumer;

/**
 * A decoded request's way back. Exactly one of {@link #respond}, {@link #respondNothing}, {@link #fail} and
 * {@link #closeConnection} is called, once, from any thread; the transport puts responses into the order of the requests. A
 * second call is a broken invariant and throws {@link IllegalStateException}.
 *
 * <p>A request is <em>in work</em> or it <em>waits</em>, never both. It is in work while it is handed to its handler, and
 * while parts of it stand in an owner's queue or run there ({@link #workBegins}, {@link #workEnds}). While it is in work it
 * counts against {@code queued.max.requests} and keeps the transport's buffer; when the last stretch of work has ended
 * without an answer it waits, and holds neither: those who wait never hold up those they wait for.
 *
 * <p>The record data of a Produce request are slices of the transport's buffer: they may be touched while the request is in
 * work, and not after it was answered. All other fields are copies and stay valid.
 */
public interface RequestContext {
    /** {@return the request's header} */
    RequestHeader header();

    /** {@return the connection it came over} */
    ConnectionContext connection();

    /** {@return how long the request is as it came over the wire; 0 if nobody knows} */
    default int sizeBytes() {
        return 0;
    }

    /** Answers. The response is encoded in the request's version, on the calling thread. */
    void respond(ApiResponse response);

    /** Completes a request that has no response (a Produce with acks=0). */
    void respondNothing();

    /**
     * Answers with an error in the shape that the request's API has for it, in each place that carries one.
     *
     * @param message for clients whose version carries one; null for none
     */
    void fail(ErrorCode error, String message);

    /** Closes the connection instead of answering; requests in flight on it are dropped. One line is logged. */
    void closeConnection(String reason);

    /**
     * Says that stretches of work will follow, each ended by {@link #workEnds}. Called while the request is in work; after it has
     * waited, for what is done before its answer, and without what it held before.
     */
    void workBegins(int stretches);

    /** A stretch of work begins, after it may have stood in a queue: for who measures that. */
    default void begins() {}

    /** A stretch of work that has {@link #begins begun} is over, on its thread: for who measures that. */
    default void ends() {}

    /** {@return a task that is a stretch of the request's work, wherever it runs} */
    default <T> Consumer<T> stretch(Consumer<T> task) {
        if (charge() == null) {
            return task;
        }
        return given -> {
            begins();
            try {
                task.accept(given);
            } finally {
                ends();
            }
        };
    }

    /** {@return what the request is charged to where its client may have so much and no more; null where nothing holds it} */
    default RequestCharge charge() {
        return null;
    }

    /** A stretch of work is over: served, failed or parked. Called after the request was answered, too. */
    void workEnds();

    /**
     * Has a task run when the client leaves before the request is answered: nobody waits for it any more. It runs once, on
     * any thread; at once if the client has left already, never once an answer has been begun. (One that is begun while the
     * task runs is dropped.) There is one such task for each request, a later one takes the place of an earlier.
     */
    void whenGone(Runnable task);

    /** {@return whether the connection is closed, so that nobody waits for the answer any more} */
    boolean isGone();
}
