package io.odradek.core.request.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.MemoryPartitionLog;
import io.odradek.core.coordinator.transaction.TransactionCoordinator;
import io.odradek.core.coordinator.transaction.TransactionSettings;
import io.odradek.core.markers.LocalWay;
import io.odradek.core.markers.MarkerSender;
import io.odradek.core.markers.MarkerWriter;
import io.odradek.core.memory.MemoryShare;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.partition.LeaderLog;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.SimulatedOwnerLoop;
import io.odradek.core.partition.TestBroker;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.request.group.RecordingContext;
import io.odradek.protocol.api.AddPartitionsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.odradek.protocol.api.AddPartitionsToTxnResponse;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.EndTxnRequest;
import io.odradek.protocol.api.EndTxnResponse;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.InitProducerIdResponse;
import io.odradek.protocol.api.WriteTxnMarkersRequest;
import io.odradek.protocol.api.WriteTxnMarkersRequest.WritableTxnMarker;
import io.odradek.protocol.api.WriteTxnMarkersRequest.WritableTxnMarkerTopic;
import io.odradek.protocol.api.WriteTxnMarkersResponse;
import io.odradek.protocol.api.WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.wire.Uuid;
import io.odradek.protocol.wire.WireWriter;
import io.odradek.storage.log.AppendOrigin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A producer's whole transactions, from its first request to what readers of committed records see, over real logs. */
class TransactionsOnOneBrokerTest {
    private static final long PRODUCER = 7;

    private final TestBroker broker = new TestBroker(2);
    private final MarkerWriter writer =
            new MarkerWriter(broker.owners, (id, marker, settled, served) -> false, broker.world.clock(), 5_000);
    private final LocalWay own = new LocalWay(writer);
    private final TransactionCoordinator coordinator = new TransactionCoordinator(
            broker.world.clock(),
            TransactionSettings.DEFAULTS,
            new TransactionCoordinator.Surroundings(
                    broker::image,
                    () -> CompletableFuture.completedFuture(PRODUCER),
                    new MarkerSender(broker::image, leader -> own, broker.world.newLoop("cluster")),
                    new MemoryShare("none", 1L << 40)));

    @BeforeEach
    void start() {
        broker.topic("t", 3, Map.of());
        PartitionInfo led = new PartitionInfo(TestBroker.ID, 0, List.of(TestBroker.ID), List.of(TestBroker.ID));
        broker.describe(new TopicInfo(TransactionCoordinator.TOPIC, Uuid.ZERO, List.of(led), Map.of()));
        coordinator.elected(0, new SimulatedOwnerLoop(broker.world.newLoop("coordinator")), new MemoryPartitionLog(4));
        broker.world.runUntilIdle();
    }

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    private <R extends ApiRequest, A extends ApiResponse> A serve(
            ApiKey api, int version, RequestHandler<R> handler, R request, Class<A> type) {
        RecordingContext context = new RecordingContext(api.key(), version);
        handler.handle(request, context);
        broker.world.runUntilIdle();
        assertThat(context.isInWork()).isFalse();
        ApiCodecs.writeResponse(context.response(), (short) version, WireWriter.heap(256));
        return type.cast(context.response());
    }

    private short init() {
        InitProducerIdResponse response = serve(
                ApiKey.INIT_PRODUCER_ID,
                5,
                new InitTransactionsHandler(coordinator),
                new InitProducerIdRequest("id", 60_000, -1, (short) -1),
                InitProducerIdResponse.class);
        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE);
        return response.producerEpoch();
    }

    private void add(int epoch, Integer... partitions) {
        AddPartitionsToTxnResponse response = serve(
                ApiKey.ADD_PARTITIONS_TO_TXN,
                3,
                new AddPartitionsToTxnHandler(coordinator, broker::image),
                new AddPartitionsToTxnRequest(
                        List.of(),
                        "id",
                        PRODUCER,
                        (short) epoch,
                        List.of(new AddPartitionsToTxnTopic("t", List.of(partitions)))),
                AddPartitionsToTxnResponse.class);
        response.resultsByTopicV3AndBelow()
                .get(0)
                .resultsByPartition()
                .forEach(result -> assertThat(result.partitionErrorCode()).isEqualTo(ErrorCode.NONE));
    }

    private EndTxnResponse end(int version, int epoch, boolean commit) {
        return serve(
                ApiKey.END_TXN,
                version,
                new EndTxnHandler(coordinator),
                new EndTxnRequest("id", PRODUCER, (short) epoch, commit),
                EndTxnResponse.class);
    }

    private void produce(int index, int epoch, int sequence) {
        Partition partition = broker.partition("t", index);
        ByteBuffer batch = new BatchBuilder(1_000)
                .producer(PRODUCER, (short) epoch, sequence)
                .transactional()
                .append(0, null, ByteBuffer.allocate(3))
                .build();
        LeaderLog.append(partition, batch, (short) 1, broker.world.clock().wallMs(), AppendOrigin.CLIENT);
        partition.announceChanges();
        broker.world.runUntilIdle();
    }

    private long stable(int index) {
        return broker.partition("t", index).lastStableOffset();
    }

    private int abortedIn(int index) throws IOException {
        Partition partition = broker.partition("t", index);
        return partition
                .log()
                .producers()
                .abortedTransactions(0, partition.log().endOffset())
                .size();
    }

    @Test
    void committedTransactionsBecomeVisibleAndAbortedOnesAreNamed() throws IOException {
        short epoch = init();
        for (int round = 0; round < 4; round++) {
            add(epoch, 0, 1);
            produce(0, epoch, 2 * round);
            produce(0, epoch, 2 * round + 1);
            produce(1, epoch, round);
            assertThat(stable(0)).isEqualTo(3 * round);

            assertThat(end(3, epoch, round % 2 == 0).errorCode()).isEqualTo(ErrorCode.NONE);

            assertThat(stable(0)).isEqualTo(3 * round + 3);
            assertThat(stable(1)).isEqualTo(2 * round + 2);
        }
        assertThat(abortedIn(0)).isEqualTo(2);
        assertThat(abortedIn(1)).isEqualTo(2);
        assertThat(broker.partition("t", 2).log().endOffset()).as("not in any").isZero();
    }

    @Test
    void inVersionTwoEachTransactionBeginsWithSequenceZeroInItsEpoch() {
        short epoch = init();
        for (int round = 0; round < 3; round++) {
            add(epoch, 0);
            produce(0, epoch, 0);
            EndTxnResponse ended = end(5, epoch, true);
            assertThat(ended).isEqualTo(new EndTxnResponse(ErrorCode.NONE, PRODUCER, (short) (epoch + 1)));
            assertThat(stable(0)).isEqualTo(2 * round + 2);
            epoch = ended.producerEpoch();
        }
    }

    @Test
    void aProducerThatReturnsHasItsOpenTransactionAborted() throws IOException {
        short epoch = init();
        add(epoch, 0);
        produce(0, epoch, 0);
        InitProducerIdResponse first = serve(
                ApiKey.INIT_PRODUCER_ID,
                5,
                new InitTransactionsHandler(coordinator),
                new InitProducerIdRequest("id", 60_000, -1, (short) -1),
                InitProducerIdResponse.class);
        assertThat(first.errorCode()).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(stable(0)).isEqualTo(2);
        assertThat(abortedIn(0)).isEqualTo(1);
        assertThat(init()).isEqualTo((short) 2);
    }

    @Test
    void aTransactionThatNobodyEndsIsAbortedInTime() throws IOException {
        short epoch = init();
        add(epoch, 0);
        produce(0, epoch, 0);
        broker.world.advanceMs(70_002);
        assertThat(stable(0)).isEqualTo(2);
        assertThat(abortedIn(0)).isEqualTo(1);
    }

    @Test
    void anOperatorAbortsATransactionThatHasNoCoordinator() throws IOException {
        produce(2, 0, 0);
        assertThat(stable(2)).isZero();
        var marker = new WritableTxnMarker(
                PRODUCER,
                (short) 0,
                false,
                List.of(new WritableTxnMarkerTopic("t", List.of(2)), new WritableTxnMarkerTopic("unknown", List.of(0))),
                3,
                (byte) 0);
        WriteTxnMarkersResponse response = serve(
                ApiKey.WRITE_TXN_MARKERS,
                1,
                new WriteTxnMarkersHandler(writer),
                new WriteTxnMarkersRequest(List.of(marker)),
                WriteTxnMarkersResponse.class);
        var topics = response.markers().get(0).topics();
        assertThat(topics.get(0).partitions()).containsExactly(new WritableTxnMarkerPartitionResult(2, ErrorCode.NONE));
        assertThat(topics.get(1).partitions())
                .containsExactly(new WritableTxnMarkerPartitionResult(0, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        assertThat(stable(2)).isEqualTo(2);
        assertThat(abortedIn(2)).isEqualTo(1);
    }
}
