package io.odradek.protocol.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchRequest.ReplicaState;
import io.odradek.protocol.api.JoinGroupRequest.JoinGroupRequestProtocol;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.MessageTooLargeException;
import io.odradek.protocol.wire.Uuid;
import io.odradek.protocol.wire.WireReader;
import io.odradek.protocol.wire.WireWriter;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a decoded message takes on the heap is known, and bounded before it is taken. */
class DecodedHeapTest {
    private static final long LIMIT_BYTES = 16 << 20;
    private static final long LITTLE_BYTES = 64 << 10;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void millionsOfEmptyNamesAreRefusedBeforeTheyTakeAnything() {
        ByteBuffer twoBytesEach = encoded(
                new MetadataRequest(
                        Collections.nCopies(2_000_000, new MetadataRequestTopic(Uuid.ZERO, "")), true, false, false),
                (short) 1);
        refuse(ApiKey.METADATA, (short) 1, twoBytesEach); // loads the classes

        long before = threads.getCurrentThreadAllocatedBytes();
        MessageTooLargeException refused = refuse(ApiKey.METADATA, (short) 1, twoBytesEach);
        long taken = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(taken).isLessThan(LITTLE_BYTES);
        assertThat(refused)
                .hasMessageStartingWith("MetadataRequest.topics: ")
                .hasMessageContaining("more than the 16777216 bytes of heap");
        assertThat(refused.limitBytes()).isEqualTo(LIMIT_BYTES);
    }

    @Test
    void manyPartsThatAreSmallEachAreRefusedAtTheOneThatIsTooMuch() {
        OffsetFetchRequestTopic topic = new OffsetFetchRequestTopic("t", Collections.nCopies(100, 1_000_000));
        ByteBuffer bytes = encoded(
                new OffsetFetchRequest("group", Collections.nCopies(20_000, topic), List.of(), false), (short) 5);

        long before = threads.getCurrentThreadAllocatedBytes();
        MessageTooLargeException refused = refuse(ApiKey.OFFSET_FETCH, (short) 5, bytes);
        long taken = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(taken).isLessThan(2 * LIMIT_BYTES);
        assertThat(refused.path()).matches("OffsetFetchRequest\\.topics\\[7\\d\\d\\d]\\.partitionIndexes");
    }

    @Test
    void aMessageThatTakesJustWhatIsAllowedIsRead() {
        ByteBuffer bytes = encoded(fetch(1000), (short) 17);
        WireReader unlimited = new WireReader(bytes.duplicate());
        ApiRequest request = ApiCodecs.readRequest(ApiKey.FETCH, (short) 17, unlimited);

        WireReader limited = new WireReader(bytes.duplicate()).limitHeap(unlimited.chargedBytes());

        assertThat(ApiCodecs.readRequest(ApiKey.FETCH, (short) 17, limited)).isEqualTo(request);
        WireReader tooFew = new WireReader(bytes.duplicate()).limitHeap(unlimited.chargedBytes() - 1);
        assertThatExceptionOfType(MessageTooLargeException.class)
                .isThrownBy(() -> ApiCodecs.readRequest(ApiKey.FETCH, (short) 17, tooFew));
    }

    static Stream<Arguments> shapes() {
        String name = "a-topic-with-a-name-of-a-usual-length";
        MetadataRequestTopic named = new MetadataRequestTopic(new Uuid(1, 2), name);
        MetadataRequestTopic empty = new MetadataRequestTopic(Uuid.ZERO, "");
        OffsetFetchRequestTopic numbers = new OffsetFetchRequestTopic("t", Collections.nCopies(1000, 1_000_000));
        JoinGroupRequestProtocol subscription =
                new JoinGroupRequestProtocol("range", ByteBuffer.wrap(new byte[100_000]));
        PartitionProduceData records = new PartitionProduceData(0, new BytesPayload(ByteBuffer.wrap(new byte[100])));
        return Stream.of(
                arguments(1, new MetadataRequest(Collections.nCopies(200_000, empty), true, false, false)),
                arguments(12, new MetadataRequest(Collections.nCopies(10_000, named), true, false, false)),
                arguments(17, fetch(1000)),
                arguments(5, new OffsetFetchRequest("g", Collections.nCopies(20, numbers), List.of(), false)),
                arguments(9, new DeleteGroupsRequest(Collections.nCopies(10_000, "g"))),
                arguments(5, new JoinGroupRequest("g", 1, 1, "m", null, "consumer", List.of(subscription), null)),
                arguments(
                        11,
                        new ProduceRequest(
                                null,
                                (short) 1,
                                1,
                                List.of(new TopicProduceData("t", Collections.nCopies(1000, records))))));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void whatIsChargedIsWithinAFactorOfTwoOfWhatIsAllocated(int wanted, ApiRequest request) {
        ApiKey api = ApiCodecs.key(request);
        short version = (short) Math.min(wanted, ApiCodecs.maxVersion(api));
        ByteBuffer bytes = encoded(request, version);
        ApiCodecs.readRequest(api, version, new WireReader(bytes.duplicate())); // loads the classes
        WireReader in = new WireReader(bytes.duplicate());

        long before = threads.getCurrentThreadAllocatedBytes();
        ApiCodecs.readRequest(api, version, in);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(in.chargedBytes()).as("%s", api).isBetween(allocated / 2, allocated * 2);
    }

    private static FetchRequest fetch(int partitions) {
        List<FetchPartition> asked = IntStream.range(0, partitions)
                .mapToObj(i -> new FetchPartition(i, 5, 1_000_000L + i, -1, -1, 1024, new Uuid(3, i)))
                .toList();
        List<FetchTopic> topics = List.of(new FetchTopic("", new Uuid(1, 2), asked));
        return new FetchRequest(null, -1, new ReplicaState(7, 8), 500, 1, 1024, (byte) 0, 0, 0, topics, List.of(), "");
    }

    private static ByteBuffer encoded(ApiRequest request, short version) {
        WireWriter out = WireWriter.heap(1 << 20);
        ApiCodecs.writeRequest(request, version, out);
        return out.finishUnframed();
    }

    private static MessageTooLargeException refuse(ApiKey api, short version, ByteBuffer bytes) {
        WireReader in = new WireReader(bytes.duplicate()).limitHeap(LIMIT_BYTES);
        try {
            ApiCodecs.readRequest(api, version, in);
        } catch (MessageTooLargeException refused) {
            return refused;
        }
        throw new AssertionError("not refused");
    }
}
