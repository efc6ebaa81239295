package io.odradek.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.embedded.EmbeddedBroker;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class LongPollingTest {
    @Test
    void consumersThatWaitHoldUpNobody() throws Exception {
        try (EmbeddedBroker broker =
                EmbeddedBroker.builder().setting("queued.max.requests", "3").start()) {
            InetSocketAddress address = addressOf(broker);
            send(broker, "makes the topic");
            List<RawClient> consumers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                RawClient consumer = new RawClient(address);
                consumer.send(fetchThatWaits(), (short) 12, i);
                consumers.add(consumer);
            }
            try (RawClient other = new RawClient(address)) {
                for (int i = 0; i < 100; i++) {
                    other.send(new HeartbeatRequest("group", 1, "member", null), (short) 3, i);
                    assertThat(other.receive().getInt()).isEqualTo(i);
                }
            }
            send(broker, "wakes them");
            for (int i = 0; i < 20; i++) {
                assertThat(consumers.get(i).receive().getInt()).isEqualTo(i);
                consumers.get(i).close();
            }
        }
    }

    private static FetchRequest fetchThatWaits() {
        FetchPartition end = new FetchPartition(0, -1, 1L, -1, -1L, 1 << 20, Uuid.ZERO);
        return new FetchRequest(
                null,
                -1,
                null,
                600_000,
                1,
                1 << 20,
                (byte) 0,
                0,
                -1,
                List.of(new FetchTopic("topic", Uuid.ZERO, List.of(end))),
                List.of(),
                "");
    }

    private static InetSocketAddress addressOf(EmbeddedBroker broker) {
        String[] parts = broker.bootstrapServers().split(":");
        return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
    }

    private static void send(EmbeddedBroker broker, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "delivery.timeout.ms",
                        20_000,
                        "request.timeout.ms",
                        10_000),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("topic", value)).get();
        }
    }
}
