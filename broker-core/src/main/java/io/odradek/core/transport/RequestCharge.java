package io.odradek.core.transport;

/** What a request costs a client that may have so much and no more, as far as handlers have to ask. Thread-safe. */
public interface RequestCharge {
    /** {@return the most bytes of records that a Fetch is to be answered with} */
    int mostFetchBytes();

    /**
     * A Fetch is to be answered.
     *
     * @param sizeBytes how much with
     * @return for how long the client is to rest, in milliseconds; if it is to, it is answered with nothing, and has had nothing
     */
    int fetched(long sizeBytes);

    /**
     * {@return what the request may change of the cluster's partitions; null if nothing holds that}
     *
     * @param strictSince the version of its API from which clients know what it is to be refused for that
     */
    MutationAllowance mutations(int strictSince);
}
