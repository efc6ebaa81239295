package io.odradek.core.request.cluster;

import io.odradek.core.request.Deadline;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.AllocateProducerIdsRequest;
import io.odradek.protocol.api.AllocateProducerIdsResponse;
import io.odradek.protocol.errors.ErrorCode;

/**
 * AllocateProducerIds 0: a block of producer ids for a broker. Errors: NOT_CONTROLLER, STALE_BROKER_EPOCH,
 * BROKER_ID_NOT_REGISTERED, REQUEST_TIMED_OUT.
 */
final class AllocateProducerIdsHandler implements RequestHandler<AllocateProducerIdsRequest> {
    private final ClusterApis.Rooms rooms;

    AllocateProducerIdsHandler(ClusterApis.Rooms rooms) {
        this.rooms = rooms;
    }

    @Override
    public void handle(AllocateProducerIdsRequest request, RequestContext context) {
        var allocation = rooms.controller().allocateProducerIds(request.brokerId(), request.brokerEpoch());
        Deadline.await(context, rooms.loop(), rooms.maxWaitMs(), allocation, (block, error) -> {
            if (block == null) {
                Failures.answer(context, error);
            } else {
                int length = Math.toIntExact(block.lastId() - block.firstId() + 1);
                context.respond(new AllocateProducerIdsResponse(ErrorCode.NONE, block.firstId(), length));
            }
        });
    }
}
