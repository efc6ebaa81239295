package io.odradek.core.coordinator.transaction;

import io.odradek.protocol.errors.ErrorCode;

/**
 * InitProducerId for a transactional id: pure decisions.
 *
 * <p>A producer that comes without an id of its own fences whoever used the transactional id before: the epoch grows, and no
 * repeat of an older request is taken for one. One that names the id and epoch it has goes on from there (KIP-360), unless
 * somebody else has come since: PRODUCER_FENCED. When the epochs of a producer id have run out there is a new one.
 *
 * <p>An open transaction is aborted first, in the next epoch, and the producer is told CONCURRENT_TRANSACTIONS, as while one is
 * being ended: it comes again.
 */
final class Initialization {
    private Initialization() {}

    /**
     * A producer's request.
     *
     * @param timeoutMs how long its transactions may stay open
     * @param producerId the id that it has, {@link Producer#NO_ID} if none
     * @param producerEpoch the epoch that it has, {@link Producer#NO_EPOCH} if none
     */
    record Request(int timeoutMs, long producerId, short producerEpoch) {
        boolean namesProducer() {
            return producerEpoch != Producer.NO_EPOCH;
        }
    }

    /**
     * Decides.
     *
     * @param present what is known of the id, null if nothing
     * @param newId a producer id that nobody has, {@link Producer#NO_ID} if none was fetched yet
     */
    static Decision decide(Transaction present, Request request, long newId, long nowMs) {
        if (present == null) {
            return newId == Producer.NO_ID
                    ? new Decision.NeedsProducerId()
                    : become(
                            Producer.fresh(newId).raised(Producer.NO_EPOCH), request, nowMs, Transaction.FIRST_VERSION);
        }
        if (request.namesProducer() && !mayGoOn(present.producer(), request)) {
            return Decision.refuse(ErrorCode.PRODUCER_FENCED);
        }
        if (present.state() instanceof TransactionState.Prepare) {
            return Decision.refuse(ErrorCode.CONCURRENT_TRANSACTIONS);
        }
        if (Ending.isOpen(present.state())) {
            return new Decision.Change(Ending.fenced(present, nowMs), Verdict.of(ErrorCode.CONCURRENT_TRANSACTIONS));
        }
        return raise(present, request, newId, nowMs);
    }

    /** {@return whether the id that a producer has is the present one, or the one before whose epochs have run out} */
    private static boolean mayGoOn(Producer present, Request request) {
        return present.isFresh()
                || request.producerId() == present.id()
                || request.producerId() == present.previousId() && Producer.isExhausted(request.producerEpoch());
    }

    private static Decision raise(Transaction present, Request request, long newId, long nowMs) {
        Producer producer = present.producer();
        short had = request.producerEpoch();
        boolean has = request.namesProducer();
        if (has && !producer.isFresh() && had != producer.epoch()) {
            return had == producer.lastEpoch()
                    ? become(producer, request, nowMs, present.clientVersion())
                    : Decision.refuse(ErrorCode.PRODUCER_FENCED);
        }
        short from = has ? producer.epoch() : Producer.NO_EPOCH;
        if (!producer.isExhausted()) {
            return become(producer.raised(from), request, nowMs, present.clientVersion());
        }
        return newId == Producer.NO_ID
                ? new Decision.NeedsProducerId()
                : become(producer.replacedBy(newId, from), request, nowMs, present.clientVersion());
    }

    private static Decision become(Producer producer, Request request, long nowMs, short clientVersion) {
        Transaction next =
                new Transaction(producer, request.timeoutMs(), new TransactionState.Empty(), nowMs, clientVersion);
        return new Decision.Change(next, Verdict.goOnAs(producer));
    }
}
