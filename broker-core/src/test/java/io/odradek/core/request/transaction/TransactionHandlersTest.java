package io.odradek.core.request.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.MemoryPartitionLog;
import io.odradek.core.coordinator.transaction.EndedTransaction;
import io.odradek.core.coordinator.transaction.TransactionCoordinator;
import io.odradek.core.coordinator.transaction.TransactionSettings;
import io.odradek.core.memory.MemoryShare;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.partition.SimulatedOwnerLoop;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.request.SlowRequests;
import io.odradek.core.request.group.RecordingContext;
import io.odradek.protocol.api.AddOffsetsToTxnRequest;
import io.odradek.protocol.api.AddOffsetsToTxnResponse;
import io.odradek.protocol.api.AddPartitionsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.odradek.protocol.api.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import io.odradek.protocol.api.AddPartitionsToTxnResponse;
import io.odradek.protocol.api.AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult;
import io.odradek.protocol.api.AddPartitionsToTxnResponse.AddPartitionsToTxnResult;
import io.odradek.protocol.api.AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.DescribeTransactionsRequest;
import io.odradek.protocol.api.DescribeTransactionsResponse;
import io.odradek.protocol.api.DescribeTransactionsResponse.TopicData;
import io.odradek.protocol.api.DescribeTransactionsResponse.TransactionState;
import io.odradek.protocol.api.EndTxnRequest;
import io.odradek.protocol.api.EndTxnResponse;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.InitProducerIdResponse;
import io.odradek.protocol.api.ListTransactionsRequest;
import io.odradek.protocol.api.ListTransactionsResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.protocol.wire.WireWriter;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The requests of producers and operators, in each version that has something of its own. */
class TransactionHandlersTest {
    private static final short ZERO = 0;
    private static final long PRODUCER = 7;

    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final List<EndedTransaction> ended = new ArrayList<>();
    private final TransactionCoordinator coordinator = new TransactionCoordinator(
            world.clock(),
            TransactionSettings.DEFAULTS,
            new TransactionCoordinator.Surroundings(
                    TransactionHandlersTest::image,
                    () -> CompletableFuture.completedFuture(PRODUCER),
                    (transaction, done) -> {
                        ended.add(transaction);
                        return () -> {};
                    },
                    new MemoryShare("none", 1L << 40)));

    @BeforeEach
    void elect() {
        coordinator.elected(0, new SimulatedOwnerLoop(world.newLoop("owner")), new MemoryPartitionLog(0));
        world.runUntilIdle();
    }

    private static MetadataImage image() {
        TreeMap<String, TopicInfo> topics = new TreeMap<>();
        for (String name : List.of("__transaction_state", "t")) {
            PartitionInfo led = new PartitionInfo(1, 0, List.of(1), List.of(1));
            topics.put(name, new TopicInfo(name, Uuid.ZERO, List.of(led), Map.of()));
        }
        return new MetadataImage("cluster", 1, new TreeMap<>(), topics, Map.of());
    }

    private <R extends ApiRequest, A extends ApiResponse> A serve(
            ApiKey api, int version, RequestHandler<R> handler, R request, Class<A> type) {
        RecordingContext context = new RecordingContext(api.key(), version);
        handler.handle(request, context);
        world.runUntilIdle();
        assertThat(context.isInWork()).isFalse();
        ApiCodecs.writeResponse(context.response(), (short) version, WireWriter.heap(256));
        return type.cast(context.response());
    }

    private InitProducerIdResponse init(int version, String id, long producerId, int epoch) {
        return serve(
                ApiKey.INIT_PRODUCER_ID,
                version,
                new InitTransactionsHandler(coordinator),
                new InitProducerIdRequest(id, 60_000, producerId, (short) epoch),
                InitProducerIdResponse.class);
    }

    private InitProducerIdResponse init() {
        return init(5, "id", -1, -1);
    }

    private AddPartitionsToTxnResponse add(int version, AddPartitionsToTxnRequest request) {
        return serve(
                ApiKey.ADD_PARTITIONS_TO_TXN,
                version,
                new AddPartitionsToTxnHandler(coordinator, TransactionHandlersTest::image),
                request,
                AddPartitionsToTxnResponse.class);
    }

    private AddPartitionsToTxnResponse add(int version, int epoch, AddPartitionsToTxnTopic... topics) {
        return add(version, new AddPartitionsToTxnRequest(List.of(), "id", PRODUCER, (short) epoch, List.of(topics)));
    }

    private EndTxnResponse end(int version, int epoch, boolean commit) {
        return serve(
                ApiKey.END_TXN,
                version,
                new EndTxnHandler(coordinator),
                new EndTxnRequest("id", PRODUCER, (short) epoch, commit),
                EndTxnResponse.class);
    }

    private static AddPartitionsToTxnTopic topic(String name, Integer... partitions) {
        return new AddPartitionsToTxnTopic(name, List.of(partitions));
    }

    private static AddPartitionsToTxnTopicResult result(String topic, int partition, ErrorCode error) {
        return new AddPartitionsToTxnTopicResult(
                topic, List.of(new AddPartitionsToTxnPartitionResult(partition, error)));
    }

    @Test
    void aProducerIsToldItsIdAndEpoch() {
        assertThat(init()).isEqualTo(new InitProducerIdResponse(ErrorCode.NONE, PRODUCER, ZERO));
        assertThat(init(3, "id", PRODUCER, 0))
                .isEqualTo(new InitProducerIdResponse(ErrorCode.NONE, PRODUCER, (short) 1));
    }

    @Test
    void aProducerNamesBothIdAndEpochOrNeither() {
        assertThat(init(5, "id", PRODUCER, -1).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(init(5, "id", -1, 0).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(init(5, "", -1, -1).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void olderClientsAreToldOfFencingByAnotherError() {
        init();
        init();
        assertThat(init(4, "id", PRODUCER, 0).errorCode()).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(init(3, "id", PRODUCER, 0).errorCode()).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(end(2, 0, true).errorCode()).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(end(1, 0, true).errorCode()).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(add(2, 0, topic("t", 0)).resultsByTopicV3AndBelow())
                .containsExactly(result("t", 0, ErrorCode.PRODUCER_FENCED));
        assertThat(add(1, 0, topic("t", 0)).resultsByTopicV3AndBelow())
                .containsExactly(result("t", 0, ErrorCode.INVALID_PRODUCER_EPOCH));
        assertThat(addOffsets(2, 0)).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(addOffsets(1, 0)).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
    }

    private ErrorCode addOffsets(int version, int epoch) {
        return serve(
                        ApiKey.ADD_OFFSETS_TO_TXN,
                        version,
                        new AddOffsetsToTxnHandler(coordinator),
                        new AddOffsetsToTxnRequest("id", PRODUCER, (short) epoch, "group"),
                        AddOffsetsToTxnResponse.class)
                .errorCode();
    }

    @Test
    void partitionsAreAddedAllOrNone() {
        init();
        assertThat(add(3, 0, topic("t", 0, 1), topic("unknown", 0)).resultsByTopicV3AndBelow())
                .containsExactly(
                        new AddPartitionsToTxnTopicResult(
                                "t",
                                List.of(
                                        new AddPartitionsToTxnPartitionResult(0, ErrorCode.OPERATION_NOT_ATTEMPTED),
                                        new AddPartitionsToTxnPartitionResult(
                                                1, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION))),
                        result("unknown", 0, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        assertThat(end(3, 0, true).errorCode()).isEqualTo(ErrorCode.INVALID_TXN_STATE);

        assertThat(add(3, 0, topic("t", 0)).resultsByTopicV3AndBelow()).containsExactly(result("t", 0, ErrorCode.NONE));
        assertThat(end(3, 0, true).errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(ended).hasSize(1);
    }

    @Test
    void brokersAskForSeveralTransactionsAtOnce() {
        init();
        var verify = new AddPartitionsToTxnTransaction("id", PRODUCER, ZERO, true, List.of(topic("t", 0)));
        var add = new AddPartitionsToTxnTransaction("id", PRODUCER, ZERO, false, List.of(topic("t", 0)));
        var other = new AddPartitionsToTxnTransaction("other", PRODUCER, ZERO, true, List.of(topic("t", 0)));
        var missing = new AddPartitionsToTxnTransaction("id", PRODUCER, ZERO, true, List.of(topic("x", 0)));

        AddPartitionsToTxnResponse response = add(
                5, new AddPartitionsToTxnRequest(List.of(verify, add, verify, other, missing), "", 0, ZERO, List.of()));

        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(response.resultsByTransaction())
                .containsExactly(
                        of("id", result("t", 0, ErrorCode.TRANSACTION_ABORTABLE)),
                        of("id", result("t", 0, ErrorCode.NONE)),
                        of("id", result("t", 0, ErrorCode.NONE)),
                        of("other", result("t", 0, ErrorCode.INVALID_PRODUCER_ID_MAPPING)),
                        of("id", result("x", 0, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)));
        assertThat(add(4, new AddPartitionsToTxnRequest(List.of(), "", 0, ZERO, List.of()))
                        .resultsByTransaction())
                .isEmpty();
    }

    private static AddPartitionsToTxnResult of(String id, AddPartitionsToTxnTopicResult result) {
        return new AddPartitionsToTxnResult(id, List.of(result));
    }

    @Test
    void fromVersionFiveOnTheEndBringsTheNextEpoch() {
        init();
        assertThat(addOffsets(4, 0)).isEqualTo(ErrorCode.NONE);
        assertThat(end(5, 0, true)).isEqualTo(new EndTxnResponse(ErrorCode.NONE, PRODUCER, (short) 1));
        assertThat(ended.get(0).producerEpoch()).isEqualTo((short) 1);
    }

    @Test
    void operatorsSeeHowIdsStand() {
        init();
        add(3, 0, topic("t", 0));
        DescribeTransactionsResponse described = serve(
                ApiKey.DESCRIBE_TRANSACTIONS,
                0,
                new DescribeTransactionsHandler(coordinator),
                new DescribeTransactionsRequest(List.of("id", "unknown", "id")),
                DescribeTransactionsResponse.class);
        assertThat(described.transactionStates()).hasSize(2);
        TransactionState open = described.transactionStates().get(0);
        assertThat(open.transactionState()).isEqualTo("Ongoing");
        assertThat(open.transactionTimeoutMs()).isEqualTo(60_000);
        assertThat(open.transactionStartTimeMs()).isEqualTo(world.clock().wallMs());
        assertThat(open.topics()).containsExactly(new TopicData("t", List.of(0)));
        assertThat(described.transactionStates().get(1).errorCode()).isEqualTo(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND);
    }

    @Test
    void operatorsListIdsByStatesThatExist() {
        init();
        assertThat(list(List.of("Empty", "Nonsense")))
                .isEqualTo(new ListTransactionsResponse(
                        ErrorCode.NONE,
                        List.of("Nonsense"),
                        List.of(new ListTransactionsResponse.TransactionState("id", PRODUCER, "Empty"))));
        assertThat(list(List.of("Nonsense")).transactionStates()).isEmpty();
        assertThat(list(List.of("Ongoing")).transactionStates()).isEmpty();
        assertThat(list(List.of()).transactionStates()).hasSize(1);
    }

    @Test
    void operatorsListIdsByAPatternFromVersionTwoOn() {
        init();
        assertThat(listByPattern("i.").transactionStates()).hasSize(1);
        assertThat(listByPattern("").transactionStates()).hasSize(1);
        assertThat(listByPattern("i")).isEqualTo(new ListTransactionsResponse(ErrorCode.NONE, List.of(), List.of()));
        assertThat(listByPattern("i(")).isEqualTo(refused());
        assertThat(listByPattern("(i{100}){100}")).as("it is too large").isEqualTo(refused());
    }

    private static ListTransactionsResponse refused() {
        return new ListTransactionsResponse(ErrorCode.INVALID_REGULAR_EXPRESSION, List.of(), List.of());
    }

    private ListTransactionsResponse list(List<String> states) {
        return list(1, new ListTransactionsRequest(states, List.of(), -1, null));
    }

    private ListTransactionsResponse listByPattern(String pattern) {
        return list(2, new ListTransactionsRequest(List.of(), List.of(), -1, pattern));
    }

    private ListTransactionsResponse list(int version, ListTransactionsRequest request) {
        SlowRequests matching = new SlowRequests(Runnable::run, world.newLoop("cluster"), 1, 60_000, "Too many");
        return serve(
                ApiKey.LIST_TRANSACTIONS,
                version,
                new ListTransactionsHandler(coordinator, matching, 1_000),
                request,
                ListTransactionsResponse.class);
    }
}
