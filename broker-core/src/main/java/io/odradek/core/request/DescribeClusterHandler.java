package io.odradek.core.request;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.DescribeClusterRequest;
import io.odradek.protocol.api.DescribeClusterResponse;
import io.odradek.protocol.api.DescribeClusterResponse.DescribeClusterBroker;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * DescribeCluster 0 and 1 (KIP-700, KIP-919): the cluster's identifier, controller and live brokers, with their endpoints
 * on the listener the request came by. Version 1 can ask for the endpoints of controllers, which a broker does not have:
 * MISMATCHED_ENDPOINT_TYPE; any other type is UNSUPPORTED_ENDPOINT_TYPE.
 */
public final class DescribeClusterHandler implements RequestHandler<DescribeClusterRequest> {
    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    private final MetadataSource metadata;

    /** @param metadata the image */
    public DescribeClusterHandler(MetadataSource metadata) {
        this.metadata = metadata;
    }

    @Override
    public void handle(DescribeClusterRequest request, RequestContext context) {
        byte type = request.endpointType();
        if (type == CONTROLLERS) {
            context.respond(failed(type, ErrorCode.MISMATCHED_ENDPOINT_TYPE, "This is a broker, not a controller"));
        } else if (type != BROKERS) {
            context.respond(failed(type, ErrorCode.UNSUPPORTED_ENDPOINT_TYPE, "There is no endpoint type " + type));
        } else {
            context.respond(described(request, context.connection().peer().listenerName()));
        }
    }

    private DescribeClusterResponse described(DescribeClusterRequest request, String listener) {
        MetadataImage image = metadata.image();
        List<DescribeClusterBroker> brokers = new ArrayList<>(image.brokers().size());
        for (BrokerInfo broker : image.brokers().values()) {
            Endpoint endpoint = broker.endpoints().get(listener);
            if (endpoint != null) {
                brokers.add(new DescribeClusterBroker(broker.id(), endpoint.host(), endpoint.port(), broker.rack()));
            }
        }
        int operations = request.includeClusterAuthorizedOperations()
                ? AuthorizedOperations.CLUSTER
                : AuthorizedOperations.NOT_ASKED;
        return new DescribeClusterResponse(
                ErrorCode.NONE, null, BROKERS, image.clusterId(), image.controllerId(), brokers, operations);
    }

    private static DescribeClusterResponse failed(byte type, ErrorCode error, String message) {
        return new DescribeClusterResponse(error, message, type, "", -1, List.of(), AuthorizedOperations.NOT_ASKED);
    }
}
