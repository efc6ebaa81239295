package io.odradek.core.engine;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.metadata.MetadataCache;
import io.odradek.core.orders.ControllerCalls;
import io.odradek.core.request.OwnRequest;
import io.odradek.core.request.RequestDispatcher;
import io.odradek.core.transport.ControllerClient;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import java.util.concurrent.CompletionStage;

/** The way to whichever broker is controller; made when it is first gone, which in a broker alone is never. Thread-safe. */
final class EngineControllerClient implements ControllerClient {
    private final BrokerConfig config;
    private final EngineEnvironment environment;
    private final int brokerId;
    private final MetadataCache metadata;
    private RequestDispatcher own;
    private ControllerClient made;

    EngineControllerClient(BrokerConfig config, EngineEnvironment environment, int brokerId, MetadataCache metadata) {
        this.config = config;
        this.environment = environment;
        this.brokerId = brokerId;
        this.metadata = metadata;
    }

    /** Says who serves requests to this broker itself; before the first request. */
    synchronized void serveOwn(RequestDispatcher dispatcher) {
        own = dispatcher;
    }

    @Override
    public CompletionStage<ApiResponse> send(ApiKey api, int version, ApiRequest request, int timeoutMs) {
        return made().send(api, version, request, timeoutMs);
    }

    private synchronized ControllerClient made() {
        if (made == null) {
            RequestDispatcher dispatcher = own;
            ControllerCalls calls = new ControllerCalls(
                    EngineSettings.controlListener(config, brokerId),
                    environment.brokers(),
                    (api, version, request) -> OwnRequest.serve(dispatcher, api, version, request),
                    metadata,
                    environment.loops().cluster(),
                    environment.clock());
            metadata.onController(calls::controllerChanged);
            made = calls;
        }
        return made;
    }
}
