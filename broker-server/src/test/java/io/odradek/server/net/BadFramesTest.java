package io.odradek.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.ApiVersionsRequest;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.HeartbeatResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.net.socket.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a broker that faces strangers is sent: each costs its own connection, and no other. */
class BadFramesTest {
    private static final HeartbeatRequest HEARTBEAT = new HeartbeatRequest("group", 1, "member", null);
    private final List<RawClient> clients = new ArrayList<>();
    private FrontEnd frontEnd;

    private void start(Transport transport, String... settings) throws IOException {
        frontEnd = FrontEnd.answering(
                transport, (request, context) -> context.respond(new HeartbeatResponse(ErrorCode.NONE)), settings);
    }

    @AfterEach
    void close() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        frontEnd.close();
        assertThat(frontEnd.server.requestsInWork()).isZero();
    }

    private RawClient connect() throws IOException {
        RawClient client = frontEnd.connect();
        clients.add(client);
        return client;
    }

    private void assertServed(RawClient client, int correlationId) throws IOException {
        client.send(HEARTBEAT, (short) 3, correlationId);
        assertThat(client.receive().getInt()).isEqualTo(correlationId);
    }

    private void assertClosedFor(byte[] bytes) throws IOException {
        RawClient honest = connect();
        assertServed(honest, 1);
        RawClient bad = connect();
        bad.send(bytes);
        assertThat(bad.isClosedByPeer()).isTrue();
        assertServed(honest, 2);
        assertServed(connect(), 3);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aNegativeLengthClosesTheConnection(Transport transport) throws IOException {
        start(transport);
        assertClosedFor(new byte[] {-1, -1, -1, -5, 0, 0, 0, 0});
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aLengthBeyondTheLimitClosesTheConnection(Transport transport) throws IOException {
        start(transport, "socket.request.max.bytes", "1000");
        assertClosedFor(ByteBuffer.allocate(4).putInt(1001).array());
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aFrameWithoutAHeaderClosesTheConnection(Transport transport) throws IOException {
        start(transport);
        assertClosedFor(new byte[4]);
        assertClosedFor(new byte[] {0, 0, 0, 7, 0, 12, 0, 3, 0, 0, 0});
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void anUnknownApiKeyClosesTheConnection(Transport transport) throws IOException {
        start(transport);
        byte[] frame = RawClient.frame(HEARTBEAT, (short) 3, 7);
        frame[4] = 0x7f;
        assertClosedFor(frame);
        frame[4] = -1;
        assertClosedFor(frame);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void anUnknownVersionClosesTheConnection(Transport transport) throws IOException {
        start(transport);
        byte[] frame = RawClient.frame(HEARTBEAT, (short) 3, 7);
        frame[7] = 99;
        assertClosedFor(frame);
        frame[6] = -1;
        assertClosedFor(frame);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aStringLongerThanTheFrameClosesTheConnection(Transport transport) throws IOException {
        start(transport);
        byte[] frame = RawClient.frame(HEARTBEAT, (short) 3, 7);
        frame[4 + 8 + 2 + 3] = 0x7f;
        frame[4 + 8 + 2 + 4] = 0x7f;
        assertClosedFor(frame);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void bytesBehindARequestAreIgnored(Transport transport) throws IOException {
        start(transport);
        RawClient client = connect();
        byte[] frame = RawClient.frame(HEARTBEAT, (short) 3, 7);
        byte[] longer = Arrays.copyOf(frame, frame.length + 3);
        ByteBuffer.wrap(longer).putInt(0, frame.length - 4 + 3);
        client.send(longer);
        assertThat(client.receive().getInt()).isEqualTo(7);
        assertServed(client, 8);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void tagsOfTheHeaderThatNobodyKnowsAreIgnored(Transport transport) throws IOException {
        start(transport);
        RawClient client = connect();
        byte[] frame = RawClient.frame(HEARTBEAT, (short) 4, 7);
        int tagsAt = 4 + 8 + 2 + "raw".length();
        byte[] tagged = {1, 99, 2, 5, 6};
        ByteBuffer out = ByteBuffer.allocate(frame.length + tagged.length - 1);
        out.putInt(out.capacity() - 4).put(frame, 4, tagsAt - 4).put(tagged);
        out.put(frame, tagsAt + 1, frame.length - tagsAt - 1);
        client.send(out.array());
        assertThat(client.receive().getInt()).isEqualTo(7);
        assertServed(client, 8);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aRequestBeforeTheGarbageIsAnswered(Transport transport) throws IOException {
        start(transport);
        RawClient client = connect();
        client.send(HEARTBEAT, (short) 3, 11);
        assertThat(client.receive().getInt()).isEqualTo(11);
        client.send(new byte[] {-1, -1, -1, -1});
        assertThat(client.isClosedByPeer()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void apiVersionsOfTheFutureComesThroughAndIsAnsweredInVersionZero(Transport transport) throws Exception {
        try (FrontEnd collecting = FrontEnd.collecting(transport)) {
            frontEnd = collecting;
            RawClient client = connect();
            byte[] frame = RawClient.frame(new ApiVersionsRequest("raw", "1"), (short) 3, 5);
            frame[7] = 77;
            client.send(frame);
            FrontEnd.Arrived arrived = collecting.arrived.take();

            assertThat(arrived.request()).isInstanceOf(ApiVersionsRequest.class);
            assertThat(arrived.context().header().apiVersion()).isEqualTo((short) 77);
            arrived.context().closeConnection("the test is over");
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void twoThousandConnectionsWithHalfAFrameCostNoOneElseAnything(Transport transport) throws IOException {
        start(
                transport,
                "odradek.partial.requests.max.bytes",
                Integer.toString(64 * 1024 * 1024),
                "socket.listen.backlog.size",
                "2000");
        RawClient honest = connect();
        assertServed(honest, 1);
        byte[] halfFrame = new byte[200];
        ByteBuffer.wrap(halfFrame).putInt(0, 60_000_000);
        for (int i = 0; i < 2000; i++) {
            connect().send(halfFrame);
        }
        for (int i = 0; i < 100; i++) {
            assertServed(honest, 100 + i);
        }
        assertServed(connect(), 2);
        await().untilAsserted(() -> assertThat(frontEnd.server.partialBytes())
                .isLessThanOrEqualTo(64 * 1024 * 1024)
                .isGreaterThan(0));
        assertThat(frontEnd.server.connections()).isLessThan(1100);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aConnectionThatIsIdleIsClosed(Transport transport) throws IOException {
        start(transport, "connections.max.idle.ms", "50");
        RawClient client = connect();
        assertServed(client, 1);
        assertThat(client.isClosedByPeer()).isTrue();
        await().until(() -> frontEnd.server.connections() == 0);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void connectionsBeyondTheLimitsAreRefused(Transport transport) throws IOException {
        start(transport, "max.connections", "3");
        for (int i = 0; i < 3; i++) {
            assertServed(connect(), i);
        }
        assertThat(connect().isClosedByPeer()).isTrue();
        clients.get(0).close();
        await().until(() -> frontEnd.server.connections() == 2);
        assertServed(connect(), 9);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void connectionsOfOneAddressBeyondTheLimitAreRefused(Transport transport) throws IOException {
        start(transport, "max.connections.per.ip", "1", "max.connections.per.ip.overrides", "127.0.0.1:2");
        assertServed(connect(), 1);
        assertServed(connect(), 2);
        assertThat(connect().isClosedByPeer()).isTrue();
    }
}
