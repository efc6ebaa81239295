package io.odradek.core.request.transaction;

import io.odradek.core.coordinator.transaction.Outcome;
import io.odradek.core.coordinator.transaction.Transaction;
import io.odradek.core.coordinator.transaction.TransactionCoordinator;
import io.odradek.core.coordinator.transaction.Verdict;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.EndTxnRequest;
import io.odradek.protocol.api.EndTxnResponse;

/**
 * EndTxn, versions 0 to 5: commits or aborts a transaction. Answered when the outcome is stored; the partitions are told after
 * that.
 *
 * <p>Errors: the coordinator's; PRODUCER_FENCED is INVALID_PRODUCER_EPOCH before version 2.
 *
 * <p>Versions: 0 is KIP-98; from 1 on a throttled client is answered first (KIP-219); 2 knows PRODUCER_FENCED (KIP-588); 3 is
 * flexible (KIP-482); 4 knows TRANSACTION_ABORTABLE; 5 is transactions v2: the answer names the id and epoch of the next one
 * (KIP-890).
 */
public final class EndTxnHandler implements RequestHandler<EndTxnRequest> {
    private static final int FENCED_SINCE = 2;
    private static final int EPOCH_EACH_SINCE = 5;

    private final TransactionCoordinator coordinator;

    /** @param coordinator the transactional ids of this broker */
    public EndTxnHandler(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public void handle(EndTxnRequest request, RequestContext context) {
        int version = context.header().apiVersion();
        boolean epochEach = version >= EPOCH_EACH_SINCE;
        coordinator
                .during(context)
                .end(
                        request.transactionalId(),
                        request.producerId(),
                        request.producerEpoch(),
                        request.committed() ? Outcome.COMMIT : Outcome.ABORT,
                        epochEach ? Transaction.EPOCH_EACH : Transaction.FIRST_VERSION,
                        verdict -> context.respond(response(verdict, version)));
    }

    private static EndTxnResponse response(Verdict verdict, int version) {
        return new EndTxnResponse(
                Fencing.in(version, FENCED_SINCE, verdict.error()), verdict.producerId(), verdict.producerEpoch());
    }
}
