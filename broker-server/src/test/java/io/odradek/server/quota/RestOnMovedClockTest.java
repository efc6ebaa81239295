package io.odradek.server.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.ApiVersionsRequest;
import io.odradek.protocol.api.ApiVersionsResponse;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.net.RawClient;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients may have is reckoned by the broker's clock, and so is for how long they rest. */
@Timeout(60)
class RestOnMovedClockTest {
    private static final short PRODUCE_VERSION = 8;
    private static final int PRODUCED_BYTES = 5_000;

    @Test
    void aRestIsOverWhenTheClockHasBeenMovedOverIt() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                .setting("connections.max.idle.ms", "86400000")
                .start()) {
            String servers = broker.bootstrapServers();
            try (SetQuotas quotas = new SetQuotas(servers)) {
                quotas.set("producer_byte_rate", 1, "client-id", "raw");
            }
            int colon = servers.lastIndexOf(':');
            InetSocketAddress address =
                    new InetSocketAddress(servers.substring(0, colon), Integer.parseInt(servers.substring(colon + 1)));
            try (RawClient client = new RawClient(address)) {
                client.send(produce(), PRODUCE_VERSION, 1);
                ByteBuffer answer = client.receive();
                assertThat(Duration.ofMillis(answer.getInt(answer.limit() - Integer.BYTES)))
                        .isBetween(Duration.ofMinutes(60), Duration.ofMinutes(100));

                broker.advance(Duration.ofMinutes(100));

                assertThat(client.ask(new ApiVersionsRequest("", ""), 0, ApiVersionsResponse.class)
                                .errorCode())
                        .isEqualTo(ErrorCode.NONE);
            }
        }
    }

    private static ProduceRequest produce() {
        BytesPayload records = new BytesPayload(ByteBuffer.allocate(PRODUCED_BYTES));
        return new ProduceRequest(
                null,
                (short) 1,
                1_000,
                List.of(new TopicProduceData("there-is-not", List.of(new PartitionProduceData(0, records)))));
    }
}
