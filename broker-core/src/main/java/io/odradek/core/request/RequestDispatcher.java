package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ProduceRequest;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Hands each decoded request to the handler of its API, which is made when it is first needed: of most APIs a broker never
 * sees a request. Thread-safe; called on the processors' threads.
 */
public final class RequestDispatcher {
    private final AtomicReferenceArray<RequestHandler<?>> handlers;
    private final ApiKey[] apis;
    private final HandlerMaker maker;

    /** Makes the handlers of a broker. */
    public interface HandlerMaker {
        /** {@return the handler of an API; called once for each, and never for two at a time} */
        RequestHandler<?> make(ApiKey api);
    }

    /**
     * @param served the APIs that are served
     * @param maker makes their handlers
     */
    public RequestDispatcher(Collection<ApiKey> served, HandlerMaker maker) {
        int size = 0;
        for (ApiKey api : served) {
            size = Math.max(size, api.key() + 1);
        }
        this.maker = maker;
        handlers = new AtomicReferenceArray<>(size);
        apis = new ApiKey[size];
        for (ApiKey api : served) {
            apis[api.key()] = api;
        }
    }

    /** {@return whether requests of an API are served: its handler has been made, or is now} */
    public boolean serves(ApiKey api) {
        return handler(api.key()) != null;
    }

    /** {@return the handler of an API, null if it is not served} */
    private RequestHandler<?> handler(int key) {
        if (key < 0 || key >= apis.length || apis[key] == null) {
            return null;
        }
        RequestHandler<?> handler = handlers.getAcquire(key);
        return handler == null ? make(key) : handler;
    }

    private synchronized RequestHandler<?> make(int key) {
        RequestHandler<?> handler = handlers.getAcquire(key);
        if (handler == null) {
            handler = maker.make(apis[key]);
            handlers.setRelease(key, handler);
        }
        return handler;
    }

    /**
     * Serves a request. Whatever the handler throws is answered ({@link UnexpectedFailure}).
     *
     * @param request the decoded body, of the type that belongs to the API in the context's header
     * @param context its way back
     */
    public void dispatch(ApiRequest request, RequestContext context) {
        short key = context.header().apiKey();
        RequestHandler<?> handler = handler(key);
        if (handler == null) {
            context.closeConnection("API key " + key + " is not served");
            return;
        }
        try {
            handle(handler, request, context);
        } catch (Throwable e) {
            if (request instanceof ProduceRequest produce && produce.acks() == 0) {
                UnexpectedFailure.close(context, e);
            } else {
                UnexpectedFailure.answer(context, e);
            }
        }
    }

    /** The registration ties the handler's type to the API's. */
    @SuppressWarnings("unchecked")
    private static <R extends ApiRequest> void handle(
            RequestHandler<R> handler, ApiRequest request, RequestContext context) {
        handler.handle((R) request, context);
    }
}
