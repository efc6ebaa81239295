package io.odradek.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.core.transport.BrokerAnswer;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.HeartbeatResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.net.socket.Transport;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Other brokers that do not answer, or answer what is no answer: who asked is told, and the next request starts afresh. */
class HostileAnswersTest {
    private static final HeartbeatRequest HEARTBEAT = new HeartbeatRequest("group", 1, "member", null);
    private static final int VERSION = 3;
    private static final int SHORT_MS = 200;

    /** Its length, correlation id, throttle time and error. */
    private static final int ANSWER_BYTES = 4 + 4 + 4 + 2;

    private final LeakWatch watch = new LeakWatch();

    @AfterEach
    void noBufferIsLost() {
        watch.close();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void whoSaysNothingCostsTheTimeOutAndTheConnection(Transport transport) throws Exception {
        try (ScriptedPeer silent = new ScriptedPeer((connection, in, out) -> ScriptedPeer.awaitEnd(in));
                CallingBroker broker = new CallingBroker(transport, Map.of())) {
            BrokerConnection connection = broker.connection(silent.address());
            CompletableFuture<BrokerAnswer> patient =
                    broker.send(connection, VERSION, HEARTBEAT, CallingBroker.PATIENCE_MS);

            assertThat(CallingBroker.failureOf(broker.send(connection, VERSION, HEARTBEAT, SHORT_MS)))
                    .hasMessageContaining("no answer to HEARTBEAT 3 within 200 ms");
            assertThat(CallingBroker.failureOf(patient)).hasMessageContaining("no answer to HEARTBEAT 3 within 200 ms");
            // The peer serves one connection after the other: that it serves the second shows that the first has ended.
            broker.send(connection, VERSION, HEARTBEAT, SHORT_MS);
            await().until(() -> silent.connections() == 2);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void theTimeOutCountsTheMakingOfTheConnection(Transport transport) throws Exception {
        // Nobody accepts, and the queue is full: the system answers no further connect.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                CallingBroker broker = new CallingBroker(transport, Map.of())) {
            InetSocketAddress address = new InetSocketAddress(full.getInetAddress(), full.getLocalPort());
            for (int i = 0; i < 5; i++) {
                CompletableFuture<BrokerAnswer> answer =
                        broker.send(broker.connection(address), VERSION, HEARTBEAT, SHORT_MS);
                assertThat(CallingBroker.failureOf(answer)).hasMessageContaining("within 200 ms");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void whoRefusesIsNamed(Transport transport) throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        try (CallingBroker broker = new CallingBroker(transport, Map.of())) {
            BrokerConnection connection = broker.connection("127.0.0.1", free);
            for (int i = 0; i < 3; i++) {
                CompletableFuture<BrokerAnswer> answer =
                        broker.send(connection, VERSION, HEARTBEAT, CallingBroker.PATIENCE_MS);
                assertThat(CallingBroker.failureOf(answer))
                        .hasMessageContaining("127.0.0.1:" + free)
                        .hasMessageContaining("refused");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void anAnswerThatIsCutOffFails(Transport transport) throws Exception {
        for (int bytes = 0; bytes < ANSWER_BYTES; bytes++) {
            int sent = bytes;
            expectOnceThenAnswered(transport, "closed the connection", Map.of(), (correlationId, out) -> {
                out.write(frame(correlationId).array(), 0, sent);
                out.flush();
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aLongAnswerThatIsCutOffFails(Transport transport) throws Exception {
        expectOnceThenAnswered(transport, "closed the connection", Map.of(), (correlationId, out) -> {
            out.write(ByteBuffer.allocate(8)
                    .putInt(50_000_000)
                    .putInt(correlationId)
                    .array());
            out.write(new byte[3_000_000]);
            out.flush();
        });
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aLengthBeyondTheBoundIsNotReadFor(Transport transport) throws Exception {
        for (int length : new int[] {-1, Integer.MIN_VALUE, 1_001, Integer.MAX_VALUE}) {
            expectOnceThenAnswered(
                    transport,
                    "odradek.broker.answer.max.bytes",
                    Map.of("odradek.broker.answer.max.bytes", "1000"),
                    (correlationId, out) -> {
                        out.write(ByteBuffer.allocate(8)
                                .putInt(length)
                                .putInt(correlationId)
                                .array());
                        out.flush();
                    });
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void anAnswerToAnotherRequestEndsTheConnection(Transport transport) throws Exception {
        expectOnceThenAnswered(transport, "was to be answered", Map.of(), (correlationId, out) -> {
            out.write(frame(correlationId + 1).array());
            out.flush();
        });
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void anAnswerToNothingEndsTheConnection(Transport transport) throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((connection, in, out) -> {
                    int correlationId = ScriptedPeer.readRequest(in);
                    out.write(frame(correlationId).array());
                    out.write(frame(correlationId).array());
                    out.flush();
                    ScriptedPeer.awaitEnd(in);
                });
                CallingBroker broker = new CallingBroker(transport, Map.of())) {
            BrokerConnection connection = broker.connection(peer.address());
            broker.ask(connection, VERSION, HEARTBEAT, HeartbeatResponse.class);
            await().until(() -> {
                // Either it has ended, or this request meets its end.
                broker.send(connection, VERSION, HEARTBEAT, CallingBroker.PATIENCE_MS);
                return peer.connections() > 1;
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void garbageEndsTheConnection(Transport transport) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 50; round++) {
            byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);
            try (ScriptedPeer peer = new ScriptedPeer((connection, in, out) -> {
                        int correlationId = ScriptedPeer.readRequest(in);
                        ByteBuffer head = ByteBuffer.allocate(9).putInt(garbage.length + 5);
                        out.write(head.putInt(correlationId).put((byte) 0).array());
                        out.write(garbage);
                        out.flush();
                        ScriptedPeer.awaitEnd(in);
                    });
                    CallingBroker broker = new CallingBroker(transport, Map.of())) {
                FetchRequest fetch =
                        new FetchRequest(null, 7, null, 0, 1, 1 << 20, (byte) 0, 0, -1, List.of(), List.of(), "");
                CompletableFuture<BrokerAnswer> answer =
                        broker.send(broker.connection(peer.address()), 12, fetch, CallingBroker.PATIENCE_MS);
                assertThat(CallingBroker.failureOf(answer)).hasMessageContaining("Broker 127.0.0.1:");
            }
        }
    }

    /** What a peer sends as its first answer. */
    private interface FirstAnswer {
        void write(int correlationId, OutputStream out) throws IOException;
    }

    private static void expectOnceThenAnswered(
            Transport transport, String message, Map<String, String> settings, FirstAnswer first) throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((connection, in, out) -> {
                    int correlationId = ScriptedPeer.readRequest(in);
                    if (connection == 1) {
                        first.write(correlationId, out);
                    } else {
                        out.write(frame(correlationId).array());
                        out.flush();
                        ScriptedPeer.awaitEnd(in);
                    }
                });
                CallingBroker broker = new CallingBroker(transport, settings)) {
            BrokerConnection connection = broker.connection(peer.address());

            assertThat(CallingBroker.failureOf(broker.send(connection, VERSION, HEARTBEAT, CallingBroker.PATIENCE_MS)))
                    .hasMessageContaining(message);
            assertThat(broker.ask(connection, VERSION, HEARTBEAT, HeartbeatResponse.class))
                    .isEqualTo(new HeartbeatResponse(ErrorCode.NONE));
        }
    }

    /** {@return a sound answer to a heartbeat of version 3, which is not flexible} */
    private static ByteBuffer frame(int correlationId) {
        return ByteBuffer.allocate(ANSWER_BYTES)
                .putInt(ANSWER_BYTES - Integer.BYTES)
                .putInt(correlationId)
                .putInt(0)
                .putShort((short) 0);
    }
}
