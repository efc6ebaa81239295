package io.odradek.core.transport;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import java.util.concurrent.CompletionStage;

/** A connection to another broker. Requests are sent, and answered, in the order of the calls. Belongs to its loop. */
public interface BrokerConnection extends AutoCloseable {
    /**
     * Sends a request.
     *
     * @param version the version to encode it in
     * @param request kept unchanged until the stage completes
     * @param timeoutMs how long to wait for the answer, the making of the connection included. When it is over the connection
     *     is closed, because the answers that follow could not be told apart
     * @return the answer, on the loop; fails with {@link BrokerUnreachableException}, after which the request may or may not
     *     have been carried out
     */
    CompletionStage<BrokerAnswer> send(ApiKey api, int version, ApiRequest request, int timeoutMs);

    /** Closes it for good; what is under way fails. */
    @Override
    void close();
}
