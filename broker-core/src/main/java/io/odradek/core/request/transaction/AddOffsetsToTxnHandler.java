package io.odradek.core.request.transaction;

import io.odradek.core.coordinator.transaction.TransactionCoordinator;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.AddOffsetsToTxnRequest;
import io.odradek.protocol.api.AddOffsetsToTxnResponse;

/**
 * AddOffsetsToTxn, versions 0 to 4: the partition that a group's positions are kept in joins a transaction.
 *
 * <p>Errors: the coordinator's; PRODUCER_FENCED is INVALID_PRODUCER_EPOCH before version 2.
 *
 * <p>Versions: 0 is KIP-98; from 1 on a throttled client is answered first (KIP-219); 2 knows PRODUCER_FENCED (KIP-588); 3 is
 * flexible (KIP-482); 4 knows TRANSACTION_ABORTABLE (KIP-890).
 */
public final class AddOffsetsToTxnHandler implements RequestHandler<AddOffsetsToTxnRequest> {
    private static final int FENCED_SINCE = 2;

    private final TransactionCoordinator coordinator;

    /** @param coordinator the transactional ids of this broker */
    public AddOffsetsToTxnHandler(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public void handle(AddOffsetsToTxnRequest request, RequestContext context) {
        int version = context.header().apiVersion();
        coordinator
                .during(context)
                .addOffsets(
                        request.transactionalId(),
                        request.producerId(),
                        request.producerEpoch(),
                        request.groupId(),
                        error ->
                                context.respond(new AddOffsetsToTxnResponse(Fencing.in(version, FENCED_SINCE, error))));
    }
}
