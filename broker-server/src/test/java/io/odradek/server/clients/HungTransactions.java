package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.net.RawClient;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** Transactions of which no coordinator knows. */
public final class HungTransactions {
    private HungTransactions() {}

    /**
     * Leaves a record of a transaction that nobody will end.
     *
     * @param broker one without {@code transaction.partition.verification.enable}, which would refuse it
     * @param producerId of a producer that does not exist
     */
    public static void leave(EmbeddedBroker broker, TopicPartition partition, long producerId) throws Exception {
        ByteBuffer batch = new BatchBuilder(1_000)
                .append(System.currentTimeMillis() - 1_000, null, ByteBuffer.wrap(new byte[] {1}))
                .producer(producerId, (short) 0, 0)
                .transactional()
                .build();
        ProduceRequest request = new ProduceRequest(
                "ghost",
                (short) -1,
                30_000,
                List.of(new TopicProduceData(
                        partition.topic(),
                        List.of(new PartitionProduceData(partition.partition(), new BytesPayload(batch))))));
        String servers = broker.bootstrapServers();
        int port = Integer.parseInt(servers.substring(servers.lastIndexOf(':') + 1));
        try (RawClient client = new RawClient(new InetSocketAddress("127.0.0.1", port))) {
            ProduceResponse response = client.ask(request, 11, ProduceResponse.class);
            assertThat(response.responses().get(0).partitionResponses().get(0).errorCode())
                    .isEqualTo(ErrorCode.NONE);
        }
    }
}
