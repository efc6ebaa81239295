package io.odradek.core.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.transport.BrokerAnswer;
import io.odradek.core.transport.BrokerClient;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.core.transport.Purpose;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.storage.env.EventLoop;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The way to brokers that answer when, and what, the test says. */
public final class ScriptedClient implements BrokerClient {
    /** Requests that are not answered yet, in their order. */
    public final List<Sent> sent = new ArrayList<>();
    /** The connections, as {@code host:port} for the purpose. */
    public final List<String> connections = new ArrayList<>();

    public boolean closed;

    /** A request under way. */
    public record Sent(
            String host,
            ApiKey api,
            int version,
            ApiRequest request,
            int timeoutMs,
            CompletableFuture<BrokerAnswer> answer) {}

    @Override
    public BrokerConnection connection(String host, int port, Purpose purpose, EventLoop loop) {
        connections.add(host + ":" + port + " for " + purpose.clientId());
        return new BrokerConnection() {
            @Override
            public CompletionStage<BrokerAnswer> send(ApiKey api, int version, ApiRequest request, int timeoutMs) {
                Sent one = new Sent(host, api, version, request, timeoutMs, new CompletableFuture<>());
                sent.add(one);
                return one.answer();
            }

            @Override
            public void close() {
                closed = true;
            }
        };
    }

    /** {@return the only request under way} */
    public Sent next() {
        assertThat(sent).hasSize(1);
        return sent.remove(0);
    }

    public <T extends ApiRequest> T next(Class<T> type) {
        assertThat(sent).hasSize(1);
        return type.cast(sent.get(0).request());
    }

    public void answer(ApiResponse response) {
        next().answer().complete(new BrokerAnswer() {
            @Override
            public ApiResponse response() {
                return response;
            }

            @Override
            public void close() {
                // nothing is held
            }
        });
    }

    public void lose() {
        next().answer().completeExceptionally(new BrokerUnreachableException("cut"));
    }

    @Override
    public InetAddress lookUp(String host) {
        return null;
    }

    @Override
    public void close() {
        closed = true;
    }
}
