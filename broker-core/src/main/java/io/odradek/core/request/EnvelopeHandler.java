package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.EnvelopeRequest;

/**
 * Envelope 0, which brokers of a cluster in ZooKeeper mode have no use for: each asks the controller in its own name. As with Apache
 * Kafka 3.9 in that mode the API is listed, and whoever uses it is hung up on.
 */
public final class EnvelopeHandler implements RequestHandler<EnvelopeRequest> {
    @Override
    public void handle(EnvelopeRequest request, RequestContext context) {
        context.closeConnection("it sent an Envelope, though no requests are forwarded here");
    }
}
