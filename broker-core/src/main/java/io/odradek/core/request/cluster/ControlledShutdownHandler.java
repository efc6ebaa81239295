package io.odradek.core.request.cluster;

import io.odradek.core.request.Deadline;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ControlledShutdownRequest;
import io.odradek.protocol.api.ControlledShutdownResponse;
import io.odradek.protocol.api.ControlledShutdownResponse.RemainingPartition;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * ControlledShutdown 0 to 3: a broker is about to stop, and is answered when others lead what they can of its partitions, with
 * those that it leads still. Errors: NOT_CONTROLLER, STALE_BROKER_EPOCH, BROKER_NOT_AVAILABLE, REQUEST_TIMED_OUT.
 */
final class ControlledShutdownHandler implements RequestHandler<ControlledShutdownRequest> {
    private final ClusterApis.Rooms rooms;

    ControlledShutdownHandler(ClusterApis.Rooms rooms) {
        this.rooms = rooms;
    }

    @Override
    public void handle(ControlledShutdownRequest request, RequestContext context) {
        var shutdown = rooms.controller().controlledShutdown(request.brokerId(), request.brokerEpoch());
        Deadline.await(context, rooms.loop(), rooms.maxWaitMs(), shutdown, (remaining, error) -> {
            if (remaining == null) {
                Failures.answer(context, error);
            } else {
                context.respond(new ControlledShutdownResponse(ErrorCode.NONE, named(remaining)));
            }
        });
    }

    private static List<RemainingPartition> named(List<TopicPartition> remaining) {
        List<RemainingPartition> named = new ArrayList<>(remaining.size());
        for (TopicPartition id : remaining) {
            named.add(new RemainingPartition(id.topic(), id.partition()));
        }
        return named;
    }
}
