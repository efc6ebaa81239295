package io.odradek.core.request.cluster;

import io.odradek.core.controller.MetadataUpdate;
import io.odradek.core.orders.Authority;
import io.odradek.core.orders.UpdateMetadataWire;
import io.odradek.core.request.Deadline;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.UpdateMetadataRequest;
import io.odradek.protocol.api.UpdateMetadataResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.concurrent.CompletionStage;

/**
 * UpdateMetadata 0 to 8: a controller tells of the cluster; answered when clients of this broker see it. Errors:
 * STALE_CONTROLLER_EPOCH, STALE_BROKER_EPOCH, REQUEST_TIMED_OUT.
 */
final class UpdateMetadataHandler implements RequestHandler<UpdateMetadataRequest> {
    private static final UpdateMetadataResponse DONE = new UpdateMetadataResponse(ErrorCode.NONE);

    private final ClusterApis.Rooms rooms;

    UpdateMetadataHandler(ClusterApis.Rooms rooms) {
        this.rooms = rooms;
    }

    @Override
    public void handle(UpdateMetadataRequest request, RequestContext context) {
        Authority authority = UpdateMetadataWire.authority(request).over(context.connection());
        MetadataUpdate update =
                UpdateMetadataWire.update(request, context.header().apiVersion());
        rooms.obey(context, () -> {
            CompletionStage<UpdateMetadataResponse> told =
                    rooms.orders().updateMetadata(authority, update).thenApply(done -> DONE);
            Deadline.await(context, rooms.loop(), rooms.maxWaitMs(), told, (response, error) -> {
                if (response == null) {
                    Failures.answer(context, error);
                } else {
                    context.respond(response);
                }
            });
        });
    }
}
