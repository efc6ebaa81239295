package io.odradek.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchRequest.ReplicaState;
import io.odradek.protocol.api.FetchResponse;
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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Produces with acks=all wait for followers, so followers' fetches must find room however many of them wait, and their turn
 * however many are in work.
 */
class FollowersRoomTest {
    private static final int FOLLOWER = 2;
    private static final FetchResponse FETCHED = new FetchResponse(ErrorCode.NONE, 0, List.of(), List.of());
    private static final ProduceResponse PRODUCED = new ProduceResponse(List.of(), List.of());

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aFollowerIsAnsweredWhileAllThatProducersMaySendWaitsForIt(Transport transport) throws Exception {
        int producers = 40;
        int each = 100;
        Queue<RequestContext> waiting = new ConcurrentLinkedQueue<>();
        try (FrontEnd frontEnd = FrontEnd.answering(
                transport,
                (request, context) -> {
                    if (request instanceof FetchRequest) {
                        context.respond(FETCHED);
                    } else {
                        waiting.add(context);
                    }
                },
                "queued.max.requests",
                "2",
                "odradek.memory.frames.bytes",
                "200000",
                "odradek.connection.max.requests",
                Integer.toString(each))) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < producers; i++) {
                RawClient client = frontEnd.connect();
                clients.add(client);
                for (int request = 0; request < each; request++) {
                    client.send(produce(1_000), (short) 9, request);
                }
                // One more than the connection may have waits in its socket, unread.
                client.send(produce(1_000), (short) 9, each);
            }
            await().until(() -> waiting.size() == producers * each);

            try (RawClient follower = frontEnd.connect()) {
                for (int i = 0; i < 100; i++) {
                    follower.send(fetch(), (short) 11, i);
                    assertThat(follower.receive().getInt()).isEqualTo(i);
                }
            }

            assertThat(waiting).hasSize(producers * each);
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"EPOLL, 11, 0", "EPOLL, 11, 800", "NIO, 11, 800", "NIO, 15, 800"})
    void aFollowerIsNotClosedForWhatProducersHaveWaiting(Transport transport, int version, int partitions)
            throws Exception {
        Queue<RequestContext> waiting = new ConcurrentLinkedQueue<>();
        try (FrontEnd frontEnd = FrontEnd.answering(
                transport, (request, context) -> waiting.add(context), "odradek.memory.requests.bytes", "400000")) {
            try (RawClient follower = frontEnd.connect()) {
                follower.send(fetchOf(partitions), (short) version, 1);
                await().until(() -> waiting.size() == 1);
                RequestContext fetch = waiting.remove();
                for (int i = 0; i < 40; i++) {
                    RawClient producer = frontEnd.connect();
                    for (int request = 0; request < 50; request++) {
                        producer.send(produce(10), (short) 9, request);
                    }
                }
                await().until(() -> waiting.stream().anyMatch(RequestContext::isGone));

                fetch.respond(FETCHED);

                assertThat(follower.receive().getInt()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aFollowersTurnComesBeforeAnyProducersSecond(Transport transport) throws Exception {
        int producers = 20;
        try (FrontEnd frontEnd = FrontEnd.collecting(transport, "queued.max.requests", "1")) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < producers; i++) {
                RawClient client = frontEnd.connect();
                clients.add(client);
                for (int request = 0; request < 50; request++) {
                    client.send(produce(100), (short) 9, request);
                }
            }
            // One is in work, and all connections, its own as well, wait for the next permit.
            await().until(() -> frontEnd.server.waitingForPermits() == producers);
            try (RawClient follower = frontEnd.connect()) {
                follower.send(fetch(), (short) 11, 1);
                await().until(() -> frontEnd.server.waitingForPermits() == producers + 1);

                int before = 0;
                FrontEnd.Arrived next = arrived(frontEnd);
                while (next.request() instanceof ProduceRequest) {
                    before++;
                    next.context().respond(PRODUCED);
                    next.context().workEnds();
                    next = arrived(frontEnd);
                }
                next.context().respond(FETCHED);
                next.context().workEnds();

                assertThat(follower.receive().getInt()).isEqualTo(1);
                assertThat(before).isEqualTo(producers + 1);
            }
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private static FrontEnd.Arrived arrived(FrontEnd frontEnd) throws InterruptedException {
        FrontEnd.Arrived arrived = frontEnd.arrived.poll(20, TimeUnit.SECONDS);
        assertThat(arrived).as("a request").isNotNull();
        return arrived;
    }

    private static ProduceRequest produce(int recordBytes) {
        BytesPayload records = new BytesPayload(ByteBuffer.allocate(recordBytes));
        return new ProduceRequest(
                null,
                (short) -1,
                30_000,
                List.of(new TopicProduceData("t", List.of(new PartitionProduceData(0, records)))));
    }

    private static FetchRequest fetch() {
        return fetchOf(0);
    }

    private static FetchRequest fetchOf(int partitions) {
        List<FetchPartition> wishes = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            wishes.add(new FetchPartition(i, -1, 0L, -1, -1L, 1 << 20, Uuid.ZERO));
        }
        return new FetchRequest(
                null,
                FOLLOWER,
                new ReplicaState(FOLLOWER, -1L),
                500,
                1,
                1 << 20,
                (byte) 0,
                0,
                -1,
                List.of(new FetchTopic("t", Uuid.ZERO, wishes)),
                List.of(),
                "");
    }
}
