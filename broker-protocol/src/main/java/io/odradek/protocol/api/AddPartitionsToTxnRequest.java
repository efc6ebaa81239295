package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Adds partitions to transactions, or asks whether they are in them.
 * Up to version 3 a producer says which partitions it is about to write to; from version 4 on a broker asks for producers that
 * write to it, for several transactions at once (KIP-890).
 */
@Request(key = 24, versions = "0-5", flexible = "3+")
public record AddPartitionsToTxnRequest(
        @Versions("4+") List<AddPartitionsToTxnTransaction> transactions,
        @Versions("0-3") String v3AndBelowTransactionalId,
        @Versions("0-3") long v3AndBelowProducerId,
        @Versions("0-3") short v3AndBelowProducerEpoch,
        @Versions("0-3") List<AddPartitionsToTxnTopic> v3AndBelowTopics)
        implements ApiRequest {
    /** A transaction; with {@code verifyOnly} nothing is added to it. */
    public record AddPartitionsToTxnTransaction(
            @Versions("4+") String transactionalId,
            @Versions("4+") long producerId,
            @Versions("4+") short producerEpoch,
            @Versions("4+") @Default("false") boolean verifyOnly,
            @Versions("4+") List<AddPartitionsToTxnTopic> topics) {}

    /** Partitions of one topic. */
    public record AddPartitionsToTxnTopic(String name, List<Integer> partitions) {}
}
