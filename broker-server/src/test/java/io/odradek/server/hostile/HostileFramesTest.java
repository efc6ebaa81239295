package io.odradek.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiVersionsRequest;
import io.odradek.protocol.api.ApiVersionsResponse;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bytes that are no requests, sent to a broker that others use. */
class HostileFramesTest {
    private static final HeartbeatRequest HEARTBEAT = new HeartbeatRequest("group", 1, "member", null);
    private static final int CLIENT_ID_AT = 12;
    private static HostileBed bed;

    @BeforeAll
    static void start() throws IOException {
        bed = new HostileBed(
                "socket.listen.backlog.size", "2000", "odradek.partial.requests.max.bytes", Integer.toString(16 << 20));
    }

    @AfterAll
    static void stop() throws IOException {
        bed.close();
    }

    @AfterEach
    void noOneIsHarmed() throws IOException {
        bed.assertUnharmed();
        bed.disconnect();
    }

    /** The log takes so many lines a second: who finds it full tries again. */
    private static void assertRefusedWithOneLine(byte[] bytes) {
        await().untilAsserted(() -> {
            RawClient bad = bed.connect();
            bad.send(bytes);
            assertThat(bad.isClosedByPeer()).isTrue();
            assertThat(bed.log.lines(":" + bad.socket.getLocalPort() + "-"))
                    .singleElement()
                    .asString()
                    .startsWith("Closing connection ");
        });
    }

    private static byte[] withLength(byte[] frame, int length) {
        byte[] copy = frame.clone();
        ByteBuffer.wrap(copy).putInt(0, length);
        return copy;
    }

    @Test
    void framesOfImpossibleLengthsAreRefused() throws IOException {
        byte[] frame = RawClient.frame(HEARTBEAT, (short) 3, 1);
        assertRefusedWithOneLine(withLength(frame, -1));
        assertRefusedWithOneLine(withLength(frame, Integer.MIN_VALUE));
        assertRefusedWithOneLine(withLength(frame, Integer.MAX_VALUE));
        assertRefusedWithOneLine(withLength(frame, 104857601));
        for (int length = 0; length < frame.length - 4; length++) {
            assertRefused(withLength(frame, length));
        }
        assertRefusedWithOneLine(
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private static void assertRefused(byte[] bytes) throws IOException {
        RawClient bad = bed.connect();
        bad.send(bytes);
        assertThat(bad.isClosedByPeer()).isTrue();
    }

    @Test
    void unknownApisAndVersionsAreRefused() throws IOException {
        byte[] frame = RawClient.frame(HEARTBEAT, (short) 3, 1);
        for (int key : new int[] {-1, 999, Short.MAX_VALUE, Short.MIN_VALUE}) {
            byte[] copy = frame.clone();
            ByteBuffer.wrap(copy).putShort(4, (short) key);
            assertRefused(copy);
        }
        for (ApiRequest request : SampleRequests.all()) {
            ApiKey key = ApiCodecs.key(request);
            short most = ApiCodecs.maxVersion(key);
            if (key != ApiKey.API_VERSIONS) {
                byte[] copy = RawClient.frame(request, most, 1);
                ByteBuffer.wrap(copy).putShort(6, (short) (most + 1));
                assertRefused(copy);
                byte[] negative = RawClient.frame(request, most, 1);
                ByteBuffer.wrap(negative).putShort(6, (short) -1);
                assertRefused(negative);
            }
        }
    }

    @Test
    void apiVersionsOfTheFutureAreAnsweredInVersionZeroWithThoseThatAreSpoken() throws IOException {
        RawClient client = bed.connect();
        for (int version : new int[] {6, 99, Short.MAX_VALUE, -1, Short.MIN_VALUE}) {
            byte[] frame = RawClient.frame(new ApiVersionsRequest("raw", "1"), (short) 5, 9);
            ByteBuffer.wrap(frame).putShort(6, (short) version);
            client.send(frame);
            ApiVersionsResponse response = client.answer(ApiKey.API_VERSIONS, 0, 9, ApiVersionsResponse.class);
            assertThat(response.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
            assertThat(response.apiKeys())
                    .containsExactly(new ApiVersionsResponse.ApiVersion((short) 18, (short) 0, (short) 5));
        }
    }

    @Test
    void stringsAndArraysBeyondTheFrameAreRefused() throws IOException {
        for (ApiRequest request : SampleRequests.all()) {
            for (short version : new short[] {SampleRequests.first(request), SampleRequests.last(request)}) {
                byte[] frame = RawClient.frame(request, version, 1);
                byte[] cut = Arrays.copyOf(frame, frame.length - 1);
                assertRefused(withLength(cut, cut.length - 4));
                byte[] longClientId = frame.clone();
                ByteBuffer.wrap(longClientId).putShort(CLIENT_ID_AT, Short.MAX_VALUE);
                assertRefused(longClientId);
            }
        }
    }

    @Test
    void bytesBehindARequestOfAnyApiAreIgnored() throws IOException {
        for (ApiRequest request : SampleRequests.all()) {
            for (short version : new short[] {SampleRequests.first(request), SampleRequests.last(request)}) {
                RawClient client = bed.connect();
                byte[] frame = RawClient.frame(request, version, 31);
                byte[] longer = Arrays.copyOf(frame, frame.length + 5);
                client.send(withLength(longer, longer.length - 4));
                assertThat(client.receive().getInt())
                        .as("%s %d", request, version)
                        .isEqualTo(31);
            }
        }
    }

    /** What librdkafka has sent since 2.1 to list all topics. */
    @Test
    void theThreeBytesBehindTheMetadataRequestsOfLibrdkafkaAreIgnored() throws IOException {
        byte[] request = HexFormat.of().parseHex("0003000c0000000300" + "0772646b61666b61" + "0000000000" + "010000");
        RawClient client = bed.connect();
        client.send(ByteBuffer.allocate(4 + request.length)
                .putInt(request.length)
                .put(request)
                .array());
        MetadataResponse answer = client.answer(ApiKey.METADATA, 12, 3, MetadataResponse.class);
        assertThat(answer.topics()).anyMatch(topic -> topic.name().equals(HostileBed.TOPIC));
    }

    @Test
    void aRequestBeforeGarbageIsServed() throws IOException {
        RawClient client = bed.connect();
        client.ask(new MetadataRequest(List.of(), false, false, false), 9, MetadataResponse.class);
        client.send(new byte[] {0, 0, 0, 3, 1, 2, 3});
        assertThat(client.isClosedByPeer()).isTrue();
    }

    @Test
    void strangeClientIdsAndRepeatedCorrelationIdsAreServed() throws IOException {
        RawClient client = bed.connect();
        byte[] control = "\u0000\n\r\t\u001b[31m\u007f".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] longest = new byte[Short.MAX_VALUE];
        Arrays.fill(longest, (byte) 'x');
        for (byte[] clientId : List.of(control, longest)) {
            for (int i = 0; i < 3; i++) {
                client.send(SampleRequests.withClientId(SampleRequests.join("clients"), (short) 5, clientId));
                client.answer(ApiKey.JOIN_GROUP, 5, 77, io.odradek.protocol.api.JoinGroupResponse.class);
            }
        }
    }

    @Test
    void clientIdsThatAreNotUtf8AreServedUnlessTheyWouldGrowBeyondAString() throws IOException {
        byte[] surrogate = {(byte) 0xed, (byte) 0xa0, (byte) 0x80};
        RawClient client = bed.connect();
        for (byte[] clientId : List.of(new byte[] {(byte) 0xc3, 0x28}, surrogate)) {
            client.send(SampleRequests.withClientId(SampleRequests.join("clients"), (short) 5, clientId));
            client.answer(ApiKey.JOIN_GROUP, 5, 77, io.odradek.protocol.api.JoinGroupResponse.class);
        }
        byte[] longest = new byte[Short.MAX_VALUE];
        Arrays.fill(longest, (byte) 0xff);
        assertRefusedWithOneLine(SampleRequests.withClientId(SampleRequests.join("clients"), (short) 5, longest));
    }

    @Test
    void thousandsOfRequestsWithoutReadingTheAnswers() throws IOException {
        RawClient client = bed.connect();
        byte[] one = RawClient.frame(new MetadataRequest(null, false, false, false), (short) 9, 1);
        int count = 20_000;
        Thread writer = new Thread(() -> {
            try {
                for (int i = 0; i < count; i++) {
                    client.send(one);
                }
            } catch (IOException closedAtTheEnd) {
                assertThat(closedAtTheEnd).isInstanceOf(SocketException.class);
            }
        });
        writer.start();
        bed.honest.assertUndisturbed();
        for (int i = 0; i < count; i++) {
            client.answer(ApiKey.METADATA, 9, 1, MetadataResponse.class);
        }
        await().atMost(10, TimeUnit.SECONDS).until(() -> !writer.isAlive());
    }

    @Test
    void twoThousandConnectionsWithHalfAFrame() throws IOException {
        byte[] half = new byte[200];
        ByteBuffer.wrap(half).putInt(0, 15_000_000);
        byte[] whole = RawClient.frame(new MetadataRequest(List.of(), false, false, false), (short) 9, 77);
        for (int i = 0; i < 2_000; i++) {
            RawClient client = bed.connect();
            if (i % 10 == 0) {
                client.send(whole);
                client.answer(ApiKey.METADATA, 9, 77, MetadataResponse.class);
            } else {
                client.send(half);
            }
        }
        bed.honest.assertUndisturbed();
        assertThat(bed.log.lines("partial requests").size()).isLessThan(200);
    }

    @Test
    void randomBytes() throws IOException {
        Random random = random();
        long endNs = System.nanoTime() + 2_000_000_000L;
        while (System.nanoTime() < endNs) {
            byte[] bytes = new byte[random.nextInt(2_000)];
            random.nextBytes(bytes);
            if (random.nextBoolean() && bytes.length > 8) {
                ByteBuffer.wrap(bytes)
                        .putInt(0, bytes.length - 4)
                        .putShort(4, (short) random.nextInt(80))
                        .putShort(6, (short) random.nextInt(12));
            }
            sendAndLeave(bytes);
        }
    }

    @Test
    void flippedBitsInRequestsOfEveryApi() throws IOException {
        Random random = random();
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        long usedBefore = runtime.totalMemory() - runtime.freeMemory();
        long endNs = System.nanoTime() + 3_000_000_000L;
        List<ApiRequest> requests = SampleRequests.all();
        int sent = 0;
        while (System.nanoTime() < endNs || sent < requests.size() * 10) {
            ApiRequest request = requests.get(sent++ % requests.size());
            int first = SampleRequests.first(request);
            short version = (short) (first + random.nextInt(SampleRequests.last(request) - first + 1));
            byte[] frame = RawClient.frame(request, version, 1);
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                int at = 8 + random.nextInt(frame.length - 8);
                frame[at] ^= (byte) (1 << random.nextInt(8));
            }
            sendAndLeave(frame);
        }
        bed.disconnect();
        bed.assertUnharmed();
        System.gc();
        assertThat(runtime.totalMemory() - runtime.freeMemory() - usedBefore).isLessThan(64L << 20);
    }

    private static void sendAndLeave(byte[] bytes) throws IOException {
        try (RawClient client = bed.connect()) {
            client.socket.setSoTimeout(20);
            client.send(bytes);
            client.receive();
        } catch (IOException refusedOrUnanswered) {
            // Either is fine, as long as no one else notices.
        }
        bed.forgetClosed();
    }

    private static Random random() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed=" + seed);
        return new Random(seed);
    }
}
