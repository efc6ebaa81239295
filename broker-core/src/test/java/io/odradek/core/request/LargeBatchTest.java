package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.partition.TestBroker;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.ProduceResponse.PartitionProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Batches that are large or inflate far are checked in the background, and hold up their own partition only. */
class LargeBatchTest {
    private static final int INFLATED_BYTES = 20 << 20;
    private static final int CRC = 17;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int RECORD_COUNT = 57;

    private final Queue<Runnable> background = new ArrayDeque<>();
    private final TestBroker broker = new TestBroker(1).topic("a", 4, Map.of());
    private final ProduceHandler handler = new ProduceHandler(
            broker.owners,
            broker::image,
            broker.world.clock(),
            background::add,
            new ProduceHandler.Bounds(2, 5, 1, 3_600_000));

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    @Test
    void whileALargeBatchIsCheckedOthersAreServed() {
        TestContext large = produce(bomb(0));
        assertThat(background).hasSize(1);
        assertThat(large.isCompleted()).isFalse();
        assertThat(large.isParked()).as("its bytes are in use").isFalse();
        TestContext other = produce(new PartitionProduceData(1, TestRecords.batch("x")));
        assertThat(answers(other))
                .extracting(PartitionProduceResponse::errorCode)
                .containsExactly(ErrorCode.NONE);
        runInBackground();
        assertThat(answers(large)).satisfiesExactly(answer -> {
            assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE);
            assertThat(answer.baseOffset()).isZero();
        });
    }

    @Test
    void whatComesForThePartitionIsAppendedAfterItInTheOrderInWhichItCame() {
        TestContext large = produce(bomb(0));
        TestContext second = produce(new PartitionProduceData(0, TestRecords.batch("x")));
        TestContext third = produce(bomb(0), new PartitionProduceData(2, TestRecords.batch("y")));
        TestContext fourth = produce(new PartitionProduceData(0, TestRecords.batch("z")));
        assertThat(broker.partition("a", 2).log().endOffset())
                .as("the rest of a request goes on")
                .isEqualTo(1);
        assertThat(List.of(large, second, third, fourth)).noneMatch(TestContext::isCompleted);
        assertThat(background).hasSize(1);
        runInBackground();
        assertThat(answers(large).get(0).baseOffset()).isZero();
        assertThat(answers(second).get(0).baseOffset()).isEqualTo(1);
        assertThat(background).as("the third is large, too").hasSize(1);
        assertThat(third.isCompleted()).isFalse();
        runInBackground();
        assertThat(answers(third).get(0).baseOffset()).isEqualTo(2);
        assertThat(answers(fourth).get(0).baseOffset()).isEqualTo(3);
    }

    @Test
    void fewAreCheckedAtATime() {
        List<TestContext> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(produce(bomb(i)));
        }
        assertThat(background).hasSize(2);
        runInBackground();
        assertThat(background).hasSize(2);
        runInBackground();
        assertThat(all).allMatch(TestContext::isCompleted);
    }

    @Test
    void noMoreThanSomeRequestsAreHeldUpAndOthersAreServed() {
        List<TestContext> heldUp = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            heldUp.add(produce(bomb(0)));
            for (int i = 0; i < 4; i++) {
                heldUp.add(produce(new PartitionProduceData(0, TestRecords.batch("x"))));
            }
            for (PartitionProduceData tooMuch : List.of(bomb(1), new PartitionProduceData(0, TestRecords.batch("x")))) {
                assertThat(answers(produce(tooMuch)).get(0).errorCode()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
            }
            assertThat(answers(produce(new PartitionProduceData(1, TestRecords.batch("x"))))
                            .get(0)
                            .errorCode())
                    .isEqualTo(ErrorCode.NONE);
            runInBackground();
            assertThat(heldUp).allMatch(context -> answers(context).get(0).errorCode() == ErrorCode.NONE);
        }
    }

    @Test
    void aLargeBatchThatIsBrokenIsRefusedAndThePartitionGoesOn() {
        PartitionProduceData broken = bomb(0);
        ByteBuffer bytes = ((BytesPayload) broken.records()).buffer();
        // Says that there is a second record.
        bytes.putInt(LAST_OFFSET_DELTA, 1).putInt(RECORD_COUNT, 2).putInt(CRC, RecordBatch.computeCrc(bytes, 0));
        TestContext large = produce(broken);
        TestContext next = produce(new PartitionProduceData(0, TestRecords.batch("x")));
        runInBackground();
        assertThat(answers(large).get(0).errorCode()).isNotEqualTo(ErrorCode.NONE);
        assertThat(answers(next).get(0).baseOffset()).isZero();
    }

    @Test
    void aLargeBatchForALeaderThatResignedMeanwhileIsRefused() {
        TestContext large = produce(bomb(0));
        TestContext next = produce(new PartitionProduceData(0, TestRecords.batch("x")));
        broker.elect(broker.partition("a", 0), 2, 1, List.of(2));
        broker.world.runUntilIdle();
        runInBackground();
        assertThat(answers(large).get(0).errorCode()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(answers(next).get(0).errorCode()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void whatInflatesALittleIsCheckedByTheOwner() {
        TestContext context = produce(new PartitionProduceData(0, zeros(500_000)));
        assertThat(background).isEmpty();
        assertThat(answers(context).get(0).errorCode()).isEqualTo(ErrorCode.NONE);
    }

    private void runInBackground() {
        for (int waiting = background.size(); waiting > 0; waiting--) {
            background.remove().run();
        }
        broker.world.runUntilIdle();
    }

    private TestContext produce(PartitionProduceData... partitions) {
        TestContext context = new TestContext(ApiKey.PRODUCE, 9);
        TopicProduceData topic = new TopicProduceData("a", List.of(partitions));
        handler.handle(new ProduceRequest(null, (short) 1, 1000, List.of(topic)), context);
        broker.world.runUntilIdle();
        return context;
    }

    private static List<PartitionProduceResponse> answers(TestContext context) {
        return context.response(ProduceResponse.class).responses().get(0).partitionResponses();
    }

    private static PartitionProduceData bomb(int partition) {
        return new PartitionProduceData(partition, zeros(INFLATED_BYTES));
    }

    private static Payload zeros(int bytes) {
        return new BytesPayload(new BatchBuilder(bytes + 1000)
                .codec(CompressionCodec.ZSTD)
                .append(1000, null, ByteBuffer.allocate(bytes))
                .build());
    }
}
