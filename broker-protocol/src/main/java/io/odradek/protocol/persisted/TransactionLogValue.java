package io.odradek.protocol.persisted;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Message;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Tagged;
import java.util.List;

/**
 * A transaction's state in {@code __transaction_state}, two bytes of version before it (KIP-98). The tagged fields came with
 * KIP-890; brokers that do not know them pass over them.
 *
 * @param producerId the producer's id
 * @param producerEpoch its epoch
 * @param transactionTimeoutMs how long a transaction may stay open, in ms
 * @param transactionStatus 0 empty, 1 ongoing, 2 to be committed, 3 to be aborted, 4 committed, 5 aborted, 6 dead, 7 to be
 *     aborted with a new epoch
 * @param transactionPartitions the partitions written to, null while there are none
 * @param transactionLastUpdateTimestampMs when the state changed last, in ms since the epoch
 * @param transactionStartTimestampMs when the transaction began, in ms since the epoch, -1 if none did
 * @param previousProducerId the id that the last transaction was ended with, -1 if it is still the same
 * @param nextProducerId the id that the producer was told to go on with, -1 if it is still the same
 * @param clientTransactionVersion the version of transactions that the producer speaks
 * @param nextProducerEpoch the epoch that goes with {@code nextProducerId}, -1 if there is none
 */
@Message(versions = "0-1", flexible = "1+")
public record TransactionLogValue(
        long producerId,
        short producerEpoch,
        int transactionTimeoutMs,
        byte transactionStatus,
        @Nullable List<PartitionsSchema> transactionPartitions,
        long transactionLastUpdateTimestampMs,
        long transactionStartTimestampMs,
        @Tagged(tag = 0, versions = "1+") @Default("-1") long previousProducerId,
        @Tagged(tag = 1, versions = "1+") @Default("-1") long nextProducerId,
        @Tagged(tag = 2, versions = "1+") short clientTransactionVersion,
        @Tagged(tag = 3, versions = "1+") @Default("-1") short nextProducerEpoch) {
    /**
     * Partitions of a topic.
     *
     * @param topic the topic
     * @param partitionIds their indexes
     */
    public record PartitionsSchema(String topic, List<Integer> partitionIds) {}
}
