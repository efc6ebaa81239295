package io.odradek.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.core.config.dynamic.ClientEntity;
import io.odradek.core.quota.ClientQuotas;
import io.odradek.core.quota.QuotaSpan;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.HeartbeatResponse;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.server.env.SecureRandoms;
import io.odradek.server.env.SystemClock;
import io.odradek.server.net.socket.Transport;
import io.odradek.storage.env.Guests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that has had too much rests, and holds nothing of what others need meanwhile. */
class ThrottledConnectionTest implements RequestReceiver {
    private static final HeartbeatRequest HEARTBEAT = new HeartbeatRequest("group", 1, "member", null);
    private static final HeartbeatResponse ANSWER = new HeartbeatResponse(ErrorCode.NONE);
    private static final ProduceResponse PRODUCED = new ProduceResponse(List.of(), List.of());
    private static final short HEARTBEAT_VERSION = 3;
    private static final short PRODUCE_VERSION = 8;

    private final ClientQuotas quotas = new ClientQuotas(
            new Guests(new SystemClock(), new SecureRandoms()), new QuotaSpan(2, 1_000), new QuotaSpan(2, 1_000), 100);
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicReference<RequestContext> waiting = new AtomicReference<>();
    private volatile boolean waits;
    private FrontEnd frontEnd;
    private RawClient client;

    @Override
    public void receive(ApiRequest request, RequestContext context) {
        received.incrementAndGet();
        if (waits) {
            waiting.set(context);
        } else if (request instanceof ProduceRequest produce) {
            if (produce.acks() == 0) {
                context.respondNothing();
            } else {
                context.respond(PRODUCED);
            }
        } else {
            context.respond(ANSWER);
        }
    }

    @Override
    public ClientQuotas quotas() {
        return quotas.any() ? quotas : null;
    }

    private void begin(String... settings) throws IOException {
        frontEnd = FrontEnd.answering(Transport.NIO, this, settings);
        client = frontEnd.connect();
    }

    @BeforeEach
    void hold() {
        quotas.changed(new ClientEntity(null, "raw", null), new TreeMap<>(Map.of("producer_byte_rate", "1000")));
    }

    @AfterEach
    void end() throws IOException {
        client.close();
        frontEnd.close();
    }

    private static ProduceRequest produce(int acks, int bytes) {
        BytesPayload records = new BytesPayload(ByteBuffer.allocate(bytes));
        return new ProduceRequest(
                null,
                (short) acks,
                1_000,
                List.of(new TopicProduceData("t", List.of(new PartitionProduceData(0, records)))));
    }

    /** {@return for how long the next answer tells to rest} @param before what the answer has before that, in bytes */
    private int throttleMs(int before) throws IOException {
        ByteBuffer answer = client.receive();
        return answer.getInt(Integer.BYTES + before);
    }

    private int produces(int bytes) throws IOException {
        client.send(produce(1, bytes), PRODUCE_VERSION, 1);
        return throttleMs(Integer.BYTES);
    }

    private static long msSince(long beganNs) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs);
    }

    @Test
    void whoIsToRestIsToldAndNotHeardMeanwhile() throws Exception {
        begin();
        long beganNs = System.nanoTime();
        int forMs = produces(1_500);
        assertThat(forMs).isBetween(500, 700);
        client.send(HEARTBEAT, HEARTBEAT_VERSION, 2);
        assertThat(throttleMs(0)).isZero();
        assertThat(msSince(beganNs)).isGreaterThanOrEqualTo(forMs);
        client.send(HEARTBEAT, HEARTBEAT_VERSION, 3);
        client.receive();
        assertThat(received).hasValue(3);
    }

    @Test
    void whoIsNotAnsweredRestsAsWell() throws Exception {
        begin();
        long beganNs = System.nanoTime();
        client.send(produce(0, 1_500), PRODUCE_VERSION, 1);
        client.send(HEARTBEAT, HEARTBEAT_VERSION, 2);
        client.receive();
        assertThat(msSince(beganNs)).isGreaterThanOrEqualTo(500);
    }

    @Test
    void whatComesInOneGoIsServedInItsOrderAfterEachRest() throws Exception {
        begin();
        byte[] one = RawClient.frame(produce(1, 700), PRODUCE_VERSION, 1);
        ByteBuffer three = ByteBuffer.allocate(3 * one.length + 100);
        three.put(one).put(one).put(one);
        three.put(RawClient.frame(HEARTBEAT, HEARTBEAT_VERSION, 2));
        client.send(three.array(), 0, three.position());
        long beganNs = System.nanoTime();
        assertThat(throttleMs(Integer.BYTES)).isZero();
        int second = throttleMs(Integer.BYTES);
        assertThat(second).isPositive();
        assertThat(received).hasValue(2);
        int third = throttleMs(Integer.BYTES);
        assertThat(third).isPositive();
        assertThat(client.receive().getInt()).isEqualTo(2);
        assertThat(msSince(beganNs)).isGreaterThanOrEqualTo(second + third);
    }

    @Test
    void othersAreServedMeanwhile() throws Exception {
        begin("queued.max.requests", "1");
        int forMs = produces(3_000);
        long beganNs = System.nanoTime();
        client.send(HEARTBEAT, HEARTBEAT_VERSION, 2);
        try (RawClient other = frontEnd.connect()) {
            for (int i = 0; i < 100; i++) {
                other.send(HEARTBEAT, HEARTBEAT_VERSION, i);
                other.receive();
            }
        }
        assertThat(msSince(beganNs)).isLessThan(forMs);
        assertThat(received).as("all but one of who rests").hasValue(101);
    }

    @Test
    void whoHasRestedHasNotBeenIdle() throws Exception {
        begin("connections.max.idle.ms", "1500");
        assertThat(produces(2_000)).isBetween(1_000, 1_400);
        client.send(HEARTBEAT, HEARTBEAT_VERSION, 2);
        assertThat(client.receive().getInt()).isEqualTo(2);
        client.send(HEARTBEAT, HEARTBEAT_VERSION, 3);
        assertThat(client.receive().getInt()).isEqualTo(3);
    }

    @Test
    void whoLeavesMeanwhileIsForgottenAfterwards() throws Exception {
        begin();
        assertThat(produces(1_500)).isPositive();
        client.close();
        await().until(() -> frontEnd.server.connections() == 0);
    }

    @Test
    void whoLeavesBeforeTheAnswerHasHadItAllTheSame() throws Exception {
        begin();
        waits = true;
        client.send(produce(1, 1_500), PRODUCE_VERSION, 1);
        await().until(() -> waiting.get() != null);
        client.close();
        await().until(() -> frontEnd.server.connections() == 0);
        waiting.get().respond(PRODUCED);
        waits = false;
        client = frontEnd.connect();
        assertThat(produces(1)).isPositive();
    }

    @Test
    void whoIsSentAwayHasHadItAllTheSame() throws Exception {
        begin();
        waits = true;
        client.send(produce(0, 1_500), PRODUCE_VERSION, 1);
        await().until(() -> waiting.get() != null);
        waiting.get().closeConnection("its partition is not here");
        assertThat(client.isClosedByPeer()).isTrue();
        waits = false;
        client.close();
        client = frontEnd.connect();
        assertThat(produces(1)).isPositive();
    }

    @Test
    void aStopDoesNotWaitForWhoRests() throws Exception {
        begin();
        assertThat(produces(30_000)).isGreaterThan(20_000);
        long beganNs = System.nanoTime();
        frontEnd.close();
        assertThat(client.in.read()).isEqualTo(-1);
        assertThat(msSince(beganNs)).isLessThan(5_000);
    }
}
