package io.odradek.protocol.api;

import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Writes the ends of transactions to the partitions that a broker leads: a coordinator asks for it, or an operator who aborts a
 * transaction that nobody ends. Version 2 tells the transaction's version (KIP-1228).
 */
@Request(key = 27, versions = "0-2", flexible = "1+")
public record WriteTxnMarkersRequest(List<WritableTxnMarker> markers) implements ApiRequest {
    /**
     * The end of one producer's transaction. {@code transactionResult} is true for a commit; {@code coordinatorEpoch} the
     * leader epoch of the coordinator's partition.
     */
    public record WritableTxnMarker(
            long producerId,
            short producerEpoch,
            boolean transactionResult,
            List<WritableTxnMarkerTopic> topics,
            int coordinatorEpoch,
            @Versions("2+") byte transactionVersion) {}

    /** Partitions of one topic. */
    public record WritableTxnMarkerTopic(String name, List<Integer> partitionIndexes) {}
}
