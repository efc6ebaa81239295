package io.odradek.core.markers;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The way of markers to the partitions that one broker leads. For any thread. */
public interface MarkerWay {
    /**
     * Has a marker written to a partition.
     *
     * @param unwanted whether nobody waits for it any more
     * @param done what became of it, on any thread, once; NETWORK_EXCEPTION if nobody knows. What is not wanted any more may be
     *     dropped without a word
     */
    void write(TopicPartition id, TransactionMarker marker, BooleanSupplier unwanted, Consumer<ErrorCode> done);
}
