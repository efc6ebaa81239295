package io.odradek.server.net;

import io.netty.channel.EventLoop;
import io.odradek.core.config.BrokerConfig;
import io.odradek.core.memory.MemoryAccount;
import io.odradek.core.transport.BrokerAnswer;
import io.odradek.core.transport.BrokerClient;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.core.transport.Purpose;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.server.env.SecureRandoms;
import io.odradek.server.env.SystemClock;
import io.odradek.server.env.ThreadEventLoop;
import io.odradek.server.net.link.NettyBrokerClient;
import io.odradek.server.net.socket.Transport;
import io.odradek.storage.env.Guests;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A broker that is reduced to its way to others: a loop that calls, and the network's loops. */
final class CallingBroker implements AutoCloseable {
    static final int PATIENCE_MS = 30_000;

    final BrokerClient client;
    private final ThreadEventLoop caller =
            new ThreadEventLoop("caller", true, new Guests(new SystemClock(), new SecureRandoms())).start();
    private final ExecutorService blocking = Executors.newSingleThreadExecutor();
    private final EventLoop[] loops;

    CallingBroker(Transport transport, Map<String, String> settings) {
        BrokerConfig config = BrokerConfig.of(settings);
        loops = transport.loops(2, true, made -> {});
        client = new NettyBrokerClient(
                config,
                NetworkLimits.of(config, MemoryAccount.of(config, 1L << 30, 1L << 30))
                        .mostDecodedBytes(),
                transport,
                loops,
                blocking,
                null);
    }

    BrokerConnection connection(InetSocketAddress to) {
        return connection(to.getAddress().getHostAddress(), to.getPort());
    }

    BrokerConnection connection(String host, int port) {
        return client.connection(host, port, Purpose.of("PLAINTEXT", "broker-7-test"), caller);
    }

    BrokerConnection connection(InetSocketAddress to, String clientId) {
        return client.connection(
                to.getAddress().getHostAddress(), to.getPort(), Purpose.of("PLAINTEXT", clientId), caller);
    }

    /** Sends a request from the caller's loop. {@return its answer, which fails if it does not come to that loop} */
    CompletableFuture<BrokerAnswer> send(BrokerConnection over, int version, ApiRequest request, int timeoutMs) {
        CompletableFuture<BrokerAnswer> answer = new CompletableFuture<>();
        caller.post(() -> over.send(ApiCodecs.key(request), version, request, timeoutMs)
                .whenComplete((received, failure) -> {
                    if (!caller.inLoop()) {
                        answer.completeExceptionally(new AssertionError("It came on another thread"));
                    } else if (failure != null) {
                        answer.completeExceptionally(failure);
                    } else {
                        answer.complete(received);
                    }
                }));
        return answer;
    }

    /** {@return the answer, of an API without record data} */
    <R extends ApiResponse> R ask(BrokerConnection over, int version, ApiRequest request, Class<R> type)
            throws Exception {
        try (BrokerAnswer answer = within(send(over, version, request, PATIENCE_MS))) {
            return type.cast(answer.response());
        }
    }

    /** {@return why no answer came} */
    static BrokerUnreachableException failureOf(CompletableFuture<BrokerAnswer> answer) throws Exception {
        try {
            within(answer).close();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof BrokerUnreachableException expected) {
                return expected;
            }
            throw failure;
        }
        throw new AssertionError("There was an answer");
    }

    static BrokerAnswer within(CompletableFuture<BrokerAnswer> answer) throws Exception {
        return answer.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    }

    /** Closes a connection from the caller's loop. */
    void close(BrokerConnection connection) {
        caller.post(connection::close);
    }

    @Override
    public void close() {
        client.close();
        for (EventLoop loop : loops) {
            loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        }
        blocking.shutdown();
        caller.close();
    }
}
