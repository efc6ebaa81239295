package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.partition.LeaderLog;
import io.odradek.core.partition.TestBroker;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.DescribeProducersRequest;
import io.odradek.protocol.api.DescribeProducersRequest.TopicRequest;
import io.odradek.protocol.api.DescribeProducersResponse;
import io.odradek.protocol.api.DescribeProducersResponse.PartitionResponse;
import io.odradek.protocol.api.DescribeProducersResponse.ProducerState;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DescribeProducersTest {
    private final TestBroker broker = new TestBroker(2);

    @BeforeEach
    void aTopic() {
        broker.topic("t", 2, Map.of());
    }

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    private void produce(int partition, long producerId, boolean transactional, long timestampMs) {
        BatchBuilder batch = new BatchBuilder(1_000).producer(producerId, (short) 3, 0);
        ByteBuffer built = (transactional ? batch.transactional() : batch)
                .append(timestampMs, null, ByteBuffer.allocate(3))
                .build();
        LeaderLog.append(
                broker.partition("t", partition),
                built,
                (short) 1,
                broker.world.clock().wallMs());
    }

    private List<PartitionResponse> describe(Integer... partitions) {
        TestContext context = new TestContext(ApiKey.DESCRIBE_PRODUCERS, 0);
        new DescribeProducersHandler(broker.owners, broker::image)
                .handle(new DescribeProducersRequest(List.of(new TopicRequest("t", List.of(partitions)))), context);
        broker.world.runUntilIdle();
        return context.response(DescribeProducersResponse.class).topics().get(0).partitions();
    }

    @Test
    void eachProducerIsToldWithWhereItsTransactionBegan() {
        produce(0, 7, false, 1_000);
        produce(0, 5, true, 2_000);
        produce(1, 9, true, 3_000);

        List<PartitionResponse> described = describe(0, 1);

        assertThat(described.get(0).activeProducers())
                .containsExactly(new ProducerState(5, 3, 0, 2_000, -1, 1), new ProducerState(7, 3, 0, 1_000, -1, -1));
        assertThat(described.get(1).activeProducers()).containsExactly(new ProducerState(9, 3, 0, 3_000, -1, 0));
    }

    @Test
    void anUnknownPartitionAndOneThatIsNamedTwiceAreRefusedAloneAndNotTheOthers() {
        produce(0, 7, false, 1_000);

        List<PartitionResponse> described = describe(2, 0, 0);

        assertThat(described)
                .extracting(PartitionResponse::errorCode)
                .containsExactly(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ErrorCode.NONE, ErrorCode.INVALID_REQUEST);
        assertThat(described.get(1).activeProducers()).hasSize(1);
        assertThat(described.get(2).activeProducers()).isEmpty();
    }
}
