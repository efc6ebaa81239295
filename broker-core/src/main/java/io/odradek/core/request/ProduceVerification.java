package io.odradek.core.request;

import io.odradek.core.verification.TransactionQuestion;
import io.odradek.core.verification.TransactionVerifier;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Asks for a producer's first batch in a transaction whether it is of one that is open (KIP-890): a late one could leave the
 * partition with a transaction that nobody ends. With Produce 12 the partition is added to the transaction.
 *
 * @param verifier asks the coordinators of transactions
 * @param verifies {@code transaction.partition.verification.enable}; what is added is asked for in any case
 */
public record ProduceVerification(TransactionVerifier verifier, BooleanSupplier verifies) {
    /** For parts of a broker that know no coordinators: all is taken. */
    static final ProduceVerification NONE = new ProduceVerification((question, reply) -> {}, () -> false);

    private static final int ABORTABLE_SINCE = 11;
    private static final int ADDS_SINCE = 12;
    /** The end of the transaction before is on its way: a client would wait for longer than that takes. */
    private static final int PATIENCE = 10;

    private static final long PAUSE_MS = 10;

    /** {@return whether anything is asked for requests of a version} */
    boolean asksFor(int version) {
        return verifies.getAsBoolean() || adds(version);
    }

    /** {@return whether requests of a version add what they write to, to the transaction} */
    static boolean adds(int version) {
        return version >= ADDS_SINCE;
    }

    /**
     * {@return the lowest epoch in which the end of a batch's transaction can be written} Transactions v2 end each in the epoch
     * that the next one begins with: while that waits for the end of the one before, the marker of it comes.
     */
    static int firstEndEpoch(int version, short epoch) {
        return adds(version) ? epoch + 1 : epoch;
    }

    /**
     * Asks.
     *
     * @param loop where time is kept
     * @param reply is told the coordinator's answer once, on any thread, maybe before this returns
     */
    void ask(TransactionQuestion question, EventLoop loop, Consumer<SortedMap<TopicPartition, ErrorCode>> reply) {
        ask(question, question.adds() ? PATIENCE : 0, loop, reply);
    }

    private void ask(
            TransactionQuestion question,
            int patience,
            EventLoop loop,
            Consumer<SortedMap<TopicPartition, ErrorCode>> reply) {
        verifier.ask(question, errors -> {
            if (patience > 0 && errors.containsValue(ErrorCode.CONCURRENT_TRANSACTIONS)) {
                loop.post(() -> loop.schedule(PAUSE_MS, () -> ask(question, patience - 1, loop, reply)));
            } else {
                reply.accept(errors);
            }
        });
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
                    NOT_COORDINATOR,
                    OPERATION_NOT_ATTEMPTED -> ErrorCode.NOT_ENOUGH_REPLICAS;
            default -> error;
        };
    }
}
