package io.odradek.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.FindCoordinatorResponse;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.HeartbeatResponse;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.hostile.BrokerLog;
import io.odradek.server.net.socket.Transport;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever becomes of a request, its client is told, and what it holds is given back. */
class RequestSlotTest {
    private static final HeartbeatRequest HEARTBEAT = new HeartbeatRequest("group", 1, "member", null);
    private static final HeartbeatResponse ANSWER = new HeartbeatResponse(ErrorCode.NONE);

    private static void assertAllIsBack(FrontEnd frontEnd) {
        await().untilAsserted(() -> {
            assertThat(frontEnd.server.requestsInWork()).isZero();
            assertThat(frontEnd.memory.frames().usedBytes()).isZero();
            assertThat(frontEnd.memory.requests().usedBytes()).isZero();
            assertThat(frontEnd.memory.answers().usedBytes()).isZero();
        });
    }

    private static void assertAnswered(RequestReceiver receiver, ErrorCode error, Transport transport)
            throws Exception {
        try (BrokerLog log = new BrokerLog();
                FrontEnd frontEnd = FrontEnd.answering(transport, receiver);
                RawClient client = frontEnd.connect()) {
            for (int i = 0; i < 3; i++) {
                HeartbeatResponse answer = client.ask(HEARTBEAT, 3, HeartbeatResponse.class);
                assertThat(answer.errorCode()).isEqualTo(error);
            }
            assertAllIsBack(frontEnd);
            assertThat(log.alarms()).hasSizeLessThanOrEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void anErrorIsAnsweredInTheShapeOfItsApi(Transport transport) throws Exception {
        assertAnswered(
                (request, context) -> context.fail(ErrorCode.NOT_COORDINATOR, "elsewhere"),
                ErrorCode.NOT_COORDINATOR,
                transport);
        try (FrontEnd frontEnd = FrontEnd.answering(
                        transport, (request, context) -> context.fail(ErrorCode.INVALID_REQUEST, "no"));
                RawClient client = frontEnd.connect()) {
            FindCoordinatorResponse answer = client.ask(
                    new FindCoordinatorRequest("", (byte) 0, List.of("a", "b")), 4, FindCoordinatorResponse.class);
            assertThat(answer.coordinators()).extracting("key").containsExactly("a", "b");
            assertThat(answer.coordinators()).extracting("errorCode").containsOnly(ErrorCode.INVALID_REQUEST);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aHandlerThatThrowsIsAnUnknownErrorToTheClient(Transport transport) throws Exception {
        assertAnswered(
                (request, context) -> {
                    throw new IllegalStateException("a fault");
                },
                ErrorCode.UNKNOWN_SERVER_ERROR,
                transport);
        assertAnswered(
                (request, context) -> {
                    throw new StackOverflowError();
                },
                ErrorCode.UNKNOWN_SERVER_ERROR,
                transport);
        assertAnswered(
                (request, context) -> {
                    context.respond(ANSWER);
                    throw new OutOfMemoryError("too late");
                },
                ErrorCode.NONE,
                transport);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void anAnswerThatCannotBeEncodedIsAnUnknownErrorToTheClient(Transport transport) throws Exception {
        assertAnswered(
                (request, context) -> context.respond(new HeartbeatResponse(null)),
                ErrorCode.UNKNOWN_SERVER_ERROR,
                transport);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void anErrorOfAProduceThatWantsNoAnswerClosesItsConnection(Transport transport) throws Exception {
        try (FrontEnd frontEnd = FrontEnd.answering(
                        transport, (request, context) -> context.fail(ErrorCode.KAFKA_STORAGE_ERROR, null));
                RawClient client = frontEnd.connect()) {
            client.send(new ProduceRequest(null, (short) 0, 1000, List.of()), (short) 9, 1);
            assertThat(client.isClosedByPeer()).isTrue();
            assertAllIsBack(frontEnd);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void whoWaitsForAClientThatLeavesIsToldOnce(Transport transport) throws Exception {
        try (FrontEnd frontEnd = FrontEnd.collecting(transport)) {
            AtomicInteger told = new AtomicInteger();
            RawClient client = frontEnd.connect();
            client.send(HEARTBEAT, (short) 3, 1);
            client.send(HEARTBEAT, (short) 3, 2);
            RequestContext first = frontEnd.arrived.take().context();
            RequestContext second = frontEnd.arrived.take().context();
            first.whenGone(() -> told.addAndGet(1000));
            first.whenGone(told::incrementAndGet);
            first.workEnds();
            second.workEnds();
            client.close();
            await().until(() -> told.get() == 1);
            await().until(() -> frontEnd.server.connections() == 0);
            second.whenGone(told::incrementAndGet);
            assertThat(told.get()).isEqualTo(2);
            assertAllIsBack(frontEnd);
            first.respond(ANSWER);
            second.fail(ErrorCode.REQUEST_TIMED_OUT, null);
            assertThat(told.get()).isEqualTo(2);
            assertAllIsBack(frontEnd);
        }
    }

    /** Or clients that leave would fill the heap with what is still being worked on. */
    @ParameterizedTest
    @EnumSource(Transport.class)
    void whatIsInWorkIsCountedAlthoughItsClientHasLeft(Transport transport) throws Exception {
        try (FrontEnd frontEnd = FrontEnd.collecting(transport)) {
            RawClient client = frontEnd.connect();
            client.send(HEARTBEAT, (short) 3, 1);
            client.send(HEARTBEAT, (short) 3, 2);
            RequestContext first = frontEnd.arrived.take().context();
            RequestContext second = frontEnd.arrived.take().context();
            long bothBytes = frontEnd.memory.requests().usedBytes();
            client.close();
            await().until(() -> frontEnd.server.connections() == 0);
            assertThat(frontEnd.memory.requests().usedBytes()).isEqualTo(bothBytes);
            first.workEnds();
            assertThat(frontEnd.memory.requests().usedBytes()).isEqualTo(bothBytes / 2);
            second.respond(ANSWER);
            assertAllIsBack(frontEnd);
            first.respondNothing();
            assertAllIsBack(frontEnd);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aRequestThatIsStillInWorkHoldsNoAnswerBehindItOnceItsClientHasLeft(Transport transport) throws Exception {
        try (FrontEnd frontEnd = FrontEnd.collecting(transport)) {
            RawClient client = frontEnd.connect();
            client.send(HEARTBEAT, (short) 3, 1);
            client.send(HEARTBEAT, (short) 3, 2);
            RequestContext inWork = frontEnd.arrived.take().context();
            WeakReference<RequestContext> answered = answerNext(frontEnd);
            client.close();
            await().until(() -> frontEnd.server.connections() == 0);
            await().until(() -> {
                System.gc();
                return answered.get() == null;
            });
            inWork.respondNothing();
        }
    }

    private static WeakReference<RequestContext> answerNext(FrontEnd frontEnd) throws InterruptedException {
        RequestContext context = frontEnd.arrived.take().context();
        context.respond(ANSWER);
        return new WeakReference<>(context);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void nobodyIsToldOfAClientThatLeavesAfterTheAnswer(Transport transport) throws Exception {
        try (FrontEnd frontEnd = FrontEnd.collecting(transport)) {
            AtomicInteger told = new AtomicInteger();
            RawClient client = frontEnd.connect();
            client.send(HEARTBEAT, (short) 3, 1);
            RequestContext context = frontEnd.arrived.take().context();
            context.whenGone(told::incrementAndGet);
            context.workEnds();
            context.respond(ANSWER);
            assertThat(client.receive().getInt()).isEqualTo(1);
            client.close();
            await().until(() -> frontEnd.server.connections() == 0);
            context.whenGone(told::incrementAndGet);
            assertThat(told.get()).isZero();
        }
    }

    /** Whoever of the two is first decides: the answer that is second finds nobody, the end that is second tells nobody. */
    @ParameterizedTest
    @EnumSource(Transport.class)
    void anAnswerAndTheEndOfItsClientMayMeet(Transport transport) throws Exception {
        try (FrontEnd frontEnd = FrontEnd.collecting(transport)) {
            for (int round = 0; round < 200; round++) {
                AtomicInteger told = new AtomicInteger();
                RawClient client = frontEnd.connect();
                client.send(HEARTBEAT, (short) 3, 1);
                RequestContext context = frontEnd.arrived.take().context();
                CountDownLatch start = new CountDownLatch(1);
                Thread answers = new Thread(() -> {
                    context.whenGone(told::incrementAndGet);
                    start.countDown();
                    context.workEnds();
                    context.respond(ANSWER);
                });
                answers.start();
                start.await(5, TimeUnit.SECONDS);
                client.close();
                answers.join();
                assertThat(told.get()).isLessThanOrEqualTo(1);
            }
            await().until(() -> frontEnd.server.connections() == 0);
            assertAllIsBack(frontEnd);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void whoThePeerIsMayChangeOnTheWay(Transport transport) throws Exception {
        try (FrontEnd frontEnd = FrontEnd.collecting(transport);
                RawClient client = frontEnd.connect()) {
            client.send(HEARTBEAT, (short) 3, 1);
            RequestContext before = frontEnd.arrived.take().context();
            assertThat(before.connection().peer().principal()).isEqualTo("User:ANONYMOUS");
            assertThat(before.connection().peer().host()).isEqualTo("/127.0.0.1");
            before.connection().become(before.connection().peer().as("User:alice", false));
            client.send(HEARTBEAT, (short) 3, 2);
            RequestContext after = frontEnd.arrived.take().context();
            assertThat(after.connection().peer().principal()).isEqualTo("User:alice");
            assertThat(ApiKey.of(after.header().apiKey())).isEqualTo(ApiKey.HEARTBEAT);
        }
    }
}
