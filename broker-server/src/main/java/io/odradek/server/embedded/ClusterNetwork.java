package io.odradek.server.embedded;

import io.odradek.core.transport.BrokerAnswer;
import io.odradek.core.transport.BrokerClient;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.core.transport.Purpose;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.storage.env.EventLoop;
import java.net.InetAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The network between the brokers of a cluster, which may be cut around some of them. Clients do not go by it. Thread-safe. */
final class ClusterNetwork {
    private final Map<Integer, Integer> brokerAtPort = new ConcurrentHashMap<>();
    private final Set<Integer> isolated = ConcurrentHashMap.newKeySet();

    /** A broker listens on a port, in all its lives. */
    void listens(int brokerId, int port) {
        brokerAtPort.put(port, brokerId);
    }

    void isolate(int brokerId) {
        isolated.add(brokerId);
    }

    void rejoin(int brokerId) {
        isolated.remove(brokerId);
    }

    boolean isIsolated(int brokerId) {
        return isolated.contains(brokerId);
    }

    /** A broker that is cut off still reaches itself. */
    private boolean reaches(int from, int port) {
        Integer to = brokerAtPort.get(port);
        return to == null || to == from || !isolated.contains(from) && !isolated.contains(to);
    }

    /** {@return a broker's way to the others, over this network} */
    BrokerClient way(int brokerId, BrokerClient direct) {
        return new BrokerClient() {
            @Override
            public BrokerConnection connection(String host, int port, Purpose purpose, EventLoop loop) {
                return new Line(brokerId, port, direct.connection(host, port, purpose, loop), loop);
            }

            @Override
            public InetAddress lookUp(String host) {
                return direct.lookUp(host);
            }

            @Override
            public void close() {
                direct.close();
            }
        };
    }

    /** A connection that gives nothing and takes nothing while the network is cut. */
    private final class Line implements BrokerConnection {
        private final int from;
        private final int port;
        private final BrokerConnection direct;
        private final EventLoop loop;

        Line(int from, int port, BrokerConnection direct, EventLoop loop) {
            this.from = from;
            this.port = port;
            this.direct = direct;
            this.loop = loop;
        }

        @Override
        public CompletionStage<BrokerAnswer> send(ApiKey api, int version, ApiRequest request, int timeoutMs) {
            if (!reaches(from, port)) {
                CompletableFuture<BrokerAnswer> failed = new CompletableFuture<>();
                loop.post(() -> failed.completeExceptionally(cut(api)));
                return failed;
            }
            return direct.send(api, version, request, timeoutMs).thenApply(answer -> {
                if (!reaches(from, port)) {
                    answer.close();
                    throw cut(api);
                }
                return answer;
            });
        }

        private BrokerUnreachableException cut(ApiKey api) {
            return new BrokerUnreachableException(
                    api + " of broker " + from + " does not reach the one at port " + port + ": the network is cut");
        }

        @Override
        public void close() {
            direct.close();
        }
    }
}
