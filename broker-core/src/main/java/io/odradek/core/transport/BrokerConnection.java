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
     *     is lost with all that is under way on it, because answers come in the order of the requests
     * @return the answer, on the loop, which whoever takes it closes; fails with {@link BrokerUnreachableException}, after
     *     which the request may or may not have been carried out. There is nothing in it to be cancelled
     */
    CompletionStage<BrokerAnswer> send(ApiKey api, int version, ApiRequest request, int timeoutMs);

    /**
     * Closes it for good; what is under way fails, on the loop, unless its answer is there already. Requests that are sent
     * later fail as well.
     */
    @Override
    void close();
}
