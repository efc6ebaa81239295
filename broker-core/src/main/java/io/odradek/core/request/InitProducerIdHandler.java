package io.odradek.core.request;

import io.odradek.core.controller.ProducerIds;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.InitProducerIdResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;

/**
 * InitProducerId 0 to 5: a new producer id in epoch 0 for an idempotent producer, whether or not it had one before (from
 * version 3 on it may name the id and epoch it had: both or neither, else INVALID_REQUEST).
 *
 * <p>A producer with a transactional id is for its coordinator. COORDINATOR_LOAD_IN_PROGRESS is answered while no block of
 * ids can be claimed, as Kafka does: clients try again here, where for other errors the Java client looks for a coordinator
 * that a producer without a transactional id does not have.
 *
 * <p>Versions: 0 is KIP-98; from 1 on a throttled client is answered first (KIP-219); 2 is flexible (KIP-482); 3 brought
 * the id and epoch that a producer had (KIP-360); from 4 on PRODUCER_FENCED is known (KIP-588), from 5 on
 * TRANSACTION_ABORTABLE (KIP-890), and neither is answered here.
 */
public final class InitProducerIdHandler implements RequestHandler<InitProducerIdRequest> {
    private static final long NO_PRODUCER_ID = -1;
    private static final short NO_EPOCH = -1;

    /** As the request brings no time of its own for this: how long it waits for the tree. */
    private static final long WAIT_MS = 30_000;

    private final RequestHandler<InitProducerIdRequest> transactions;
    private final ProducerIds ids;
    private final EventLoop loop;

    /**
     * @param transactions serves producers with a transactional id
     * @param ids where ids come from
     * @param loop where waiting requests live
     */
    public InitProducerIdHandler(RequestHandler<InitProducerIdRequest> transactions, ProducerIds ids, EventLoop loop) {
        this.transactions = transactions;
        this.ids = ids;
        this.loop = loop;
    }

    @Override
    public void handle(InitProducerIdRequest request, RequestContext context) {
        if (request.transactionalId() != null) {
            transactions.handle(request, context);
        } else if ((request.producerId() == NO_PRODUCER_ID) != (request.producerEpoch() == NO_EPOCH)) {
            context.respond(failed(ErrorCode.INVALID_REQUEST));
        } else {
            Deadline.await(
                    context,
                    loop,
                    WAIT_MS,
                    ids.next(),
                    (id, error) -> context.respond(
                            id != null
                                    ? new InitProducerIdResponse(ErrorCode.NONE, id, (short) 0)
                                    : failed(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS)));
        }
    }

    private static InitProducerIdResponse failed(ErrorCode error) {
        return new InitProducerIdResponse(error, NO_PRODUCER_ID, NO_EPOCH);
    }
}
