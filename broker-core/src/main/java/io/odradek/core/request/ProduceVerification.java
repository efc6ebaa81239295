package io.odradek.core.request;

import io.odradek.core.verification.TransactionQuestion;
import io.odradek.core.verification.TransactionVerifier;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.storage.env.EventLoop;
import java.nio.ByteBuffer;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Asks for a producer's first batch in a transaction whether it is of one that is open (KIP-890): a late one could leave the
 * partition with a transaction that nobody ends. With Produce 12 the partition is added to the transaction.
 *
 * @param verifier asks the coordinators of transactions
 * @param verifies {@code transaction.partition.verification.enable}; what is added is asked for in any case
 */
public record ProduceVerification(TransactionVerifier verifier, boolean verifies) {
    /** For parts of a broker that know no coordinators: all is taken. */
    static final ProduceVerification NONE = new ProduceVerification((question, reply) -> {}, false);

    private static final int ABORTABLE_SINCE = 11;
    private static final int ADDS_SINCE = 12;
    /** The end of the transaction before is on its way: a client would wait for longer than that takes. */
    private static final int PATIENCE = 10;

    private static final long PAUSE_MS = 10;

    /** {@return whether anything is asked for requests of a version} */
    boolean asksFor(int version) {
        return verifies || version >= ADDS_SINCE;
    }

    /**
     * Asks.
     *
     * @param batch a transactional batch, at its position
     * @param loop where the reply comes
     * @param reply is told NONE, or the partition's error in an answer of that version
     */
    void ask(
            String transactionalId,
            TopicPartition id,
            ByteBuffer batch,
            int version,
            EventLoop loop,
            Consumer<ErrorCode> reply) {
        SortedSet<TopicPartition> partition = new TreeSet<>();
        partition.add(id);
        TransactionQuestion question = new TransactionQuestion(
                transactionalId,
                RecordBatch.producerId(batch, batch.position()),
                RecordBatch.producerEpoch(batch, batch.position()),
                partition,
                version >= ADDS_SINCE);
        ask(question, version >= ADDS_SINCE ? PATIENCE : 0, loop, error -> reply.accept(inVersion(version, error)));
    }

    private void ask(TransactionQuestion question, int patience, EventLoop loop, Consumer<ErrorCode> reply) {
        verifier.ask(
                question,
                errors -> loop.post(() -> {
                    ErrorCode error = errors.get(question.partitions().first());
                    if (error == ErrorCode.CONCURRENT_TRANSACTIONS && patience > 0) {
                        loop.schedule(PAUSE_MS, () -> ask(question, patience - 1, loop, reply));
                    } else {
                        reply.accept(error);
                    }
                }));
    }

    /** {@return the error that makes a client do the right thing}: NOT_ENOUGH_REPLICAS is tried again, and no more. */
    static ErrorCode inVersion(int version, ErrorCode error) {
        return switch (error) {
            case PRODUCER_FENCED -> ErrorCode.INVALID_PRODUCER_EPOCH;
            case TRANSACTION_ABORTABLE ->
                version >= ABORTABLE_SINCE ? ErrorCode.TRANSACTION_ABORTABLE : ErrorCode.INVALID_TXN_STATE;
            case CONCURRENT_TRANSACTIONS,
                    NETWORK_EXCEPTION,
                    COORDINATOR_NOT_AVAILABLE,
                    COORDINATOR_LOAD_IN_PROGRESS,
                    NOT_COORDINATOR -> ErrorCode.NOT_ENOUGH_REPLICAS;
            default -> error;
        };
    }
}
