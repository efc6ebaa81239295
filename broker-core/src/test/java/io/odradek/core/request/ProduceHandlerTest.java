package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.TestBroker;
import io.odradek.core.partition.TestReplicas;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.ProduceResponse.PartitionProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProduceHandlerTest {
    private final TestBroker broker = new TestBroker(3);
    private final ProduceHandler handler = new ProduceHandler(broker.owners, broker::image, broker.world.clock());

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    @Test
    void acks1IsAnsweredWithTheOffsetsOfEachPartitionInTheOrderOfTheRequest() {
        broker.topic("a", 4, Map.of()).topic("b", 1, Map.of());
        produce(1, topic("a", partition(2, "x")));
        TestContext context = produce(
                1,
                topic("a", partition(3, "x", "y"), partition(2, "x", "y"), partition(0, "z")),
                topic("b", partition(0, "x")));
        ProduceResponse response = context.response(ProduceResponse.class);
        assertThat(response.responses()).extracting(t -> t.name()).containsExactly("a", "b");
        assertThat(response.responses().get(0).partitionResponses())
                .extracting(PartitionProduceResponse::index, PartitionProduceResponse::baseOffset)
                .containsExactly(tuple(3, 0L), tuple(2, 1L), tuple(0, 0L));
        assertThat(broker.partition("a", 2).log().endOffset()).isEqualTo(3);
        assertThat(broker.partition("a", 2).highWatermark()).isEqualTo(3);
    }

    @Test
    void aPartitionThatIsRefusedDoesNotKeepTheOthersFromBeingAppended() {
        broker.topic("a", 2, Map.of());
        TestContext context = produce(1, topic("a", partition(0, "x"), partition(9, "x"), corrupt(1)));
        assertThat(errors(context))
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ErrorCode.CORRUPT_MESSAGE);
        assertThat(broker.partition("a", 0).log().endOffset()).isEqualTo(1);
        assertThat(broker.partition("a", 1).log().endOffset()).isZero();
    }

    @Test
    void aPartitionOfAnotherBrokerIsToldFromOneThatNobodyHas() {
        broker.describe(new MetadataImage.TopicInfo(
                "elsewhere",
                TestBroker.topicId("elsewhere"),
                List.of(new MetadataImage.PartitionInfo(2, 5, List.of(2), List.of(2))),
                Map.of()));
        TestContext context = produce(1, topic("elsewhere", partition(0, "x"), partition(1, "x")));
        assertThat(errors(context))
                .containsExactly(ErrorCode.NOT_LEADER_OR_FOLLOWER, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void aLongNameIsNotSaidAgainForEachPartition() {
        String name = "x".repeat(32_767);
        PartitionProduceData[] partitions = new PartitionProduceData[1_000];
        for (int i = 0; i < partitions.length; i++) {
            partitions[i] = new PartitionProduceData(i, null);
        }
        TestContext context = produce(1, topic(name, partitions));
        assertThat(context.response(ProduceResponse.class).responses().get(0).partitionResponses())
                .hasSize(1_000)
                .allMatch(answer -> answer.errorMessage().length() < 100);
        assertThat(produce(0, topic(name, partitions)).closed()).hasSizeLessThan(500);
    }

    @Test
    void illegalAcksAreRefusedAndNothingIsStored() {
        broker.topic("a", 1, Map.of());
        for (int acks : new int[] {2, -2}) {
            TestContext context = produce(acks, topic("a", partition(0, "x")));
            assertThat(errors(context)).containsExactly(ErrorCode.INVALID_REQUIRED_ACKS);
        }
        assertThat(broker.partition("a", 0).log().endOffset()).isZero();
    }

    @Test
    void internalTopicsAreForTheAdminClientOnly() {
        broker.topic("__consumer_offsets", 1, Map.of());
        TestContext context = produce(1, topic("__consumer_offsets", partition(0, "x")));
        assertThat(errors(context)).containsExactly(ErrorCode.INVALID_TOPIC_EXCEPTION);
        TestContext admin = new TestContext(ApiKey.PRODUCE, 9, "__admin_client");
        produce(admin, 1, topic("__consumer_offsets", partition(0, "x")));
        assertThat(errors(admin)).containsExactly(ErrorCode.NONE);
    }

    @Test
    void acks0IsNotAnsweredAndClosesTheConnectionOnAnError() {
        broker.topic("a", 1, Map.of());
        TestContext good = produce(0, topic("a", partition(0, "x")));
        assertThat(good.isCompleted()).isTrue();
        assertThat(good.response(ProduceResponse.class)).isNull();
        assertThat(good.closed()).isNull();
        TestContext bad = produce(0, topic("a", partition(0, "x"), partition(1, "x")));
        assertThat(bad.closed()).contains("a-1").contains("UNKNOWN_TOPIC_OR_PARTITION");
    }

    @Test
    void aRequestWithoutPartitionsIsAnsweredEmpty() {
        TestContext context = produce(1);
        assertThat(context.response(ProduceResponse.class).responses()).isEmpty();
    }

    @Test
    void missingRecordsAreInvalid() {
        broker.topic("a", 1, Map.of());
        TestContext context = produce(
                1, topic("a", new PartitionProduceData(0, null), new PartitionProduceData(0, BytesPayload.EMPTY)));
        assertThat(errors(context)).containsOnly(ErrorCode.INVALID_RECORD);
    }

    @Test
    void acksAllWaitsUntilTheFollowerInSyncHasTheRecordsAndTheBodyIsGivenBackBefore() {
        Partition partition = replicated(Map.of());
        TestContext context = produce(-1, topic("r", partition(0, "x")));
        assertThat(context.isCompleted()).isFalse();
        assertThat(context.isBodyReleased()).isTrue();
        followerFetches(partition, 0);
        assertThat(context.isCompleted()).isFalse();
        followerFetches(partition, 1);
        assertThat(errors(context)).containsExactly(ErrorCode.NONE);
        assertThat(broker.parked()).isZero();
    }

    @Test
    void acks1DoesNotWaitForFollowers() {
        replicated(Map.of());
        assertThat(errors(produce(1, topic("r", partition(0, "x"))))).containsExactly(ErrorCode.NONE);
    }

    @Test
    void acksAllTimesOutAndLeavesNothingBehind() {
        replicated(Map.of());
        TestContext context = produce(-1, topic("r", partition(0, "x")));
        broker.world.advanceMs(999);
        assertThat(context.isCompleted()).isFalse();
        broker.world.advanceMs(1);
        assertThat(errors(context)).containsExactly(ErrorCode.REQUEST_TIMED_OUT);
        assertThat(broker.parked()).isZero();
    }

    @Test
    void acksAllFailsWhenLeadershipIsLost() {
        Partition partition = replicated(Map.of());
        TestContext context = produce(-1, topic("r", partition(0, "x")));
        broker.elect(partition, 2, 1, List.of(1, 2));
        broker.world.runUntilIdle();
        assertThat(errors(context)).containsExactly(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(broker.parked()).isZero();
        assertThat(errors(produce(1, topic("r", partition(0, "x"))))).containsExactly(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void acksAllNeedsEnoughReplicasInSyncBeforeAndAfterTheAppend() {
        Partition partition = replicated(Map.of("min.insync.replicas", "2"));
        TestContext context = produce(-1, topic("r", partition(0, "x")));
        broker.leadWithIsr(partition, 0, List.of(1), List.of(1, 2));
        broker.world.runUntilIdle();
        assertThat(context.isCompleted())
                .as("what too few have is not committed")
                .isFalse();
        assertThat(partition.highWatermark()).isZero();
        broker.world.advanceMs(1000);
        assertThat(errors(context)).containsExactly(ErrorCode.REQUEST_TIMED_OUT);
        assertThat(errors(produce(-1, topic("r", partition(0, "y"))))).containsExactly(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(partition.log().endOffset()).isEqualTo(1);
        assertThat(errors(produce(1, topic("r", partition(0, "y"))))).containsExactly(ErrorCode.NONE);
    }

    @Test
    void aDiskThatFailsTakesThePartitionOfflineAndNoOther() {
        broker.topic("a", 1, Map.of()).topic("b", 1, Map.of());
        broker.files.failOperation(1);
        assertThat(errors(produce(-1, topic("a", partition(0, "x"))))).containsExactly(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(errors(produce(-1, topic("a", partition(0, "x"))))).containsExactly(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(errors(produce(-1, topic("b", partition(0, "x"))))).containsExactly(ErrorCode.NONE);
    }

    private Partition replicated(Map<String, String> config) {
        broker.topic("r", 1, config, List.of(1, 2));
        return broker.partition("r", 0);
    }

    private void followerFetches(Partition partition, long offset) {
        broker.owners.ownerOf(partition.id()).loop().post(() -> {
            TestReplicas.fetched(partition, 2, offset);
            partition.announceChanges();
        });
        broker.world.runUntilIdle();
    }

    private TestContext produce(int acks, TopicProduceData... topics) {
        TestContext context = new TestContext(ApiKey.PRODUCE, 9);
        produce(context, acks, topics);
        return context;
    }

    private void produce(TestContext context, int acks, TopicProduceData... topics) {
        handler.handle(new ProduceRequest(null, (short) acks, 1000, List.of(topics)), context);
        broker.world.runUntilIdle();
    }

    private static TopicProduceData topic(String name, PartitionProduceData... partitions) {
        return new TopicProduceData(name, List.of(partitions));
    }

    private static PartitionProduceData partition(int index, String... values) {
        return new PartitionProduceData(index, TestRecords.batch(values));
    }

    private static PartitionProduceData corrupt(int index) {
        Payload records = TestRecords.batch("x");
        ByteBuffer buffer = ((BytesPayload) records).buffer();
        int last = buffer.limit() - 1;
        buffer.put(last, (byte) (buffer.get(last) ^ 1));
        return new PartitionProduceData(index, records);
    }

    private static List<ErrorCode> errors(TestContext context) {
        List<ErrorCode> errors = new ArrayList<>();
        context.response(ProduceResponse.class)
                .responses()
                .forEach(t -> t.partitionResponses().forEach(p -> errors.add(p.errorCode())));
        return errors;
    }

    private static org.assertj.core.groups.Tuple tuple(Object... values) {
        return org.assertj.core.groups.Tuple.tuple(values);
    }
}
