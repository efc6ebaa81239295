package io.odradek.core.brokers;

import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.transport.BrokerAnswer;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.core.transport.Purpose;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.storage.env.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The line to one broker: a connection to where it listens now. Lives on its loop. */
public final class BrokerLine {
    private final int brokerId;
    private final BrokerLines shared;
    private BrokerConnection connection;
    private Endpoint connected;

    BrokerLine(int brokerId, BrokerLines shared) {
        this.brokerId = brokerId;
        this.shared = shared;
    }

    /** {@return where it lives} */
    public EventLoop loop() {
        return shared.loop();
    }

    /**
     * Sends a request.
     *
     * @return the answer, on the loop, which whoever takes it closes; fails, mostly with {@link BrokerUnreachableException}, after which
     *     the request may or may not have been carried out
     */
    public CompletionStage<BrokerAnswer> send(ApiKey api, int version, ApiRequest request) {
        CompletionStage<BrokerAnswer> answer;
        try {
            answer = connection().send(api, version, request, shared.listener().timeoutMs());
        } catch (RuntimeException e) {
            // Whatever it is: who waits for the answer to send the next request must be told.
            answer = CompletableFuture.failedStage(e);
        }
        return answer.whenComplete((taken, failure) -> {
            if (failure != null) {
                shared.lines()
                        .warn("Broker " + brokerId + " has not answered a request of " + api + ": "
                                + failure.getMessage());
            }
        });
    }

    private BrokerConnection connection() {
        BrokerInfo broker = shared.metadata().image().brokers().get(brokerId);
        Endpoint endpoint =
                broker == null ? null : broker.endpoints().get(shared.listener().name());
        if (endpoint == null) {
            throw new BrokerUnreachableException("Broker " + brokerId + " is not known on the listener "
                    + shared.listener().name());
        }
        if (connection == null || !endpoint.equals(connected)) {
            close();
            connection = shared.client()
                    .connection(
                            endpoint.host(),
                            endpoint.port(),
                            Purpose.of(
                                    shared.listener().name(), shared.listener().clientId()),
                            shared.loop());
            connected = endpoint;
        }
        return connection;
    }

    private void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
