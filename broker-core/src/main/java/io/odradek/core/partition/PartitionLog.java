package io.odradek.core.partition;

import io.odradek.protocol.errors.ApiException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * What a coordinator shard needs of the partition its state lives in. All calls are made on the partition owner's loop,
 * and so are the callbacks.
 */
public interface PartitionLog {
    /** {@return the leader epoch in which this broker began to lead the partition; it may lead on in later ones} */
    int leaderEpoch();

    /**
     * Appends one record batch as the partition's leader, as with acks=all; its offsets are assigned in place.
     *
     * @param batch one v2 batch, between position and limit
     * @return the offset after the last record
     * @throws ApiException if the partition cannot take it (NOT_LEADER_OR_FOLLOWER,
     *     NOT_ENOUGH_REPLICAS, MESSAGE_TOO_LARGE, KAFKA_STORAGE_ERROR)
     */
    long append(ByteBuffer batch);

    /**
     * Calls back once the high watermark has reached an offset ({@code null}), or this broker no longer leads (the failure).
     *
     * @param endOffset the offset after the last record, as {@link #append} returned it
     */
    void whenCommitted(long endOffset, Consumer<ApiException> callback);

    /**
     * Reads the log from its start to its end, for the replay at election. After a failure it may be called again.
     *
     * @param batches is handed each batch in order, one at a time, control batches too, their checksums unchecked; the buffer
     *     is valid during the call only
     * @param done is called after the last one with {@code null}, or with what went wrong
     */
    void replay(Consumer<ByteBuffer> batches, Consumer<Exception> done);
}
