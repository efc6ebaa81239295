package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.partition.TestBroker;
import io.odradek.core.verification.TransactionQuestion;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.ProduceResponse.PartitionProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.wire.BytesPayload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two requests may wait for large batches and two for coordinators: the test is what they wait for. */
class HeldUpTest {
    private static final int INFLATED_BYTES = 20 << 20;
    private static final int LARGE = 0;
    private static final int SMALL = 1;

    private final Deque<Runnable> checks = new ArrayDeque<>();
    private final Deque<Question> questions = new ArrayDeque<>();
    private final TestBroker broker = new TestBroker(1).topic("a", 2, Map.of());
    private final ProduceHandler handler = new ProduceHandler(
            broker.owners,
            broker::image,
            broker.world.clock(),
            checks::add,
            new ProduceHandler.Bounds(2, 2, 2, 3_600_000),
            new ProduceVerification((question, reply) -> questions.add(new Question(question, reply)), () -> true));

    private record Question(TransactionQuestion asked, Consumer<SortedMap<TopicPartition, ErrorCode>> reply) {}

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    private TestContext produce(int partition, ByteBuffer batch) {
        TestContext context = new TestContext(ApiKey.PRODUCE, 11);
        List<PartitionProduceData> data = List.of(new PartitionProduceData(partition, new BytesPayload(batch)));
        handler.handle(new ProduceRequest("id", (short) 1, 1_000, List.of(new TopicProduceData("a", data))), context);
        broker.world.runUntilIdle();
        return context;
    }

    private TestContext large() {
        return produce(
                LARGE,
                new BatchBuilder(INFLATED_BYTES + 1_000)
                        .codec(CompressionCodec.ZSTD)
                        .append(1_000, null, ByteBuffer.allocate(INFLATED_BYTES))
                        .build());
    }

    private TestContext ofTransaction(long producerId) {
        return produce(
                SMALL,
                new BatchBuilder(1_000)
                        .producer(producerId, (short) 0, 0)
                        .transactional()
                        .append(1_000, null, ByteBuffer.allocate(3))
                        .build());
    }

    private void check() {
        while (!checks.isEmpty()) {
            checks.remove().run();
            broker.world.runUntilIdle();
        }
    }

    private void answer() {
        while (!questions.isEmpty()) {
            Question question = questions.remove();
            question.reply().accept(question.asked().all(ErrorCode.NONE));
            broker.world.runUntilIdle();
        }
    }

    private static PartitionProduceResponse answer(TestContext context) {
        return context.response(ProduceResponse.class)
                .responses()
                .get(0)
                .partitionResponses()
                .get(0);
    }

    @Test
    void thoseWhomLargeBatchesHoldUpLeaveRoomForThoseWhomCoordinatorsDo() {
        List<TestContext> heldUp = List.of(large(), large());
        assertThat(answer(large())).satisfies(refused -> {
            assertThat(refused.errorCode()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
            assertThat(refused.errorMessage()).contains("large batches").doesNotContain("coordinators");
        });

        TestContext asked = ofTransaction(7);
        assertThat(asked.isCompleted()).as("it is asked for").isFalse();
        answer();
        assertThat(answer(asked).errorCode()).isEqualTo(ErrorCode.NONE);

        check();
        assertThat(heldUp).allMatch(context -> answer(context).errorCode() == ErrorCode.NONE);
    }

    @Test
    void thoseWhomCoordinatorsHoldUpLeaveRoomForThoseWhomLargeBatchesDo() {
        List<TestContext> heldUp = List.of(ofTransaction(7), ofTransaction(7));
        assertThat(answer(ofTransaction(8))).satisfies(refused -> {
            assertThat(refused.errorCode()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
            assertThat(refused.errorMessage()).contains("coordinators").doesNotContain("large batches");
        });

        TestContext checked = large();
        assertThat(checked.isCompleted()).as("it is checked").isFalse();
        check();
        assertThat(answer(checked).errorCode()).isEqualTo(ErrorCode.NONE);

        answer();
        assertThat(heldUp).allMatch(TestContext::isCompleted);
        TestContext next = ofTransaction(8);
        answer();
        assertThat(answer(next).errorCode()).as("there is room again").isEqualTo(ErrorCode.NONE);
    }
}
