package io.odradek.core.orders;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.transport.BrokerClient;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.core.transport.ControllerClient;
import io.odradek.core.transport.Purpose;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Brings requests to the controller that the metadata image names: to this broker itself by a plain call, to another over a
 * connection for each API, so that a slow answer of one holds up no other. State lives on the cluster loop.
 *
 * <pre>
 *   a request ──▶ looking ── controller known ──▶ sent ── answered ──▶ done
 *                  ▲  └── not known ─▶ waiting ◀── lost, NOT_CONTROLLER ─┘     time over: failed
 *                  └──────────────────────┘
 * </pre>
 */
public final class ControllerCalls implements ControllerClient {
    private static final long NANOS_PER_MS = 1_000_000;
    private static final long FIRST_PAUSE_MS = 50;
    private static final long LAST_PAUSE_MS = 1_000;

    private final ControlListener listener;
    private final BrokerClient client;
    private final OwnController own;
    private final MetadataSource metadata;
    private final EventLoop loop;
    private final Clock clock;
    private final Map<ApiKey, Line> lines = new EnumMap<>(ApiKey.class);

    /** The controller of this broker. */
    public interface OwnController {
        /** {@return the answer, on any thread, as another broker would get it} */
        CompletionStage<ApiResponse> serve(ApiKey api, int version, ApiRequest request);
    }

    /** A connection, and where to. */
    private record Line(int brokerId, Endpoint endpoint, BrokerConnection connection) {}

    /**
     * @param listener how controller and brokers reach each other
     * @param client the way to other brokers
     * @param own the controller of this broker
     * @param metadata knows who governs
     * @param loop the cluster loop
     */
    public ControllerCalls(
            ControlListener listener,
            BrokerClient client,
            OwnController own,
            MetadataSource metadata,
            EventLoop loop,
            Clock clock) {
        this.listener = listener;
        this.client = client;
        this.own = own;
        this.metadata = metadata;
        this.loop = loop;
        this.clock = clock;
    }

    @Override
    public CompletionStage<ApiResponse> send(ApiKey api, int version, ApiRequest request, int timeoutMs) {
        Call call = new Call(api, version, request, clock.monotonicNs() + timeoutMs * NANOS_PER_MS);
        loop.post(call::attempt);
        return call.answer;
    }

    /**
     * The metadata image may name another controller: lines to others are closed, so that what is under way there does not
     * wait for an answer that may never come, but is sent again. From any thread.
     */
    public void controllerChanged() {
        loop.post(() -> {
            int controller = metadata.image().controllerId();
            List<Line> others = new ArrayList<>(lines.values());
            others.removeIf(line -> line.brokerId() == controller);
            lines.values().removeAll(others);
            others.forEach(line -> line.connection().close());
        });
    }

    /** One request, from its first attempt to its answer. */
    private final class Call {
        private final ApiKey api;
        private final int version;
        private final ApiRequest request;
        private final long deadlineNs;
        private final CompletableFuture<ApiResponse> answer = new CompletableFuture<>();
        private long pauseMs = FIRST_PAUSE_MS;

        Call(ApiKey api, int version, ApiRequest request, long deadlineNs) {
            this.api = api;
            this.version = version;
            this.request = request;
            this.deadlineNs = deadlineNs;
        }

        void attempt() {
            MetadataImage image = metadata.image();
            int controller = image.controllerId();
            BrokerInfo broker = image.brokers().get(controller);
            Endpoint endpoint = broker == null ? null : broker.endpoints().get(listener.name());
            if (controller == listener.brokerId()) {
                own.serve(api, version, request)
                        .whenComplete((response, error) -> loop.post(() -> ended(response, error)));
            } else if (endpoint == null) {
                later("the controller is not known");
            } else {
                sendTo(controller, endpoint);
            }
        }

        private void sendTo(int controller, Endpoint endpoint) {
            int mostMs = (int) Math.min(listener.timeoutMs(), Math.max(1, leftMs()));
            try {
                line(api, controller, endpoint)
                        .connection()
                        .send(api, version, request, mostMs)
                        .whenComplete((response, error) -> {
                            if (error != null) {
                                ended(null, error);
                                return;
                            }
                            try (response) {
                                ended(response.response(), null);
                            }
                        });
            } catch (BrokerUnreachableException e) {
                ended(null, e);
            }
        }

        private void ended(ApiResponse response, Throwable error) {
            if (error != null) {
                later(cause(error).getMessage());
            } else if (NotController.isSaidBy(response)) {
                later("another broker has become controller");
            } else {
                answer.complete(response);
            }
        }

        private void later(String why) {
            if (leftMs() <= pauseMs) {
                answer.completeExceptionally(
                        new BrokerUnreachableException(api + " has not been answered in time: " + why));
                return;
            }
            loop.schedule(pauseMs, this::attempt);
            pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS);
        }

        private long leftMs() {
            return (deadlineNs - clock.monotonicNs()) / NANOS_PER_MS;
        }
    }

    /** A controller that has been followed by another one needs no line any more: what is under way there is sent again. */
    private Line line(ApiKey api, int controller, Endpoint endpoint) {
        Line line = lines.get(api);
        if (line == null || line.brokerId() != controller || !line.endpoint().equals(endpoint)) {
            if (line != null) {
                lines.remove(api);
                line.connection().close();
            }
            Purpose purpose = Purpose.of(listener.name(), "broker-" + listener.brokerId() + "-to-controller");
            line = new Line(controller, endpoint, client.connection(endpoint.host(), endpoint.port(), purpose, loop));
            lines.put(api, line);
        }
        return line;
    }

    private static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
