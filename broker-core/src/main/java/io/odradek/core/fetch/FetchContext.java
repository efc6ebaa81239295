package io.odradek.core.fetch;

import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import java.util.List;

/**
 * What a Fetch request means once its session has been looked at: which partitions to read, in which order, and what of
 * the results to send (KIP-227). Ends with exactly one of the two calls.
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

    /** Ends the use of the session without a response: the request failed. */
    void abandon();
}
