package io.odradek.core.simulation;

import io.odradek.core.transport.BrokerAnswer;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.core.transport.EncodedRequest;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.wire.WireReader;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.SimulatedLoop;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The asking end of connections, one after the other, over a {@link SimulatedNetwork}. */
final class SimulatedConnection implements BrokerConnection {
    private static final int REFUSED_AFTER_MS = 1;

    /**
     * Where things arrive.
     *
     * @param network for the process
     * @param caller for whoever uses the connection
     */
    record Loops(SimulatedLoop network, EventLoop caller) {}

    private static final class Pending {
        private final ApiKey api;
        private final int version;
        private final ServedRequest request;
        private final CompletableFuture<BrokerAnswer> result = new CompletableFuture<>();
        private EventLoop.Timeout timeout;

        Pending(ApiKey api, int version, ServedRequest request) {
            this.api = api;
            this.version = version;
            this.request = request;
        }
    }

    private final SimulatedNetwork network;
    private final SimulatedNode from;
    private final SimulatedNode to;
    private final String clientId;
    private final Loops loops;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private Attempt attempt;
    private boolean closed;
    private int correlation;

    SimulatedConnection(SimulatedNetwork network, SimulatedNode from, SimulatedNode to, String clientId, Loops loops) {
        this.network = network;
        this.from = from;
        this.to = to;
        this.clientId = clientId;
        this.loops = loops;
    }

    /** One connection from its making to its loss. */
    private final class Attempt implements SimulatedSocket.ClientEnd {
        private SimulatedSocket socket;
        private boolean connected;

        void begin() {
            if (to != null && to.service() != null) {
                socket = new SimulatedSocket(network, from, loops.network(), to, this);
            } else if (to != null && to.isPowered() && !network.isBlocked(from, to) && !network.isBlocked(to, from)) {
                loops.network().schedule(REFUSED_AFTER_MS, this::lost);
            }
        }

        void send(Pending call) {
            if (connected) {
                socket.send(call.request);
            }
        }

        void close() {
            if (socket != null) {
                socket.closeClient();
            }
        }

        @Override
        public void connected() {
            if (attempt == this) {
                connected = true;
                pending.forEach(this::send);
            }
        }

        @Override
        public void answered(ByteBuffer answer) {
            if (attempt == this) {
                Pending call = pending.remove();
                call.timeout.cancel();
                Answer decoded = new Answer(answer, call);
                loops.caller().post(() -> call.result.complete(decoded));
            }
        }

        @Override
        public void lost() {
            if (attempt == this) {
                lose("The connection to " + to + " is lost");
            }
        }
    }

    @Override
    public CompletionStage<BrokerAnswer> send(ApiKey api, int version, ApiRequest request, int timeoutMs) {
        ServedRequest served = new ServedRequest(api, version, correlation++, clientId, request);
        Pending call = new Pending(api, version, served);
        if (closed) {
            fail(call, "The connection to " + to + " is closed");
            return call.result;
        }
        call.timeout = loops.caller().schedule(timeoutMs, () -> timedOut(call));
        pending.add(call);
        if (attempt == null) {
            attempt = new Attempt();
            attempt.begin();
        } else {
            attempt.send(call);
        }
        return call.result;
    }

    private void timedOut(Pending call) {
        if (pending.contains(call)) {
            lose(call.api + " was not answered by " + to + " in time");
        }
    }

    /** What is under way fails; the next request makes a new connection. */
    private void lose(String why) {
        Attempt lost = attempt;
        attempt = null;
        List<Pending> failed = new ArrayList<>(pending);
        pending.clear();
        if (lost != null) {
            lost.close();
        }
        for (Pending call : failed) {
            call.timeout.cancel();
            fail(call, why);
        }
    }

    private void fail(Pending call, String why) {
        loops.caller().post(() -> call.result.completeExceptionally(new BrokerUnreachableException(why)));
    }

    @Override
    public void close() {
        closed = true;
        lose("The connection to " + to + " was closed");
    }

    boolean isClosed() {
        return closed;
    }

    /** An answer whose bytes turn to rubbish when it is closed. */
    private static final class Answer implements BrokerAnswer {
        private final ByteBuffer bytes;
        private final ApiResponse response;
        private boolean closed;

        Answer(ByteBuffer bytes, Pending call) {
            this.bytes = bytes;
            this.response = ApiCodecs.readResponse(call.api, (short) call.version, new WireReader(bytes.duplicate()));
        }

        @Override
        public ApiResponse response() {
            if (closed) {
                throw new IllegalStateException("An answer is used that has been closed");
            }
            return response;
        }

        @Override
        public void close() {
            if (closed) {
                throw new IllegalStateException("An answer is closed a second time");
            }
            closed = true;
            Arrays.fill(bytes.array(), EncodedRequest.RUBBISH);
        }
    }
}
