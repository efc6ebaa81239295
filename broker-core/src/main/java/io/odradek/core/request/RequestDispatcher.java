package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.storage.env.Meters;
import java.util.EnumMap;
import java.util.Map;

/** Hands each decoded request to the handler of its API. Immutable; called on the processors' threads. */
public final class RequestDispatcher {
    private final RequestHandler<?>[] handlers;
    private final Meters.Counter[] received;

    private RequestDispatcher(RequestHandler<?>[] handlers, Meters.Counter[] received) {
        this.handlers = handlers;
        this.received = received;
    }

    /** {@return whether requests of an API are served} */
    public boolean serves(ApiKey api) {
        return api.key() < handlers.length && handlers[api.key()] != null;
    }

    /**
     * Serves a request. Whatever the handler throws is answered ({@link UnexpectedFailure}).
     *
     * @param request the decoded body, of the type that belongs to the API in the context's header
     * @param context its way back
     */
    public void dispatch(ApiRequest request, RequestContext context) {
        short key = context.header().apiKey();
        RequestHandler<?> handler = key >= 0 && key < handlers.length ? handlers[key] : null;
        if (handler == null) {
            context.closeConnection("API key " + key + " is not served");
            return;
        }
        received[key].add(1);
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

    /** Collects the handlers of a broker. */
    public static final class Builder {
        private final Map<ApiKey, RequestHandler<?>> handlers = new EnumMap<>(ApiKey.class);
        private final Meters meters;

        /** @param meters count the requests of each API that come, as {@code request.received} */
        public Builder(Meters meters) {
            this.meters = meters;
        }

        /** Adds the handler of an API. */
        public Builder handler(ApiKey api, RequestHandler<?> handler) {
            if (handlers.put(api, handler) != null) {
                throw new IllegalArgumentException("Two handlers for " + api);
            }
            return this;
        }

        /** {@return the dispatcher} */
        public RequestDispatcher build() {
            int size = 0;
            for (ApiKey api : handlers.keySet()) {
                size = Math.max(size, api.key() + 1);
            }
            RequestHandler<?>[] byKey = new RequestHandler<?>[size];
            Meters.Counter[] received = new Meters.Counter[size];
            for (Map.Entry<ApiKey, RequestHandler<?>> entry : handlers.entrySet()) {
                ApiKey api = entry.getKey();
                byKey[api.key()] = entry.getValue();
                received[api.key()] = meters.counter("request.received", "api", api.name());
            }
            return new RequestDispatcher(byKey, received);
        }
    }
}
