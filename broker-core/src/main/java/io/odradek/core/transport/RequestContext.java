package io.odradek.core.transport;

import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.RequestHeader;

/**
 * A decoded request's way back. Exactly one of {@link #respond}, {@link #respondNothing} and {@link #closeConnection} is
 * called, once, from any thread; the transport puts responses into the order of the requests. A second call is a broken
 * invariant and throws {@link IllegalStateException}.
 *
 * <p>The record data of a Produce request are slices of the transport's buffer, valid until {@link #releaseBody} or one of
 * the three calls above. All other fields are copies and stay valid.
 */
public interface RequestContext {
    /** {@return the request's header} */
    RequestHeader header();

    /** {@return the connection it came over} */
    ConnectionContext connection();

    /** Answers. The response is encoded in the request's version, on the calling thread. */
    void respond(ApiResponse response);

    /** Completes a request that has no response (a Produce with acks=0). */
    void respondNothing();

    /** Closes the connection instead of answering; requests in flight on it are dropped. One line is logged. */
    void closeConnection(String reason);

    /** Gives the request's buffer back early: its record data must not be touched afterwards. May be called again. */
    void releaseBody();

    /**
     * Says that the request has left the queue of its owner and waits for something else: more records, other members. It
     * no longer counts against {@code queued.max.requests}, so that those who wait never hold up those they wait for. Gives
     * the request's buffer back too. May be called again, and after the request has been completed.
     */
    void parked();

    /** {@return whether the connection is closed, so that nobody waits for the answer any more} */
    boolean isGone();
}
