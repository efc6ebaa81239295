package io.odradek.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.transport.BrokerAnswer;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.core.transport.ConnectionContext;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.FetchableTopicResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.HeartbeatResponse;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.net.socket.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NettyBrokerClientTest {
    private static final HeartbeatRequest HEARTBEAT = new HeartbeatRequest("group", 1, "member", null);
    private static final HeartbeatResponse ANSWER = new HeartbeatResponse(ErrorCode.NONE);
    private static final short HEARTBEAT_VERSION = 3;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final LeakWatch watch = new LeakWatch();

    @AfterEach
    void noBufferIsLost() {
        watch.close();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void answersComeToTheCallersLoopEachToItsRequest(Transport transport) throws Exception {
        try (FrontEnd frontEnd = FrontEnd.answering(transport, (request, context) -> {
                    int generation = ((HeartbeatRequest) request).generationId();
                    context.respond(new HeartbeatResponse(ErrorCode.of((short) (generation % 50))));
                });
                CallingBroker broker = new CallingBroker(transport, Map.of())) {
            BrokerConnection connection = broker.connection(frontEnd.address);
            List<CompletableFuture<BrokerAnswer>> answers = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                answers.add(broker.send(
                        connection,
                        HEARTBEAT_VERSION,
                        new HeartbeatRequest("group", i, "member", null),
                        CallingBroker.PATIENCE_MS));
            }
            for (int i = 0; i < 300; i++) {
                BrokerAnswer answer = CallingBroker.within(answers.get(i));
                assertThat(answer.response()).isEqualTo(new HeartbeatResponse(ErrorCode.of((short) (i % 50))));
                answer.close();
            }
            assertThat(frontEnd.server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void eachPurposeHasAConnectionAndANameOfItsOwn(Transport transport) throws Exception {
        Map<String, ConnectionContext> names = new ConcurrentHashMap<>();
        try (FrontEnd frontEnd = FrontEnd.answering(transport, (request, context) -> {
                    names.put(String.valueOf(context.header().clientId()), context.connection());
                    context.respond(ANSWER);
                });
                CallingBroker broker = new CallingBroker(transport, Map.of())) {
            assertThat(frontEnd.server.connections()).isZero();
            for (String name : new String[] {"broker-7-fetcher-0", "broker-7-fetcher-1"}) {
                BrokerConnection connection = broker.connection(frontEnd.address, name);
                broker.ask(connection, HEARTBEAT_VERSION, HEARTBEAT, HeartbeatResponse.class);
            }

            assertThat(names).containsOnlyKeys("broker-7-fetcher-0", "broker-7-fetcher-1");
            assertThat(names.values()).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void theRecordsOfALongAnswerAreSlicesOfTheNetworksBufferUntilItIsClosed(Transport transport) throws Exception {
        System.out.println("seed " + seed);
        byte[] records = new byte[9_000_000];
        new SplittableRandom(seed).nextBytes(records);
        try (FrontEnd frontEnd = FrontEnd.answering(transport, (request, context) -> context.respond(answer(records)));
                CallingBroker broker = new CallingBroker(transport, Map.of())) {
            BrokerConnection connection = broker.connection(frontEnd.address);
            for (int round = 0; round < 3; round++) {
                try (BrokerAnswer answer =
                        CallingBroker.within(broker.send(connection, 11, fetch(), CallingBroker.PATIENCE_MS))) {
                    ByteBuffer received = recordsOf((FetchResponse) answer.response());
                    assertThat(received.isDirect()).isTrue();
                    assertThat(received.duplicate()).isEqualTo(ByteBuffer.wrap(records));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void recordsOfARequestArriveAsTheyAreHoweverManyTheyAre(Transport transport) throws Exception {
        System.out.println("seed " + seed);
        ByteBuffer direct = ByteBuffer.allocateDirect(3_000_000);
        byte[] onHeap = new byte[700_000];
        SplittableRandom random = new SplittableRandom(seed);
        random.nextBytes(onHeap);
        while (direct.hasRemaining()) {
            direct.put((byte) random.nextInt());
        }
        direct.flip();
        AtomicReference<Throwable> wrong = new AtomicReference<>();
        try (FrontEnd frontEnd = FrontEnd.answering(transport, (request, context) -> {
                    try {
                        List<PartitionProduceData> data =
                                ((ProduceRequest) request).topicData().get(0).partitionData();
                        assertThat(((BytesPayload) data.get(0).records()).buffer())
                                .isEqualTo(direct);
                        assertThat(((BytesPayload) data.get(1).records()).buffer())
                                .isEqualTo(ByteBuffer.wrap(onHeap));
                    } catch (AssertionError different) {
                        wrong.set(different);
                    }
                    context.respond(new ProduceResponse(List.of(), List.of()));
                });
                CallingBroker broker = new CallingBroker(transport, Map.of())) {
            BrokerConnection connection = broker.connection(frontEnd.address);
            ProduceRequest request = new ProduceRequest(
                    null,
                    (short) -1,
                    1000,
                    List.of(new TopicProduceData(
                            "t",
                            List.of(
                                    new PartitionProduceData(0, new BytesPayload(direct)),
                                    new PartitionProduceData(1, new BytesPayload(ByteBuffer.wrap(onHeap)))))));
            broker.ask(connection, 9, request, ProduceResponse.class);
        }

        assertThat(wrong.get()).isNull();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aLostConnectionIsMadeAgainByTheNextRequest(Transport transport) throws Exception {
        try (FrontEnd frontEnd = FrontEnd.answering(transport, (request, context) -> {
                    if (((HeartbeatRequest) request).generationId() < 0) {
                        context.closeConnection("the test wants it");
                    } else {
                        context.respond(ANSWER);
                    }
                });
                CallingBroker broker = new CallingBroker(transport, Map.of())) {
            BrokerConnection connection = broker.connection(frontEnd.address);
            for (int round = 0; round < 20; round++) {
                broker.ask(connection, HEARTBEAT_VERSION, HEARTBEAT, HeartbeatResponse.class);
                HeartbeatRequest fatal = new HeartbeatRequest("group", -1, "member", null);
                assertThat(CallingBroker.failureOf(
                                broker.send(connection, HEARTBEAT_VERSION, fatal, CallingBroker.PATIENCE_MS)))
                        .hasMessageContaining("closed the connection");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aNameIsLookedUpAwayFromTheNetworksLoops(Transport transport) throws Exception {
        try (FrontEnd frontEnd = FrontEnd.answering(transport, (request, context) -> context.respond(ANSWER));
                CallingBroker broker = new CallingBroker(transport, Map.of())) {
            int port = frontEnd.address.getPort();
            broker.ask(broker.connection("localhost", port), HEARTBEAT_VERSION, HEARTBEAT, HeartbeatResponse.class);

            BrokerConnection nowhere = broker.connection("no-such-host.invalid", port);
            assertThat(CallingBroker.failureOf(
                            broker.send(nowhere, HEARTBEAT_VERSION, HEARTBEAT, CallingBroker.PATIENCE_MS)))
                    .hasMessageContaining("no-such-host.invalid")
                    .hasMessageContaining("not known");
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void whatIsUnderWayFailsWhenTheConnectionIsClosedAndSoDoesWhatIsSentLater(Transport transport) throws Exception {
        try (FrontEnd frontEnd = FrontEnd.collecting(transport);
                CallingBroker broker = new CallingBroker(transport, Map.of())) {
            BrokerConnection connection = broker.connection(frontEnd.address);
            CompletableFuture<BrokerAnswer> underWay =
                    broker.send(connection, HEARTBEAT_VERSION, HEARTBEAT, CallingBroker.PATIENCE_MS);
            frontEnd.arrived.take();

            broker.close(connection);

            assertThat(CallingBroker.failureOf(underWay)).hasMessageContaining("was closed");
            assertThat(CallingBroker.failureOf(
                            broker.send(connection, HEARTBEAT_VERSION, HEARTBEAT, CallingBroker.PATIENCE_MS)))
                    .hasMessageContaining("closed");
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void whatIsUnderWayFailsWhenTheClientIsClosed(Transport transport) throws Exception {
        try (FrontEnd frontEnd = FrontEnd.collecting(transport);
                CallingBroker broker = new CallingBroker(transport, Map.of())) {
            List<CompletableFuture<BrokerAnswer>> underWay = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                underWay.add(broker.send(
                        broker.connection(frontEnd.address), HEARTBEAT_VERSION, HEARTBEAT, CallingBroker.PATIENCE_MS));
                frontEnd.arrived.take();
            }

            broker.client.close();

            for (CompletableFuture<BrokerAnswer> one : underWay) {
                assertThat(CallingBroker.failureOf(one)).hasMessageContaining("was closed");
            }
            assertThat(CallingBroker.failureOf(broker.send(
                            broker.connection(frontEnd.address),
                            HEARTBEAT_VERSION,
                            HEARTBEAT,
                            CallingBroker.PATIENCE_MS)))
                    .hasMessageContaining("closed");
        }
    }

    private static FetchRequest fetch() {
        return new FetchRequest(null, 7, null, 0, 1, 1 << 24, (byte) 0, 0, -1, List.of(), List.of(), "");
    }

    private static FetchResponse answer(byte[] records) {
        PartitionData data = new PartitionData(
                0, ErrorCode.NONE, 1, 1, 0, null, null, null, null, -1, new BytesPayload(ByteBuffer.wrap(records)));
        return new FetchResponse(
                ErrorCode.NONE, 0, List.of(new FetchableTopicResponse("t", Uuid.ZERO, List.of(data))), List.of());
    }

    private static ByteBuffer recordsOf(FetchResponse response) {
        return ((BytesPayload) response.responses().get(0).partitions().get(0).records()).buffer();
    }
}
