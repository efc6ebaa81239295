package io.odradek.server.net;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.memory.MemoryAccount;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.server.env.SecureRandoms;
import io.odradek.server.env.SystemClock;
import io.odradek.server.net.socket.Transport;
import io.odradek.storage.env.Guests;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A started front end whose requests go where the test says. */
final class FrontEnd implements AutoCloseable {
    /** A request that has arrived. */
    record Arrived(ApiRequest request, RequestContext context) {}

    final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>();
    final MemoryAccount memory;
    final NetworkServer server;
    final InetSocketAddress address;

    private FrontEnd(Transport transport, RequestReceiver receiver, String... settings) throws IOException {
        Map<String, String> given = new HashMap<>();
        given.put("listeners", "PLAINTEXT://127.0.0.1:0");
        given.put("num.network.threads", "2");
        for (int i = 0; i < settings.length; i += 2) {
            given.put(settings[i], settings[i + 1]);
        }
        RequestReceiver taker = receiver != null ? receiver : this::keepInWork;
        BrokerConfig config = BrokerConfig.of(given);
        memory = MemoryAccount.of(config, 1L << 30, 1L << 30);
        server = new NetworkServer(
                config, transport, new Guests(new SystemClock(), new SecureRandoms()), true, memory, taker, null);
        address = server.bind().get(0);
        server.serve();
    }

    private void keepInWork(ApiRequest request, RequestContext context) {
        context.workBegins(1);
        arrived.add(new Arrived(request, context));
    }

    /** Starts one whose requests stand in {@link #arrived}, in work until {@link RequestContext#workEnds}. */
    static FrontEnd collecting(Transport transport, String... settings) throws IOException {
        return new FrontEnd(transport, null, settings);
    }

    /** Starts one that hands its requests to a receiver. */
    static FrontEnd answering(Transport transport, RequestReceiver receiver, String... settings) throws IOException {
        return new FrontEnd(transport, receiver, settings);
    }

    RawClient connect() throws IOException {
        return new RawClient(address);
    }

    @Override
    public void close() {
        server.close();
    }
}
