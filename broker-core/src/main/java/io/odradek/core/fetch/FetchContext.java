package io.odradek.core.fetch;

import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import java.util.List;

/**
 * What a Fetch request means once its session has been looked at: which partitions to read, in which order, and what of
 * the results to send (KIP-227). Ends with exactly one of the three calls.
 */
public interface FetchContext {
    /** {@return the partitions to read, in order} */
    List<FetchWish> wishes();

    /**
     * Makes the response and ends the use of the session.
     *
     * @param results one for each wish, in the same order
     */
    FetchResponse respond(List<PartitionData> results);

    /** Makes an answer with nothing in it, after which all is as before, and ends the use of the session (KIP-219). */
    FetchResponse respondNothing();

    /**
     * Has something run when the session is closed before this use of it ends, which is at once if it has been: the client
     * will fetch no more, and waits for what it has asked for. May run twice, on any thread.
     */
    default void whenClosed(Runnable task) {}

    /** Ends the use of the session without a response: the request failed. */
    void abandon();
}
