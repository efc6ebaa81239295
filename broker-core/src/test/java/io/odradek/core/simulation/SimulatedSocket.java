package io.odradek.core.simulation;

import io.odradek.core.transport.ConnectionContext;
import io.odradek.core.transport.Peer;
import io.odradek.storage.env.SimulatedLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * A connection from its handshake to its end. Either end may be gone while the other does not know; who sends something to
 * an end that is gone is told so.
 */
final class SimulatedSocket {
    /** The end that asks. */
    interface ClientEnd {
        void connected();

        void answered(ByteBuffer answer);

        void lost();
    }

    private final SimulatedNetwork network;
    private final SimulatedNode client;
    private final SimulatedNode server;
    private final SimulatedPipe up;
    private final SimulatedPipe down;
    private final SimulatedNode.Service service;
    private final SimulatedLoop serverLoop;
    private final ClientEnd clientEnd;
    private final ConnectionContext context;
    private final Deque<ServedRequest> inWork = new ArrayDeque<>();
    private boolean clientOpen = true;
    private boolean serverOpen;

    SimulatedSocket(
            SimulatedNetwork network,
            SimulatedNode client,
            SimulatedLoop clientLoop,
            SimulatedNode server,
            ClientEnd clientEnd) {
        this.network = network;
        this.client = client;
        this.server = server;
        this.service = server.service();
        this.serverLoop = server.loop();
        this.clientEnd = clientEnd;
        this.up = new SimulatedPipe(network, client, server, serverLoop);
        this.down = new SimulatedPipe(network, server, client, clientLoop);
        this.context = new ConnectionContext(
                client + "-" + server,
                network.nextSequence(),
                Peer.anonymous(InetAddress.getLoopbackAddress(), "PLAINTEXT"));
        network.opened(this);
        up.send(() -> {
            serverOpen = true;
            down.send(() -> {
                if (clientOpen) {
                    clientEnd.connected();
                }
            });
        });
    }

    SimulatedNode client() {
        return client;
    }

    SimulatedNode server() {
        return server;
    }

    ConnectionContext context() {
        return context;
    }

    /** The client sends a request. */
    void send(ServedRequest request) {
        up.send(() -> {
            if (serverOpen) {
                inWork.add(request);
                network.tap().arrived(client, server, request.decode(this));
                request.handTo(service);
            } else {
                down.send(this::clientLearns);
            }
        });
    }

    /** The server sends the answers whose turn it is; slices of files are read now. */
    void sendAnswers() {
        while (serverOpen && !inWork.isEmpty() && inWork.peek().isDone()) {
            ServedRequest first = inWork.remove();
            if (first.closesConnection() || !answer(first)) {
                closeServer();
            }
        }
    }

    /** {@return false if a log file could not be read, so that the connection must be closed} */
    private boolean answer(ServedRequest request) {
        try {
            ByteBuffer answer = request.readAnswer();
            if (answer != null) {
                answer(answer);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void answer(ByteBuffer bytes) {
        down.send(() -> {
            if (clientOpen) {
                clientEnd.answered(bytes);
            } else {
                up.send(this::serverLearns);
            }
        });
    }

    void completed() {
        serverLoop.post(this::sendAnswers);
    }

    private void closeServer() {
        serverLearns();
        down.send(this::clientLearns);
    }

    /** The client closes its end. */
    void closeClient() {
        if (clientOpen) {
            clientOpen = false;
            up.cutAndTell(this::serverLearns);
            endIfBoth();
        }
    }

    /** Both ends learn that the connection is lost, each when the news arrives; or only one of them does. */
    void cut() {
        switch (network.draw(4)) {
            case 0 -> serverLearns();
            case 1 -> {
                clientLearns();
            }
            default -> {
                up.cutAndTell(this::serverLearns);
                down.cutAndTell(this::clientLearns);
            }
        }
    }

    /** One of the two processes is no more. */
    void processEnded(SimulatedNode node, boolean stillPowered) {
        boolean ofServer = node == server;
        if (ofServer) {
            serverLearns();
        } else {
            clientOpen = false;
        }
        SimulatedPipe outward = ofServer ? down : up;
        Consumer<Runnable> end = stillPowered ? outward::cutAndTell : told -> outward.cut();
        end.accept(ofServer ? this::clientLearns : this::serverLearns);
        (ofServer ? up : down).cut();
        if (!stillPowered) {
            // The other end knows nothing, and what it sends goes nowhere.
            network.ended(this);
        }
        endIfBoth();
    }

    private void clientLearns() {
        if (clientOpen) {
            clientOpen = false;
            clientEnd.lost();
            endIfBoth();
        }
    }

    private void serverLearns() {
        if (serverOpen) {
            serverOpen = false;
            List<ServedRequest> abandoned = List.copyOf(inWork);
            inWork.clear();
            abandoned.forEach(ServedRequest::clientLeft);
            endIfBoth();
        }
    }

    private void endIfBoth() {
        if (!clientOpen && !serverOpen) {
            network.ended(this);
        }
    }
}
