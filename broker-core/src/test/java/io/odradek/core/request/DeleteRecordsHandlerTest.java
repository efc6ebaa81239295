package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.partition.FollowerFetch;
import io.odradek.core.partition.LeaderLog;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.TestBroker;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.DeleteRecordsRequest;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsPartition;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsTopic;
import io.odradek.protocol.api.DeleteRecordsResponse;
import io.odradek.protocol.api.DeleteRecordsResponse.DeleteRecordsPartitionResult;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeleteRecordsHandlerTest {
    private final TestBroker broker = new TestBroker(2).topic("a", 2, Map.of());
    private final List<Consumer<IOException>> saves = new ArrayList<>();
    private final DeleteRecordsHandler handler =
            new DeleteRecordsHandler(broker.owners, broker::image, (log, done) -> saves.add(done), 60_000);

    @BeforeEach
    void records() {
        ProduceHandler producer = new ProduceHandler(broker.owners, broker::image, broker.world.clock());
        for (int i = 0; i < 2; i++) {
            var data = new ProduceRequest.PartitionProduceData(i, TestRecords.batch("x", "y", "z"));
            producer.handle(
                    new ProduceRequest(
                            null, (short) 1, 1000, List.of(new ProduceRequest.TopicProduceData("a", List.of(data)))),
                    new TestContext(ApiKey.PRODUCE, 9));
        }
        broker.world.runUntilIdle();
    }

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    @Test
    void itIsAnsweredWhenAllBeginningsAreSavedAndHoldsNothingMeanwhile() {
        TestContext context = delete(5_000, at(0, 1), at(1, -1), at(7, 1));
        assertThat(context.isParked()).isTrue();
        assertThat(saves).hasSize(2);
        saved(0, null);
        assertThat(context.isCompleted()).isFalse();
        saved(1, null);
        assertThat(results(context))
                .extracting(DeleteRecordsPartitionResult::errorCode)
                .containsExactly(ErrorCode.NONE, ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(results(context))
                .extracting(DeleteRecordsPartitionResult::lowWatermark)
                .containsExactly(1L, 3L, -1L);
        assertThat(broker.parked()).isZero();
    }

    @Test
    void aPartitionThatIsNamedManyTimesIsSavedOnce() {
        TestContext context = delete(5_000, at(0, 1), at(0, 2), at(0, 1));
        assertThat(saves).hasSize(1);
        saved(0, null);
        assertThat(results(context))
                .extracting(DeleteRecordsPartitionResult::lowWatermark)
                .containsExactly(2L, 2L, 2L);
    }

    @Test
    void itIsAnsweredWhenFollowersBeginThereToo() {
        broker.topic("r", 1, Map.of(), List.of(1, 2));
        Partition partition = broker.partition("r", 0);
        onOwner(partition, () -> {
            LeaderLog.append(partition, twoRecords(), (short) 1, 1000);
            partition.followerFetched(new FollowerFetch(2, 7, 2, 0));
        });
        TestContext context = new TestContext(ApiKey.DELETE_RECORDS, 2);
        handler.handle(
                new DeleteRecordsRequest(List.of(new DeleteRecordsTopic("r", List.of(at(0, 1)))), 5_000), context);
        broker.world.runUntilIdle();
        saved(0, null);
        assertThat(context.isCompleted()).isFalse();
        onOwner(partition, () -> partition.followerFetched(new FollowerFetch(2, 7, 2, 1)));
        assertThat(results(context))
                .extracting(DeleteRecordsPartitionResult::lowWatermark)
                .containsExactly(1L);
        assertThat(broker.parked()).isZero();
    }

    @Test
    void aFollowerThatDoesNotFollowInTimeIsNotWaitedForLonger() {
        broker.topic("r", 1, Map.of(), List.of(1, 2));
        Partition partition = broker.partition("r", 0);
        onOwner(partition, () -> {
            LeaderLog.append(partition, twoRecords(), (short) 1, 1000);
            partition.followerFetched(new FollowerFetch(2, 7, 2, 0));
        });
        TestContext context = new TestContext(ApiKey.DELETE_RECORDS, 2);
        handler.handle(
                new DeleteRecordsRequest(List.of(new DeleteRecordsTopic("r", List.of(at(0, 1)))), 5_000), context);
        broker.world.runUntilIdle();
        saved(0, null);
        broker.world.advanceMs(5_000);
        assertThat(results(context))
                .extracting(DeleteRecordsPartitionResult::errorCode)
                .containsExactly(ErrorCode.REQUEST_TIMED_OUT);
        assertThat(partition.log().startOffset()).isEqualTo(1);
        assertThat(broker.parked()).isZero();
    }

    private static ByteBuffer twoRecords() {
        return ((BytesPayload) TestRecords.batch("x", "y")).buffer().duplicate();
    }

    private void onOwner(Partition partition, Runnable task) {
        broker.owners.ownerOf(partition.id()).loop().post(() -> {
            task.run();
            partition.announceChanges();
        });
        broker.world.runUntilIdle();
    }

    @Test
    void aBeginningThatCannotBeSavedIsAStorageError() {
        TestContext context = delete(5_000, at(0, 1), at(1, 1));
        saved(0, new IOException("in a test"));
        saved(1, null);
        assertThat(results(context))
                .extracting(DeleteRecordsPartitionResult::errorCode)
                .containsExactlyInAnyOrder(ErrorCode.KAFKA_STORAGE_ERROR, ErrorCode.NONE);
    }

    @Test
    void itWaitsForTheDiskAsLongAsTheClientSays() {
        TestContext context = delete(5_000, at(0, 1));
        broker.world.advanceMs(4_999);
        assertThat(context.isCompleted()).isFalse();
        broker.world.advanceMs(1);
        assertThat(results(context))
                .extracting(DeleteRecordsPartitionResult::errorCode)
                .containsExactly(ErrorCode.REQUEST_TIMED_OUT);
        saved(0, null);
        assertThat(broker.parked()).isZero();
    }

    @Test
    void nobodyWaitsForTheDiskOnBehalfOfAClientThatHasLeft() {
        TestContext context = delete(5_000, at(0, 1), at(1, 1));
        context.leave();
        broker.world.runUntilIdle();
        assertThat(broker.parked()).isZero();
        saved(0, null);
        saved(1, null);
        assertThat(context.response(DeleteRecordsResponse.class)).isNull();
    }

    private void saved(int save, IOException failure) {
        saves.get(save).accept(failure);
        broker.world.runUntilIdle();
    }

    private TestContext delete(int timeoutMs, DeleteRecordsPartition... partitions) {
        TestContext context = new TestContext(ApiKey.DELETE_RECORDS, 2);
        handler.handle(
                new DeleteRecordsRequest(List.of(new DeleteRecordsTopic("a", List.of(partitions))), timeoutMs),
                context);
        broker.world.runUntilIdle();
        return context;
    }

    private static List<DeleteRecordsPartitionResult> results(TestContext context) {
        return context.response(DeleteRecordsResponse.class).topics().get(0).partitions();
    }

    private static DeleteRecordsPartition at(int partition, long offset) {
        return new DeleteRecordsPartition(partition, offset);
    }
}
