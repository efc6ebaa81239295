package io.odradek.server.hostile;

import static io.odradek.protocol.errors.ErrorCode.INVALID_PRODUCER_EPOCH;
import static io.odradek.protocol.errors.ErrorCode.INVALID_PRODUCER_ID_MAPPING;
import static io.odradek.protocol.errors.ErrorCode.INVALID_TRANSACTION_TIMEOUT;
import static io.odradek.protocol.errors.ErrorCode.INVALID_TXN_STATE;
import static io.odradek.protocol.errors.ErrorCode.NONE;
import static io.odradek.protocol.errors.ErrorCode.OPERATION_NOT_ATTEMPTED;
import static io.odradek.protocol.errors.ErrorCode.PRODUCER_FENCED;
import static io.odradek.protocol.errors.ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.AddOffsetsToTxnRequest;
import io.odradek.protocol.api.AddOffsetsToTxnResponse;
import io.odradek.protocol.api.AddPartitionsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.odradek.protocol.api.AddPartitionsToTxnResponse;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.EndTxnRequest;
import io.odradek.protocol.api.EndTxnResponse;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.FindCoordinatorResponse;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.InitProducerIdResponse;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.TxnOffsetCommitRequest;
import io.odradek.protocol.api.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.odradek.protocol.api.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.odradek.protocol.api.TxnOffsetCommitResponse;
import io.odradek.protocol.api.WriteTxnMarkersRequest;
import io.odradek.protocol.api.WriteTxnMarkersRequest.WritableTxnMarker;
import io.odradek.protocol.api.WriteTxnMarkersRequest.WritableTxnMarkerTopic;
import io.odradek.protocol.api.WriteTxnMarkersResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Zombies and others who say of a transaction what is not so: each is told Kafka's error, and costs nobody else anything. */
@Timeout(120)
class HostileTransactionsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long DAY_MS = 24 * 3_600_000;
    private static final String ID = "id";
    private static final String GROUP = "group";

    private EmbeddedBroker broker;
    private RawClient client;
    private long producerId;

    @BeforeEach
    void start() throws Exception {
        start(DAY_MS);
    }

    private void start(long expirationMs) throws Exception {
        broker = EmbeddedBroker.builder()
                .setting("transactional.id.expiration.ms", Long.toString(expirationMs))
                .setting("transaction.remove.expired.transaction.cleanup.interval.ms", "50")
                .start();
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
        }
        String servers = broker.bootstrapServers();
        int port = Integer.parseInt(servers.substring(servers.lastIndexOf(':') + 1));
        client = new RawClient(new InetSocketAddress("127.0.0.1", port));
        awaitCoordinator((byte) 1, ID);
        awaitCoordinator((byte) 0, GROUP);
        producerId = begin();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        broker.close();
    }

    private void awaitCoordinator(byte type, String key) {
        await().atMost(LIMIT)
                .until(() -> ask(new FindCoordinatorRequest(key, type, List.of()), 3, FindCoordinatorResponse.class)
                                .errorCode()
                        == NONE);
    }

    private <R extends ApiResponse> R ask(ApiRequest request, int version, Class<R> type) throws IOException {
        return client.ask(request, version, type);
    }

    /** {@return the id of a producer in epoch 0} */
    private long begin() {
        List<Long> ids = new ArrayList<>();
        await().atMost(LIMIT).until(() -> {
            InitProducerIdResponse response = init(4, 60_000, -1, -1);
            ids.add(response.producerId());
            return response.errorCode() == NONE;
        });
        return ids.get(ids.size() - 1);
    }

    private InitProducerIdResponse init(int version, int timeoutMs, long id, int epoch) throws IOException {
        return ask(new InitProducerIdRequest(ID, timeoutMs, id, (short) epoch), version, InitProducerIdResponse.class);
    }

    private List<ErrorCode> add(int version, int epoch, AddPartitionsToTxnTopic... topics) throws IOException {
        AddPartitionsToTxnRequest request =
                new AddPartitionsToTxnRequest(List.of(), ID, producerId, (short) epoch, List.of(topics));
        List<ErrorCode> errors = new ArrayList<>();
        ask(request, version, AddPartitionsToTxnResponse.class)
                .resultsByTopicV3AndBelow()
                .forEach(topic -> topic.resultsByPartition().forEach(one -> errors.add(one.partitionErrorCode())));
        return errors;
    }

    private ErrorCode add(int version, int epoch) throws IOException {
        return add(version, epoch, new AddPartitionsToTxnTopic("t", List.of(0))).get(0);
    }

    private ErrorCode addOffsets(int version, int epoch) throws IOException {
        return ask(
                        new AddOffsetsToTxnRequest(ID, producerId, (short) epoch, GROUP),
                        version,
                        AddOffsetsToTxnResponse.class)
                .errorCode();
    }

    private ErrorCode commitOffset(int epoch) throws IOException {
        var topic = new TxnOffsetCommitRequestTopic(
                "t", Uuid.ZERO, List.of(new TxnOffsetCommitRequestPartition(0, 1, -1, "")));
        return ask(
                        new TxnOffsetCommitRequest(ID, GROUP, producerId, (short) epoch, -1, "", null, List.of(topic)),
                        3,
                        TxnOffsetCommitResponse.class)
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .errorCode();
    }

    private ErrorCode end(int version, int epoch, boolean commit) throws IOException {
        return ask(new EndTxnRequest(ID, producerId, (short) epoch, commit), version, EndTxnResponse.class)
                .errorCode();
    }

    private ErrorCode produce(int version, int epoch, int sequence) throws IOException {
        ByteBuffer batch = new BatchBuilder(1_000)
                .append(System.currentTimeMillis(), null, ByteBuffer.wrap(new byte[] {1}))
                .producer(producerId, (short) epoch, sequence)
                .transactional()
                .build();
        var data = new TopicProduceData("t", List.of(new PartitionProduceData(0, new BytesPayload(batch))));
        return ask(new ProduceRequest(ID, (short) -1, 30_000, List.of(data)), version, ProduceResponse.class)
                .responses()
                .get(0)
                .partitionResponses()
                .get(0)
                .errorCode();
    }

    private ErrorCode mark(int epoch, int coordinatorEpoch) throws IOException {
        var topic = new WritableTxnMarkerTopic("t", List.of(0));
        var marker = new WritableTxnMarker(producerId, (short) epoch, true, List.of(topic), coordinatorEpoch, (byte) 0);
        return ask(new WriteTxnMarkersRequest(List.of(marker)), 1, WriteTxnMarkersResponse.class)
                .markers()
                .get(0)
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .errorCode();
    }

    @Test
    void aZombieIsToldSoAtEachApiAndItsHeirIsNotDisturbed() throws Exception {
        assertThat(begin()).isEqualTo(producerId);
        assertThat(init(4, 60_000, producerId, 0).errorCode()).isEqualTo(PRODUCER_FENCED);
        assertThat(init(3, 60_000, producerId, 0).errorCode()).isEqualTo(INVALID_PRODUCER_EPOCH);
        assertThat(add(3, 1)).isEqualTo(NONE);
        assertThat(addOffsets(3, 1)).isEqualTo(NONE);
        assertThat(produce(11, 1, 0)).isEqualTo(NONE);

        assertThat(add(3, 0)).isEqualTo(PRODUCER_FENCED);
        assertThat(add(1, 0)).isEqualTo(INVALID_PRODUCER_EPOCH);
        assertThat(addOffsets(3, 0)).isEqualTo(PRODUCER_FENCED);
        assertThat(addOffsets(1, 0)).isEqualTo(INVALID_PRODUCER_EPOCH);
        assertThat(commitOffset(0)).isEqualTo(INVALID_PRODUCER_EPOCH);
        for (int version : new int[] {3, 7, 11, 12}) {
            assertThat(produce(version, 0, 0)).as("Produce %s", version).isEqualTo(INVALID_PRODUCER_EPOCH);
        }
        assertThat(mark(0, 0)).isEqualTo(INVALID_PRODUCER_EPOCH);
        assertThat(end(3, 0, true)).isEqualTo(PRODUCER_FENCED);
        assertThat(end(5, 0, true)).isEqualTo(PRODUCER_FENCED);
        assertThat(end(1, 0, true)).isEqualTo(INVALID_PRODUCER_EPOCH);

        assertThat(commitOffset(1)).isEqualTo(NONE);
        assertThat(produce(11, 1, 1)).isEqualTo(NONE);
        assertThat(end(3, 1, true)).isEqualTo(NONE);
    }

    @Test
    void whoIsFromTheFutureIsRefusedToo() throws Exception {
        assertThat(add(3, 5)).isEqualTo(PRODUCER_FENCED);
        assertThat(end(3, 5, true)).isEqualTo(PRODUCER_FENCED);
        producerId += 1_000;
        assertThat(add(3, 0)).isEqualTo(INVALID_PRODUCER_ID_MAPPING);
        assertThat(addOffsets(3, 0)).isEqualTo(INVALID_PRODUCER_ID_MAPPING);
        assertThat(end(3, 0, true)).isEqualTo(INVALID_PRODUCER_ID_MAPPING);
        assertThat(commitOffset(0)).isEqualTo(INVALID_PRODUCER_ID_MAPPING);
        assertThat(produce(11, 0, 0)).isEqualTo(INVALID_PRODUCER_ID_MAPPING);
    }

    @Test
    void aTransactionEndsOnceAndInOneWay() throws Exception {
        assertThat(end(3, 0, true)).isEqualTo(INVALID_TXN_STATE);
        assertThat(end(3, 0, false)).isEqualTo(INVALID_TXN_STATE);
        assertThat(produce(11, 0, 0)).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(produce(9, 0, 0)).isEqualTo(INVALID_TXN_STATE);

        assertThat(add(3, 0)).isEqualTo(NONE);
        assertThat(end(3, 0, true)).isEqualTo(NONE);
        await().atMost(LIMIT).until(() -> end(3, 0, true), error -> error == NONE);
        assertThat(end(3, 0, false)).isEqualTo(INVALID_TXN_STATE);

        await().atMost(LIMIT).until(() -> add(3, 0), error -> error == NONE);
        assertThat(end(3, 0, false)).isEqualTo(NONE);
        await().atMost(LIMIT).until(() -> end(3, 0, false), error -> error == NONE);
        assertThat(end(3, 0, true)).isEqualTo(INVALID_TXN_STATE);
    }

    @Test
    void whatATransactionMayNotHaveItDoesNotGet() throws Exception {
        assertThat(init(4, 900_001, -1, -1).errorCode()).isEqualTo(INVALID_TRANSACTION_TIMEOUT);
        assertThat(init(4, 0, -1, -1).errorCode()).isEqualTo(INVALID_TRANSACTION_TIMEOUT);
        assertThat(add(
                        3,
                        0,
                        new AddPartitionsToTxnTopic("t", List.of(0, 7)),
                        new AddPartitionsToTxnTopic("unknown", List.of(0))))
                .containsExactly(OPERATION_NOT_ATTEMPTED, UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(end(3, 0, true)).isEqualTo(INVALID_TXN_STATE);
    }

    @Test
    void whoReturnsAfterHisIdHasExpiredBeginsAnew() throws Exception {
        stop();
        start(500);
        await().atMost(LIMIT).until(() -> end(3, 0, true), error -> error == INVALID_PRODUCER_ID_MAPPING);
        assertThat(add(3, 0)).isEqualTo(INVALID_PRODUCER_ID_MAPPING);
        assertThat(produce(11, 0, 0)).isEqualTo(INVALID_PRODUCER_ID_MAPPING);

        InitProducerIdResponse anew = init(4, 60_000, producerId, 0);
        assertThat(anew.errorCode()).isEqualTo(NONE);
        assertThat(anew.producerId()).isNotEqualTo(producerId);
        assertThat(anew.producerEpoch()).isZero();
    }
}
