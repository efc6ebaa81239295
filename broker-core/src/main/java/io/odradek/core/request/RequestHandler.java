package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiRequest;

/**
 * Serves one API. Called on the processor's thread that decoded the request, or in the background
 * ({@link LargeRequests}): it may read immutable state (the metadata
 * image, the configuration) and must hand everything else to the loop that owns it. It never blocks.
 *
 * @param <R> the request it serves
 */
public interface RequestHandler<R extends ApiRequest> {
    /**
     * Serves a request; answers it through the context now or later. An {@code ApiException} thrown from here is a fault
     * of the handler: each API has its own place for error codes.
     */
    void handle(R request, RequestContext context);
}
