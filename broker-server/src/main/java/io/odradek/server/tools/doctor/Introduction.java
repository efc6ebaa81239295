package io.odradek.server.tools.doctor;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * What the first broker that answers says of its cluster. It is asked over a connection of its own, as a client goes on with the
 * advertised addresses at once, and says nothing of them where they cannot be reached.
 *
 * @param bootstrap the address that it was asked at
 * @param clusterId of its cluster; null if unknown
 * @param controller the controller's id; -1 if there is none
 * @param brokers with their advertised addresses
 */
record Introduction(InetAddress bootstrap, String clusterId, int controller, Collection<Node> brokers) {
    private static final int WITHIN_MS = 5_000;
    /** Old enough for every broker, and without tagged fields. */
    private static final short VERSION = 7;

    private static final int LONGEST_ANSWER_BYTES = 16 << 20;

    /** {@return whether a client with these settings speaks neither TLS nor SASL} */
    static boolean isPossible(Map<String, Object> settings) {
        return settings.getOrDefault("security.protocol", "PLAINTEXT").equals("PLAINTEXT");
    }

    /** {@return what the first says that answers} @param servers host and port of each */
    static Introduction ask(String servers) throws IOException {
        IOException failure = new IOException("No broker was named");
        for (String server : servers.split(",", -1)) {
            String bare = server.strip().substring(server.strip().lastIndexOf('/') + 1);
            int colon = bare.lastIndexOf(':');
            String host = bare.substring(0, colon).replaceAll("[\\[\\]]", "");
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(host, Integer.parseInt(bare.substring(colon + 1))), WITHIN_MS);
                socket.setSoTimeout(WITHIN_MS);
                return ask(socket);
            } catch (ConnectException | UnknownHostException unreachable) {
                // Of the others one is there.
            } catch (IOException unanswered) {
                failure = new IOException(
                        server.strip() + " takes connections and does not answer as a broker does", unanswered);
            }
        }
        throw failure;
    }

    private static Introduction ask(Socket socket) throws IOException {
        MetadataRequest request = new MetadataRequest.Builder(List.of(), false).build(VERSION);
        RequestHeader header = new RequestHeader(ApiKeys.METADATA, VERSION, "broker-doctor", 0);
        ByteBuffer question = request.serializeWithHeader(header);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(question.remaining());
        out.write(question.array(), question.arrayOffset() + question.position(), question.remaining());
        out.flush();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int length = in.readInt();
        if (length < 0 || length > LONGEST_ANSWER_BYTES) {
            throw new IOException("An answer of " + length + " bytes");
        }
        try {
            MetadataResponse answer =
                    (MetadataResponse) AbstractResponse.parseResponse(ByteBuffer.wrap(in.readNBytes(length)), header);
            Node controller = answer.controller();
            return new Introduction(
                    socket.getInetAddress(),
                    answer.clusterId(),
                    controller == null ? -1 : controller.id(),
                    answer.brokers());
        } catch (RuntimeException malformed) {
            throw new IOException("Not the answer of a broker", malformed);
        }
    }

    void look(Consumer<Finding> found) {
        for (Node broker : brokers) {
            found.accept(advertised(
                    broker, bootstrap.isLoopbackAddress(), loopbackOrWildcard(broker.host()), reachable(broker)));
        }
        found.accept(
                controller >= 0
                        ? Finding.ok("controller", "broker " + controller)
                        : Finding.fail(
                                "controller",
                                "There is none, so no leaders are elected and no topics created",
                                "See in the brokers' logs whether they reach ZooKeeper"));
    }

    boolean anyReachable() {
        return brokers.stream().anyMatch(Introduction::reachable);
    }

    /** {@return what is to be said of a broker's advertised address} */
    static Finding advertised(Node broker, boolean bootstrapIsLoopback, boolean namesOnlyItself, boolean reachable) {
        String about = "advertised.listeners of broker " + broker.id();
        String address = broker.host() + ":" + broker.port();
        if (namesOnlyItself && !bootstrapIsLoopback) {
            return Finding.fail(
                    about,
                    address + " means another machine to each client",
                    "Set advertised.listeners to the name by which clients reach the broker");
        }
        return reachable
                ? Finding.ok(about, address + " can be reached")
                : Finding.fail(
                        about,
                        address + " cannot be reached from here, and clients are sent there",
                        "Set advertised.listeners to an address that clients can reach, or open the port");
    }

    private static boolean loopbackOrWildcard(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            return address.isLoopbackAddress() || address.isAnyLocalAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    private static boolean reachable(Node broker) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(broker.host(), broker.port()), WITHIN_MS);
            return true;
        } catch (IOException unreachable) {
            return false;
        }
    }
}
