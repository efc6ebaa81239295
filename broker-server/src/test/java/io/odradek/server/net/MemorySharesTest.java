package io.odradek.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.HeartbeatResponse;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.ListGroupsResponse;
import io.odradek.protocol.api.ListGroupsResponse.ListedGroup;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.OffsetFetchRequest;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.hostile.BrokerLog;
import io.odradek.server.net.socket.Transport;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No client makes the front end use more memory than its shares, and whoever wants little is served meanwhile. */
class MemorySharesTest {
    private static final int MB = 1 << 20;
    private static final HeartbeatRequest HEARTBEAT = new HeartbeatRequest("group", 1, "member", null);
    private static final HeartbeatResponse ANSWER = new HeartbeatResponse(ErrorCode.NONE);

    private final BrokerLog log = new BrokerLog();
    private final List<RawClient> clients = new ArrayList<>();
    private FrontEnd frontEnd;

    private RawClient connect() throws IOException {
        RawClient client = frontEnd.connect();
        clients.add(client);
        return client;
    }

    @AfterEach
    void allIsGivenBack() throws IOException {
        try {
            for (RawClient client : clients) {
                client.close();
            }
            await().untilAsserted(() -> {
                assertThat(frontEnd.server.connections()).isZero();
                assertThat(frontEnd.memory.frames().usedBytes()).isZero();
                assertThat(frontEnd.memory.requests().usedBytes()).isZero();
                assertThat(frontEnd.memory.answers().usedBytes()).isZero();
                assertThat(frontEnd.server.partialBytes()).isZero();
                assertThat(frontEnd.server.requestsInWork()).isZero();
                assertThat(frontEnd.server.waitingForPermits()).isZero();
            });
        } finally {
            frontEnd.close();
            log.close();
        }
    }

    private static byte[] produce(int recordBytes) {
        BytesPayload records = new BytesPayload(ByteBuffer.allocate(recordBytes));
        return RawClient.frame(
                new ProduceRequest(
                        null,
                        (short) 1,
                        1000,
                        List.of(new TopicProduceData("t", List.of(new PartitionProduceData(0, records))))),
                (short) 9,
                7);
    }

    private RequestContext arrivedWithin20s() throws InterruptedException {
        FrontEnd.Arrived arrived = frontEnd.arrived.poll(20, TimeUnit.SECONDS);
        assertThat(arrived).as("a request").isNotNull();
        return arrived.context();
    }

    private void assertClosedWith(RawClient client, String text) throws IOException {
        assertThat(client.isClosedByPeer()).isTrue();
        assertThat(log.lines(":" + client.socket.getLocalPort() + "-"))
                .singleElement()
                .asString()
                .contains(text);
    }

    /** One after the other: each has arrived, or stands unread in its socket, before the next begins. */
    private static void sendInTurn(List<RawClient> senders, byte[] frame) {
        Thread thread = new Thread(() -> {
            try {
                for (RawClient sender : senders) {
                    sender.send(frame);
                }
            } catch (IOException closed) {
                // That is what the test looks at.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void wholeFramesThatWaitForAPermitAreCountedAndServedInTheEnd(Transport transport) throws Exception {
        int limit = 8 * MB;
        frontEnd = FrontEnd.collecting(
                transport, "queued.max.requests", "1", "odradek.memory.frames.bytes", Integer.toString(limit));
        List<RawClient> senders = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            RawClient sender = connect();
            sender.socket.setSendBufferSize(16_384);
            senders.add(sender);
        }
        sendInTurn(senders, produce(MB));

        for (int i = 0; i < senders.size(); i++) {
            RequestContext context = arrivedWithin20s();
            assertThat(frontEnd.memory.frames().usedBytes()).isLessThanOrEqualTo(limit);
            context.workEnds();
            context.respondNothing();
        }
        assertThat(log.lines("Closing")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aLargeRequestIsNotPassedByTheSmallThatComeAfterIt(Transport transport) throws Exception {
        frontEnd = FrontEnd.collecting(
                transport,
                "queued.max.request.bytes",
                Integer.toString(MB),
                "socket.request.max.bytes",
                Integer.toString(MB));
        int all = MB - (produce(MB - 100).length - 4 - (MB - 100));
        RawClient first = connect();
        first.send(produce(MB / 2));
        RequestContext holder = arrivedWithin20s();
        RawClient large = connect();
        large.send(produce(all));
        await().until(() -> frontEnd.server.waitingForPermits() == 1);
        RawClient small = connect();
        small.send(HEARTBEAT, (short) 3, 2);
        await().until(() -> frontEnd.server.waitingForPermits() == 2);

        holder.workEnds();
        holder.respondNothing();

        RequestContext next = arrivedWithin20s();
        assertThat(next.header().apiKey()).isEqualTo(ApiKey.PRODUCE.key());
        assertThat(frontEnd.server.waitingForPermits()).isEqualTo(1);
        next.workEnds();
        next.respondNothing();
        RequestContext last = arrivedWithin20s();
        assertThat(last.header().apiKey()).isEqualTo(ApiKey.HEARTBEAT.key());
        last.workEnds();
        last.respondNothing();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void whatIsTooLongForItsApiIsRefusedBeforeItIsRead(Transport transport) throws Exception {
        frontEnd = FrontEnd.collecting(transport);
        RawClient metadata = connect();
        metadata.send(
                ByteBuffer.allocate(6).putInt(16 * MB + 1).putShort((short) 3).array());
        assertClosedWith(metadata, "METADATA, when 16777216 are allowed (odradek.request.max.bytes)");

        RawClient records = connect();
        records.send(produce(17 * MB));
        RequestContext context = arrivedWithin20s();
        context.workEnds();
        context.respondNothing();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void whatCanNeverFitIsRefusedBeforeItIsRead(Transport transport) throws Exception {
        frontEnd = FrontEnd.collecting(transport, "odradek.memory.frames.bytes", Integer.toString(64 * MB));
        RawClient tooLong = connect();
        tooLong.send(
                ByteBuffer.allocate(6).putInt(100_000_000).putShort((short) 0).array());
        assertClosedWith(tooLong, "memory for one of 33554432 (odradek.memory.frames.bytes)");
        assertThat(frontEnd.server.partialBytes()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void frameLengthsAreNotTrustedWhenMemoryIsScarce(Transport transport) throws Exception {
        frontEnd = FrontEnd.collecting(transport, "odradek.memory.frames.bytes", Integer.toString(24 * MB));
        byte[] whole = produce(5 * MB);
        for (int i = 0; i < 20; i++) {
            RawClient client = connect();
            client.send(whole);
            RequestContext context = arrivedWithin20s();
            context.workEnds();
            context.respondNothing();
            client.send(whole, 0, 100);
        }
        await().untilAsserted(() ->
                assertThat(frontEnd.server.partialBytes()).isLessThan(8 * MB).isPositive());
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void connectionsThatStopInsideALengthHoldNoMoreThanOthersThatStop(Transport transport) throws Exception {
        int limit = 64 * 1024;
        frontEnd = FrontEnd.collecting(transport, "odradek.partial.requests.max.bytes", Integer.toString(limit));
        for (int i = 0; i < 40; i++) {
            connect().send(new byte[] {0, 0, 0});
        }
        await().untilAsserted(() ->
                assertThat(log.lines("(odradek.partial.requests.max.bytes)")).isNotEmpty());
        await().untilAsserted(
                        () -> assertThat(frontEnd.memory.frames().usedBytes()).isLessThanOrEqualTo(limit));
        RawClient slow = connect();
        byte[] heartbeat = RawClient.frame(HEARTBEAT, (short) 3, 7);
        slow.send(heartbeat, 0, 5);
        slow.send(heartbeat, 5, heartbeat.length);
        RequestContext context = arrivedWithin20s();
        context.workEnds();
        context.respond(ANSWER);
        assertThat(slow.receive().getInt()).isEqualTo(7);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aRequestOfMillionsOfTinyPartsIsRefusedWhileItIsDecoded(Transport transport) throws Exception {
        frontEnd = FrontEnd.collecting(transport, "odradek.memory.requests.bytes", Integer.toString(16 * MB));
        List<MetadataRequestTopic> names = Collections.nCopies(500_000, new MetadataRequestTopic(Uuid.ZERO, ""));
        RawClient client = connect();
        client.send(new MetadataRequest(names, false, false, false), (short) 1, 1);
        assertClosedWith(client, "(odradek.request.max.decoded.bytes)");
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void whereTheAnswerHasAPlaceForItTheClientIsToldWhatWasTooLarge(Transport transport) throws Exception {
        frontEnd = FrontEnd.collecting(transport, "odradek.memory.requests.bytes", Integer.toString(16 * MB));
        List<OffsetFetchRequestTopic> topics = Collections.nCopies(500_000, new OffsetFetchRequestTopic("", List.of()));
        RawClient client = connect();
        client.send(new OffsetFetchRequest("group", topics, List.of(), false), (short) 5, 1);

        ByteBuffer answer = client.receive();

        assertThat(answer.getInt()).isEqualTo(1);
        answer.getInt(); // the throttle time
        assertThat(answer.getInt()).isZero();
        assertThat(answer.getShort()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        client.send(HEARTBEAT, (short) 3, 2);
        arrivedWithin20s().respond(ANSWER);
        assertThat(client.receive().getInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void requestsThatWaitKeepOthersFromNothing(Transport transport) throws Exception {
        frontEnd = FrontEnd.answering(
                transport,
                (request, context) -> {
                    if (request instanceof HeartbeatRequest) {
                        context.respond(ANSWER);
                    }
                },
                "odradek.memory.requests.bytes",
                Integer.toString(4 * MB));
        List<String> keys = Collections.nCopies(1000, "a key of some length, so that it takes memory");
        byte[] waits = RawClient.frame(new FindCoordinatorRequest("", (byte) 0, keys), (short) 4, 1);
        RawClient honestWaits = connect();
        honestWaits.send(new FindCoordinatorRequest("one", (byte) 0, List.of("one")), (short) 4, 1);
        for (int i = 0; i < 100; i++) {
            connect().send(waits);
            RawClient honest = connect();
            honest.send(HEARTBEAT, (short) 3, i);
            assertThat(honest.receive().getInt()).isEqualTo(i);
        }
        assertThat(log.lines("odradek.memory.requests.bytes")).isNotEmpty();
        assertThat(log.lines(":" + honestWaits.socket.getLocalPort() + "-")).isEmpty();
        await().untilAsserted(
                        () -> assertThat(frontEnd.memory.requests().usedBytes()).isLessThan(3 * MB));
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void answersThatNobodyTakesAreBoundedForAll(Transport transport) throws Exception {
        List<ListedGroup> groups =
                Collections.nCopies(40_000, new ListedGroup("a group of a name", "consumer", "Stable", "classic"));
        ListGroupsResponse large = new ListGroupsResponse(ErrorCode.NONE, groups);
        int limit = 16 * MB;
        frontEnd = FrontEnd.answering(
                transport,
                (request, context) -> context.respond(request instanceof HeartbeatRequest ? ANSWER : large),
                "odradek.memory.answers.bytes",
                Integer.toString(limit));
        for (int i = 0; i < 60; i++) {
            RawClient deaf = connect();
            deaf.socket.setReceiveBufferSize(4096);
            for (int j = 0; j < 10; j++) {
                try {
                    deaf.send(new ListGroupsRequest(List.of(), List.of()), (short) 4, j);
                } catch (IOException closed) {
                    break;
                }
            }
            RawClient honest = connect();
            honest.send(HEARTBEAT, (short) 3, i);
            assertThat(honest.receive().getInt()).isEqualTo(i);
            assertThat(frontEnd.memory.answers().usedBytes()).isLessThan(limit + 20 * MB);
        }
        await().untilAsserted(() ->
                assertThat(log.lines("(odradek.memory.answers.bytes)")).isNotEmpty());
        await().untilAsserted(
                        () -> assertThat(frontEnd.memory.answers().usedBytes()).isLessThanOrEqualTo(limit));
        RawClient reads = connect();
        reads.send(new ListGroupsRequest(List.of(), List.of()), (short) 4, 99);
        assertThat(reads.receive().getInt()).isEqualTo(99);
    }

    /** It is the deaf ones that stall, although it began before them. */
    @ParameterizedTest
    @EnumSource(Transport.class)
    void aClientThatTakesALargeAnswerSlowlyDoesNotStall(Transport transport) throws Exception {
        ListedGroup group = new ListedGroup("a group of a name", "consumer", "Stable", "classic");
        ListGroupsResponse large = new ListGroupsResponse(ErrorCode.NONE, Collections.nCopies(160_000, group));
        ListGroupsResponse small = new ListGroupsResponse(ErrorCode.NONE, Collections.nCopies(40_000, group));
        frontEnd = FrontEnd.answering(
                transport,
                (request, context) -> context.respond(context.header().correlationId() == 7 ? large : small),
                "odradek.memory.answers.bytes",
                Integer.toString(16 * MB));
        ListGroupsRequest request = new ListGroupsRequest(List.of(), List.of());
        RawClient slow = connect();
        slow.socket.setReceiveBufferSize(64 * 1024);
        slow.send(request, (short) 4, 7);
        int length = new DataInputStream(slow.socket.getInputStream()).readInt();
        int piece = length / 20;
        int read = 0;
        for (int i = 0; i < 15; i++) {
            RawClient deaf = connect();
            deaf.socket.setReceiveBufferSize(4096);
            long before = frontEnd.memory.answers().usedBytes();
            deaf.send(request, (short) 4, i + 100);
            await().until(() -> frontEnd.memory.answers().usedBytes() > before
                    || !log.lines("(odradek.memory.answers.bytes)").isEmpty());
            read += slow.socket.getInputStream().readNBytes(piece).length;
            assertThat(read).isEqualTo((i + 1) * piece);
        }
        assertThat(log.lines("(odradek.memory.answers.bytes)")).isNotEmpty();
        assertThat(slow.socket.getInputStream().readNBytes(length - read)).hasSize(length - read);
    }
}
