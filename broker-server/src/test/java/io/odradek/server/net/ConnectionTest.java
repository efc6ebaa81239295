package io.odradek.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.HeartbeatResponse;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.server.net.socket.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConnectionTest {
    private static final HeartbeatRequest HEARTBEAT = new HeartbeatRequest("group", 1, "member", null);
    private static final HeartbeatResponse ANSWER = new HeartbeatResponse(ErrorCode.NONE);

    private final long seed = Long.getLong("seed", System.nanoTime());

    @ParameterizedTest
    @EnumSource(Transport.class)
    void responsesComeInTheOrderOfTheRequestsHoweverTheyAreCompleted(Transport transport) throws Exception {
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        try (FrontEnd frontEnd = FrontEnd.collecting(transport);
                RawClient client = frontEnd.connect()) {
            for (int round = 0; round < 50; round++) {
                List<RequestContext> inWork = new ArrayList<>();
                int requests = 1 + random.nextInt(100);
                for (int i = 0; i < requests; i++) {
                    client.send(HEARTBEAT, (short) 3, i);
                }
                for (int i = 0; i < requests; i++) {
                    inWork.add(frontEnd.arrived.take().context());
                }
                Collections.shuffle(inWork, random);
                Thread half = new Thread(() -> inWork.subList(0, requests / 2).forEach(one -> one.respond(ANSWER)));
                half.start();
                inWork.subList(requests / 2, requests).forEach(one -> one.respond(ANSWER));
                half.join();
                for (int i = 0; i < requests; i++) {
                    assertThat(client.receive().getInt()).isEqualTo(i);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aRequestWithoutAResponseDoesNotHoldUpTheNext(Transport transport) throws Exception {
        try (FrontEnd frontEnd = FrontEnd.collecting(transport);
                RawClient client = frontEnd.connect()) {
            client.send(HEARTBEAT, (short) 3, 1);
            client.send(HEARTBEAT, (short) 3, 2);
            RequestContext first = frontEnd.arrived.take().context();
            frontEnd.arrived.take().context().respond(ANSWER);
            first.respondNothing();

            assertThat(client.receive().getInt()).isEqualTo(2);
            assertThatThrownBy(() -> first.respond(ANSWER)).isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void requestsCutAnywhereArriveWhole(Transport transport) throws Exception {
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        try (FrontEnd frontEnd = FrontEnd.collecting(transport);
                RawClient client = frontEnd.connect()) {
            for (int round = 0; round < 60; round++) {
                byte[] records = new byte[round % 7 == 0 ? random.nextInt(3_000_000) : random.nextInt(20_000)];
                for (int i = 0; i < records.length; i++) {
                    records[i] = (byte) (i * 31 + round);
                }
                byte[] frame = RawClient.frame(produce(records), (short) 9, round);
                int sent = 0;
                while (sent < frame.length) {
                    int piece = Math.min(frame.length - sent, 1 + random.nextInt(1 + random.nextInt(500_000)));
                    client.send(frame, sent, sent + piece);
                    sent += piece;
                }
                FrontEnd.Arrived arrived = frontEnd.arrived.take();
                assertThat(arrived.context().header().correlationId()).isEqualTo(round);
                assertThat(recordsOf((ProduceRequest) arrived.request())).isEqualTo(ByteBuffer.wrap(records));
                arrived.context().respondNothing();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void requestsInWorkAreBoundedForAConnectionAndForAll(Transport transport) throws Exception {
        try (FrontEnd frontEnd = FrontEnd.collecting(
                        transport, "queued.max.requests", "12", "odradek.connection.max.requests", "10");
                RawClient one = frontEnd.connect();
                RawClient two = frontEnd.connect()) {
            for (int i = 0; i < 500; i++) {
                one.send(HEARTBEAT, (short) 3, i);
            }
            await().until(() -> frontEnd.arrived.size() == 10);
            for (int i = 0; i < 500; i++) {
                two.send(HEARTBEAT, (short) 3, i);
            }
            await().until(() -> frontEnd.arrived.size() == 12);
            for (int i = 0; i < 1000; i++) {
                FrontEnd.Arrived next = frontEnd.arrived.poll(20, TimeUnit.SECONDS);
                assertThat(next).as("request %d", i).isNotNull();
                assertThat(frontEnd.server.requestsInWork()).isLessThanOrEqualTo(12);
                next.context().respond(ANSWER);
            }
            for (int i = 0; i < 500; i++) {
                assertThat(one.receive().getInt()).isEqualTo(i);
                assertThat(two.receive().getInt()).isEqualTo(i);
            }
            assertThat(frontEnd.server.requestsInWork()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aClientThatDoesNotReadItsResponsesIsNotReadEither(Transport transport) throws Exception {
        HeartbeatResponse large = ANSWER;
        try (FrontEnd frontEnd = FrontEnd.answering(
                        transport,
                        (request, context) -> context.respond(large),
                        "odradek.response.max.pending.bytes",
                        "2000");
                RawClient deaf = frontEnd.connect();
                RawClient honest = frontEnd.connect()) {
            deaf.socket.setSoTimeout(60_000);
            byte[] frame = RawClient.frame(HEARTBEAT, (short) 3, 0);
            Thread sender = new Thread(() -> {
                try {
                    for (int i = 0; i < 400_000; i++) {
                        ByteBuffer.wrap(frame).putInt(8, i);
                        deaf.send(frame);
                    }
                } catch (java.io.IOException closed) {
                    throw new java.io.UncheckedIOException(closed);
                }
            });
            sender.start();
            sender.join(1500);
            assertThat(sender.isAlive()).as("the sender is held back").isTrue();
            honest.send(HEARTBEAT, (short) 3, 7);
            assertThat(honest.receive().getInt()).isEqualTo(7);
            java.io.DataInputStream buffered = new java.io.DataInputStream(new java.io.BufferedInputStream(deaf.in));
            for (int i = 0; i < 400_000; i++) {
                byte[] body = new byte[buffered.readInt()];
                buffered.readFully(body);
                assertThat(ByteBuffer.wrap(body).getInt()).isEqualTo(i);
            }
            sender.join();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void requestsOfAConnectionThatIsGoneGiveEverythingBack(Transport transport) throws Exception {
        try (FrontEnd frontEnd = FrontEnd.collecting(transport)) {
            RawClient client = frontEnd.connect();
            for (int i = 0; i < 20; i++) {
                client.send(produce(new byte[10_000]), (short) 9, i);
            }
            await().until(() -> frontEnd.arrived.size() == 20);
            client.close();
            await().until(() -> frontEnd.server.connections() == 0);
            for (FrontEnd.Arrived arrived : frontEnd.arrived) {
                arrived.context().workEnds();
                arrived.context().respond(ANSWER);
            }
            assertThat(frontEnd.server.requestsInWork()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void requestsThatAreParkedHoldUpNobody(Transport transport) throws Exception {
        try (FrontEnd frontEnd = FrontEnd.collecting(transport, "queued.max.requests", "2");
                RawClient waiting = frontEnd.connect();
                RawClient other = frontEnd.connect()) {
            for (int i = 0; i < 10; i++) {
                waiting.send(HEARTBEAT, (short) 3, i);
                RequestContext context = arrivedWithin5s(frontEnd);
                context.workEnds();
            }
            await().until(() -> frontEnd.server.requestsInWork() == 0);
            other.send(HEARTBEAT, (short) 3, 77);
            arrivedWithin5s(frontEnd).respond(ANSWER);
            assertThat(other.receive().getInt()).isEqualTo(77);
            assertThat(frontEnd.server.requestsInWork()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aPermitThatItsTakerHasNoUseForGoesToTheNext(Transport transport) throws Exception {
        try (FrontEnd frontEnd = FrontEnd.collecting(
                        transport, "queued.max.requests", "1", "odradek.response.max.pending.bytes", "1");
                RawClient full = frontEnd.connect();
                RawClient next = frontEnd.connect()) {
            full.send(HEARTBEAT, (short) 3, 1);
            RequestContext parked = arrivedWithin5s(frontEnd);
            parked.workEnds();
            full.send(HEARTBEAT, (short) 3, 2);
            RequestContext holder = arrivedWithin5s(frontEnd);
            full.send(HEARTBEAT, (short) 3, 3);
            await().until(() -> frontEnd.server.waitingForPermits() == 1);
            next.send(HEARTBEAT, (short) 3, 4);
            await().until(() -> frontEnd.server.waitingForPermits() == 2);

            holder.respond(ANSWER);

            assertThat(arrivedWithin5s(frontEnd).header().correlationId()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void noLaterAnswerTakesThePlaceOfOneThatFailed(Transport transport) throws Exception {
        try (FrontEnd frontEnd = FrontEnd.collecting(transport)) {
            for (int round = 0; round < 20; round++) {
                try (RawClient client = frontEnd.connect()) {
                    client.send(HEARTBEAT, (short) 3, 1);
                    client.send(HEARTBEAT, (short) 3, 2);
                    client.send(HEARTBEAT, (short) 3, 3);
                    RequestContext first = arrivedWithin5s(frontEnd);
                    RequestContext second = arrivedWithin5s(frontEnd);
                    RequestContext third = arrivedWithin5s(frontEnd);
                    Thread answers = new Thread(() -> {
                        second.respond(ANSWER);
                        third.respond(ANSWER);
                    });
                    answers.start();
                    first.closeConnection("it failed");
                    answers.join();
                    assertThat(client.isClosedByPeer()).isTrue();
                    await().until(first::isGone);
                }
            }
            assertThat(frontEnd.server.requestsInWork()).isZero();
        }
    }

    private static RequestContext arrivedWithin5s(FrontEnd frontEnd) throws InterruptedException {
        FrontEnd.Arrived arrived = frontEnd.arrived.poll(5, TimeUnit.SECONDS);
        assertThat(arrived).as("a request").isNotNull();
        return arrived.context();
    }

    private static ProduceRequest produce(byte[] records) {
        return new ProduceRequest(
                null,
                (short) 1,
                1000,
                List.of(new TopicProduceData(
                        "t", List.of(new PartitionProduceData(0, new BytesPayload(ByteBuffer.wrap(records)))))));
    }

    private static ByteBuffer recordsOf(ProduceRequest request) {
        return ((BytesPayload) request.topicData().get(0).partitionData().get(0).records()).buffer();
    }
}
