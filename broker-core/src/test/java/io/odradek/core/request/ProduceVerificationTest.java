package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.partition.LeaderLog;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.TestBroker;
import io.odradek.core.verification.TransactionQuestion;
import io.odradek.core.verification.TransactionVerifier;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.ControlRecord.Type;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.storage.log.AppendOrigin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Producer 7 writes in transactions, and the test is the coordinator. */
class ProduceVerificationTest {
    private static final long PRODUCER = 7;
    private static final int BEFORE_ABORTABLE = 10;
    private static final int ABORTABLE = 11;
    private static final int ADDS = 12;

    private TestBroker broker = new TestBroker(1);
    private final List<TransactionQuestion> asked = new ArrayList<>();
    private final Deque<Consumer<SortedMap<TopicPartition, ErrorCode>>> replies = new ArrayDeque<>();
    private ProduceHandler handler = handler(true);
    private Partition partition;

    @BeforeEach
    void aTopic() {
        broker.topic("t", 1, Map.of());
        partition = broker.partition("t", 0);
    }

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    private ProduceHandler handler(boolean verifies) {
        TransactionVerifier verifier = (question, reply) -> {
            asked.add(question);
            replies.add(reply);
        };
        return new ProduceHandler(
                broker.owners,
                broker::image,
                broker.world.clock(),
                Runnable::run,
                ProduceHandler.Bounds.DEFAULTS,
                new ProduceVerification(verifier, () -> verifies));
    }

    private static ByteBuffer batch(long producerId, int epoch, int sequence, boolean transactional) {
        BatchBuilder batch = new BatchBuilder(1_000).producer(producerId, (short) epoch, sequence);
        return (transactional ? batch.transactional() : batch)
                .append(0, null, ByteBuffer.allocate(3))
                .build();
    }

    private TestContext produce(int version, String transactionalId, ByteBuffer batch) {
        TestContext context = new TestContext(ApiKey.PRODUCE, version);
        PartitionProduceData data = new PartitionProduceData(0, new BytesPayload(batch));
        handler.handle(
                new ProduceRequest(
                        transactionalId, (short) 1, 1_000, List.of(new TopicProduceData("t", List.of(data)))),
                context);
        broker.world.runUntilIdle();
        return context;
    }

    private TestContext inTransaction(int version, int sequence) {
        return produce(version, "id", batch(PRODUCER, 0, sequence, true));
    }

    private void answer(ErrorCode error) {
        SortedMap<TopicPartition, ErrorCode> errors = new TreeMap<>();
        errors.put(new TopicPartition("t", 0), error);
        replies.remove().accept(errors);
        broker.world.advanceMs(20);
    }

    private void end(Type type) {
        end(type, 0);
    }

    private void end(Type type, int epoch) {
        ByteBuffer marker = new ControlRecord(type, 0).toBatch(PRODUCER, (short) epoch, 0);
        LeaderLog.append(partition, marker, (short) 1, 0, AppendOrigin.COORDINATOR);
        broker.world.runUntilIdle();
    }

    private static ErrorCode error(TestContext context) {
        return context.response(ProduceResponse.class)
                .responses()
                .get(0)
                .partitionResponses()
                .get(0)
                .errorCode();
    }

    @Test
    void theFirstBatchOfATransactionWaitsForItsCoordinatorAndTheNextOnesAreNotAskedFor() {
        TestContext first = inTransaction(ABORTABLE, 0);
        assertThat(first.isCompleted()).isFalse();
        assertThat(partition.log().endOffset()).isZero();
        assertThat(asked.get(0).transactionalId()).isEqualTo("id");
        assertThat(asked.get(0).producerId()).isEqualTo(PRODUCER);
        assertThat(asked.get(0).adds()).isFalse();

        answer(ErrorCode.NONE);
        assertThat(error(first)).isEqualTo(ErrorCode.NONE);
        assertThat(error(inTransaction(ABORTABLE, 1))).isEqualTo(ErrorCode.NONE);
        assertThat(asked).hasSize(1);

        end(Type.COMMIT);
        assertThat(inTransaction(ABORTABLE, 2).isCompleted())
                .as("this is another transaction")
                .isFalse();
        assertThat(asked).hasSize(2);
        answer(ErrorCode.NONE);
    }

    @Test
    void theProducersNextBatchesWaitBehindInOrderAndThoseOfOthersDoNotWait() {
        TestContext first = inTransaction(ABORTABLE, 0);
        TestContext second = inTransaction(ABORTABLE, 1);
        assertThat(error(produce(ABORTABLE, null, batch(8, 0, 0, false)))).isEqualTo(ErrorCode.NONE);
        assertThat(asked).hasSize(1);

        answer(ErrorCode.NONE);

        assertThat(error(first)).isEqualTo(ErrorCode.NONE);
        assertThat(error(second)).isEqualTo(ErrorCode.NONE);
        assertThat(partition.log().endOffset()).isEqualTo(3);
        assertThat(asked).hasSize(1);
    }

    @Test
    void aBatchBehindOneThatWasRefusedIsAskedForItself() {
        TestContext first = inTransaction(ABORTABLE, 0);
        TestContext second = inTransaction(ABORTABLE, 1);
        TestContext third = inTransaction(ABORTABLE, 2);
        answer(ErrorCode.NOT_COORDINATOR);
        assertThat(error(first)).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);

        answer(ErrorCode.NONE);
        assertThat(error(second)).as("the first is missing").isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        answer(ErrorCode.NONE);
        assertThat(error(third)).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(partition.log().endOffset()).isZero();
    }

    @Test
    void aBatchWhoseTransactionEndsWhileItIsAskedForIsRefusedAndCannotHangThePartition() {
        TestContext late = inTransaction(ABORTABLE, 0);
        end(Type.ABORT);
        answer(ErrorCode.NONE);
        assertThat(error(late)).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(partition.lastStableOffset()).isEqualTo(partition.log().endOffset());

        TestContext old = inTransaction(BEFORE_ABORTABLE, 0);
        end(Type.ABORT);
        answer(ErrorCode.NONE);
        assertThat(error(old)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
    }

    /** A request with the first batch of a producer for each partition. */
    private TestContext produceTo(int version, short acks, Map<TopicPartition, Long> producers) {
        TestContext context = new TestContext(ApiKey.PRODUCE, version);
        List<TopicProduceData> topics = new ArrayList<>();
        new TreeMap<>(producers).forEach((id, producer) -> {
            var data = new PartitionProduceData(id.partition(), new BytesPayload(batch(producer, 0, 0, true)));
            topics.add(new TopicProduceData(id.topic(), List.of(data)));
        });
        handler.handle(new ProduceRequest("id", acks, 60_000, topics), context);
        broker.world.runUntilIdle();
        return context;
    }

    private static List<ErrorCode> errors(TestContext context) {
        List<ErrorCode> errors = new ArrayList<>();
        context.response(ProduceResponse.class)
                .responses()
                .forEach(topic -> topic.partitionResponses().forEach(one -> errors.add(one.errorCode())));
        return errors;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void allPartitionsOfARequestAreOneQuestionHoweverManyOwnersTheyHave(int owners) throws IOException {
        broker.close();
        broker = new TestBroker(owners).topic("w", 7, Map.of());
        handler = handler(true);
        Map<TopicPartition, Long> all = new TreeMap<>();
        for (int index = 0; index < 7; index++) {
            all.put(new TopicPartition("w", index), PRODUCER);
        }
        TestContext context = produceTo(ADDS, (short) 1, all);
        assertThat(asked).hasSize(1);
        assertThat(asked.get(0).partitions()).isEqualTo(all.keySet());

        SortedMap<TopicPartition, ErrorCode> answer = new TreeMap<>();
        all.keySet().forEach(id -> answer.put(id, ErrorCode.NONE));
        answer.put(new TopicPartition("w", 4), ErrorCode.OPERATION_NOT_ATTEMPTED);
        replies.remove().accept(answer);
        broker.world.runUntilIdle();

        assertThat(errors(context))
                .containsOnly(ErrorCode.NONE, ErrorCode.NOT_ENOUGH_REPLICAS)
                .containsOnlyOnce(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(broker.partition("w", 4).log().endOffset()).isZero();
        assertThat(broker.partition("w", 5).log().endOffset()).isEqualTo(1);
    }

    @Test
    void aMarkerForOnePartitionOfARequestRefusesThatOneAlone() {
        broker.topic("s", 1, Map.of());
        TestContext context = produceTo(
                ABORTABLE,
                (short) 1,
                Map.of(new TopicPartition("s", 0), PRODUCER, new TopicPartition("t", 0), PRODUCER));
        end(Type.ABORT);
        answerAll(ErrorCode.NONE);
        assertThat(errors(context)).containsExactly(ErrorCode.NONE, ErrorCode.TRANSACTION_ABORTABLE);
    }

    @Test
    void theProducersOfOneRequestAreAskedForEachByItself() {
        broker.topic("s", 1, Map.of());
        TestContext context = produceTo(
                ABORTABLE, (short) 1, Map.of(new TopicPartition("s", 0), 8L, new TopicPartition("t", 0), PRODUCER));
        assertThat(asked).extracting(TransactionQuestion::producerId).containsExactly(8L, PRODUCER);
        answerAll(ErrorCode.PRODUCER_FENCED);
        answerAll(ErrorCode.NONE);
        assertThat(errors(context)).containsExactly(ErrorCode.INVALID_PRODUCER_EPOCH, ErrorCode.NONE);
    }

    @Test
    void aCoordinatorThatAnswersAtOnceHoldsNobodyUp() {
        handler = new ProduceHandler(
                broker.owners,
                broker::image,
                broker.world.clock(),
                Runnable::run,
                ProduceHandler.Bounds.DEFAULTS,
                new ProduceVerification((question, reply) -> reply.accept(question.all(ErrorCode.NONE)), () -> true));
        assertThat(error(inTransaction(ABORTABLE, 0))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void whereTheCoordinatorCannotBeAskedEveryBatchIsAnswered() {
        handler = new ProduceHandler(
                broker.owners,
                broker::image,
                broker.world.clock(),
                Runnable::run,
                ProduceHandler.Bounds.DEFAULTS,
                new ProduceVerification(
                        (question, reply) -> {
                            throw new IllegalStateException("none");
                        },
                        () -> true));
        assertThat(error(inTransaction(ABORTABLE, 0))).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(error(inTransaction(ABORTABLE, 0))).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
    }

    /** Answers the oldest question that has no answer yet. */
    private void answerAll(ErrorCode error) {
        TransactionQuestion oldest = asked.get(asked.size() - replies.size());
        replies.remove().accept(oldest.all(error));
        broker.world.runUntilIdle();
    }

    @Test
    void aPartitionWhoseReplicasHaveAllWhileAnotherIsAskedForIsNotWaitedForAgain() {
        broker.topic("r", 1, Map.of(), List.of(TestBroker.ID, 2));
        Partition replicated = broker.partition("r", 0);
        TestContext context = produceTo(
                ABORTABLE, (short) -1, Map.of(new TopicPartition("r", 0), 8L, new TopicPartition("t", 0), PRODUCER));
        answerAll(ErrorCode.NONE);
        assertThat(replicated.log().endOffset()).isEqualTo(1);
        assertThat(replicated.highWatermark()).isZero();
        broker.leadWithIsr(replicated, 1, List.of(TestBroker.ID), List.of(TestBroker.ID, 2));
        broker.world.runUntilIdle();
        assertThat(replicated.highWatermark()).isEqualTo(1);

        answerAll(ErrorCode.NONE);
        assertThat(context.isCompleted()).isTrue();
        assertThat(errors(context)).containsExactly(ErrorCode.NONE, ErrorCode.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {BEFORE_ABORTABLE, ABORTABLE, ADDS})
    void aBatchIsToBeSentAgainWhenThisBrokerLedAnewInTheMeantime(int version) {
        TestContext late = inTransaction(version, 0);
        broker.leadWithIsr(partition, 1, List.of(TestBroker.ID), List.of(TestBroker.ID));
        answer(ErrorCode.NONE);
        assertThat(error(late)).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(partition.log().endOffset()).isZero();

        TestContext again = inTransaction(version, 0);
        answer(ErrorCode.NONE);
        assertThat(error(again)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void withTransactionsV2ThePartitionIsAddedAndTheEndOfTheOneBeforeIsWaitedFor() {
        TestContext first = inTransaction(ADDS, 0);
        assertThat(asked.get(0).adds()).isTrue();
        answer(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(first.isCompleted()).isFalse();
        assertThat(asked).hasSize(2);
        answer(ErrorCode.NONE);
        assertThat(error(first)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void theEndForWhichATransactionWaitsIsNotItsOwn() {
        inTransaction(ADDS, 0);
        answer(ErrorCode.NONE);
        TestContext next = produce(ADDS, "id", batch(PRODUCER, 1, 0, true));
        answer(ErrorCode.CONCURRENT_TRANSACTIONS);
        end(Type.COMMIT, 1);
        answer(ErrorCode.NONE);
        assertThat(error(next)).isEqualTo(ErrorCode.NONE);

        end(Type.COMMIT, 2);
        TestContext late = produce(ADDS, "id", batch(PRODUCER, 2, 0, true));
        end(Type.ABORT, 3);
        answer(ErrorCode.NONE);
        assertThat(error(late)).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
    }

    @Test
    void thatWaitHasAnEnd() {
        TestContext first = inTransaction(ADDS, 0);
        while (!replies.isEmpty()) {
            answer(ErrorCode.CONCURRENT_TRANSACTIONS);
        }
        assertThat(error(first)).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
    }

    @Test
    void aTransactionalBatchInARequestWithoutATransactionalIdIsRefused() {
        assertThat(error(produce(ABORTABLE, null, batch(PRODUCER, 0, 0, true)))).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(asked).isEmpty();
    }

    @Test
    void nobodyIsAskedWhereThatIsSwitchedOffButWhatIsToBeAddedIs() {
        handler = handler(false);
        assertThat(error(inTransaction(ABORTABLE, 0))).isEqualTo(ErrorCode.NONE);
        end(Type.COMMIT);
        inTransaction(ADDS, 1);
        assertThat(asked).hasSize(1);
        answer(ErrorCode.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "11, PRODUCER_FENCED, INVALID_PRODUCER_EPOCH",
        "11, TRANSACTION_ABORTABLE, TRANSACTION_ABORTABLE",
        "10, TRANSACTION_ABORTABLE, INVALID_TXN_STATE",
        "11, CONCURRENT_TRANSACTIONS, NOT_ENOUGH_REPLICAS",
        "11, NETWORK_EXCEPTION, NOT_ENOUGH_REPLICAS",
        "11, COORDINATOR_NOT_AVAILABLE, NOT_ENOUGH_REPLICAS",
        "11, COORDINATOR_LOAD_IN_PROGRESS, NOT_ENOUGH_REPLICAS",
        "11, NOT_COORDINATOR, NOT_ENOUGH_REPLICAS",
        "11, INVALID_PRODUCER_ID_MAPPING, INVALID_PRODUCER_ID_MAPPING",
    })
    void whatTheCoordinatorSaysIsToldSoThatClientsDoTheRightThing(int version, ErrorCode said, ErrorCode told) {
        TestContext context = inTransaction(version, 0);
        answer(said);
        assertThat(error(context)).isEqualTo(told);
        assertThat(partition.log().endOffset()).isZero();
    }
}
