package io.odradek.core.request.transaction;

import io.odradek.core.coordinator.transaction.TransactionCoordinator;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.InitProducerIdResponse;
import io.odradek.protocol.errors.ErrorCode;

/**
 * InitProducerId, versions 0 to 5, of a producer with a transactional id: its producer id, and an epoch by which all others with
 * that id are fenced. From version 3 on it may name the id and epoch that it has: both or neither, else INVALID_REQUEST.
 *
 * <p>Errors: INVALID_REQUEST for the empty id, INVALID_TRANSACTION_TIMEOUT, CONCURRENT_TRANSACTIONS while its transaction is being
 * ended, PRODUCER_FENCED (INVALID_PRODUCER_EPOCH before version 4), and those of the coordinator.
 *
 * <p>Versions: 0 is KIP-98; from 1 on a throttled client is answered first (KIP-219); 2 is flexible (KIP-482); 3 has the id and
 * epoch that a producer had (KIP-360); 4 knows PRODUCER_FENCED (KIP-588); 5 knows TRANSACTION_ABORTABLE (KIP-890).
 */
public final class InitTransactionsHandler implements RequestHandler<InitProducerIdRequest> {
    private static final int FENCED_SINCE = 4;
    private static final long NO_PRODUCER_ID = -1;
    private static final short NO_EPOCH = -1;

    private final TransactionCoordinator coordinator;

    /** @param coordinator the transactional ids of this broker */
    public InitTransactionsHandler(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public void handle(InitProducerIdRequest request, RequestContext context) {
        if ((request.producerId() == NO_PRODUCER_ID) != (request.producerEpoch() == NO_EPOCH)) {
            context.respond(new InitProducerIdResponse(ErrorCode.INVALID_REQUEST, NO_PRODUCER_ID, NO_EPOCH));
            return;
        }
        int version = context.header().apiVersion();
        coordinator
                .during(context)
                .initProducerId(
                        request.transactionalId(),
                        request.transactionTimeoutMs(),
                        request.producerId(),
                        request.producerEpoch(),
                        verdict -> context.respond(new InitProducerIdResponse(
                                Fencing.in(version, FENCED_SINCE, verdict.error()),
                                verdict.producerId(),
                                verdict.producerEpoch())));
    }
}
