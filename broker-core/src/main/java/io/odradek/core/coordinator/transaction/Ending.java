package io.odradek.core.coordinator.transaction;

import io.odradek.core.coordinator.transaction.TransactionState.Complete;
import io.odradek.core.coordinator.transaction.TransactionState.EpochFence;
import io.odradek.core.coordinator.transaction.TransactionState.Ongoing;
import io.odradek.core.coordinator.transaction.TransactionState.Prepare;
import io.odradek.protocol.errors.ErrorCode;

/**
 * How transactions end: pure decisions.
 *
 * <p>EndTxn is answered once the outcome is stored; the markers follow. INVALID_PRODUCER_ID_MAPPING for an id that is not known
 * or belongs to another producer id; PRODUCER_FENCED for another epoch; INVALID_TXN_STATE if there is nothing to end, or the
 * outcome is decided and another one; CONCURRENT_TRANSACTIONS while the same outcome is being carried out; NONE once more when it
 * has been.
 *
 * <p>With transactions v2 the epoch grows when the outcome is stored, so that the markers fence whatever of the transaction is
 * still under way, and the answer names the epoch to go on with, or another producer id if the epochs have run out. A request
 * in the epoch before is a repeat then. To abort nothing is a transaction of its own: what was written may have failed before
 * its partition was added.
 */
final class Ending {
    private Ending() {}

    /**
     * A producer's request.
     *
     * @param clientVersion the version of transactions that it speaks
     */
    record Request(long producerId, short producerEpoch, Outcome outcome, short clientVersion) {
        boolean epochEach() {
            return Transaction.epochEach(clientVersion);
        }
    }

    /**
     * Decides what comes of an EndTxn.
     *
     * @param present what is known of the id, null if nothing
     * @param newId a producer id that nobody has, {@link Producer#NO_ID} if none was fetched yet
     */
    static Decision end(Transaction present, Request request, long newId, long nowMs) {
        if (present == null) {
            return Decision.refuse(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        }
        // In the epoch before is a zombie, too, of which the id was taken by a producer that keeps its epoch.
        boolean raises = request.epochEach() && Transaction.epochEach(present.clientVersion());
        boolean repeat = raises && isRepeat(present.producer(), request);
        ErrorCode stranger = check(present, request, repeat);
        if (stranger != ErrorCode.NONE) {
            return Decision.refuse(stranger);
        }
        TransactionState state = present.state();
        if (state instanceof Prepare prepare) {
            boolean same = prepare.outcome() == request.outcome();
            return Decision.refuse(same ? ErrorCode.CONCURRENT_TRANSACTIONS : ErrorCode.INVALID_TXN_STATE);
        }
        if (state instanceof Ongoing) {
            return prepare(present, request, newId, nowMs);
        }
        if (state instanceof Complete complete && (repeat || !request.epochEach())) {
            return complete.outcome() == request.outcome()
                    ? new Decision.Stay(Verdict.goOnAs(present.producer()))
                    : Decision.refuse(ErrorCode.INVALID_TXN_STATE);
        }
        boolean nothing = request.epochEach() && request.outcome() == Outcome.ABORT && !isOpen(state);
        return nothing ? prepare(present, request, newId, nowMs) : Decision.refuse(ErrorCode.INVALID_TXN_STATE);
    }

    /** {@return whether the epoch was raised by this very request, when it came for the first time} */
    private static boolean isRepeat(Producer present, Request request) {
        boolean raised = request.producerId() == present.id()
                && request.producerEpoch() + 1 == present.epoch()
                && !present.isLastFenced();
        boolean replaced = request.producerId() == present.previousId()
                && present.epoch() == 0
                && request.producerId() != present.id()
                && Producer.isExhausted(request.producerEpoch());
        return raised || replaced;
    }

    private static ErrorCode check(Transaction present, Request request, boolean repeat) {
        Producer producer = present.producer();
        boolean ended = present.state() instanceof Prepare || present.state() instanceof Complete;
        if (repeat && ended) {
            return ErrorCode.NONE;
        }
        if (present.state() instanceof Prepare && producer.isNext(request.producerId(), request.producerEpoch())) {
            return ErrorCode.CONCURRENT_TRANSACTIONS;
        }
        if (request.producerId() != producer.id()) {
            return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        }
        if (request.producerEpoch() != producer.epoch()) {
            return ErrorCode.PRODUCER_FENCED;
        }
        // It goes on in the epoch that it was given with the end of the transaction before, whose markers are still
        // under way.
        boolean goesOn = request.epochEach() && present.state() instanceof Prepare;
        return goesOn ? ErrorCode.CONCURRENT_TRANSACTIONS : ErrorCode.NONE;
    }

    private static Decision prepare(Transaction present, Request request, long newId, long nowMs) {
        Producer producer = present.producer();
        Producer ending = producer.unchanged();
        Verdict verdict = Verdict.goOnAs(ending);
        if (request.epochEach()) {
            if (producer.isExhausted() && newId == Producer.NO_ID) {
                return new Decision.NeedsProducerId();
            }
            ending = producer.raised(producer.epoch());
            ending = producer.isExhausted() ? ending.followedBy(newId) : ending;
            verdict = Verdict.goOnAs(ending.settled());
        }
        Transaction next =
                present.becomes(ending, prepared(present, request.outcome(), nowMs), nowMs, request.clientVersion());
        return new Decision.Change(next, verdict);
    }

    private static Prepare prepared(Transaction present, Outcome outcome, long nowMs) {
        TransactionState state = present.state();
        return new Prepare(outcome, state.partitions(), isOpen(state) ? state.startMs() : nowMs);
    }

    /** {@return whether a transaction is open that nobody has ended} */
    static boolean isOpen(TransactionState state) {
        return state instanceof Ongoing || state instanceof EpochFence;
    }

    /**
     * {@return an open transaction that is aborted without its producer having asked for it: in the next epoch, so that the
     * producer can neither write to it nor end it}
     */
    static Transaction fenced(Transaction open, long nowMs) {
        Producer fenced = open.producer().raised(Producer.NO_EPOCH);
        return open.becomes(fenced, prepared(open, Outcome.ABORT, nowMs), nowMs, open.clientVersion());
    }

    /** {@return a transaction whose markers are all written} */
    static Transaction completed(Transaction ended, long nowMs) {
        Prepare prepare = (Prepare) ended.state();
        Complete complete = new Complete(prepare.outcome(), prepare.startMs());
        return ended.becomes(ended.producer().settled(), complete, nowMs, ended.clientVersion());
    }
}
