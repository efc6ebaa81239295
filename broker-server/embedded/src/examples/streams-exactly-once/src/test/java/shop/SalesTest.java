package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SalesTest {
    @TempDir
    Path state;

    @Test
    void everySaleCountsOnceThoughTheApplicationIsStartedAnew() {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                .topic("sales", 2)
                .topic("totals", 2)
                .start()) {
            broker.produce("sales", "spool", "one");
            broker.produce("sales", "thread", "one");
            broker.produce("sales", "spool", "one");
            try (KafkaStreams streams = Sales.streams(broker.bootstrapServers(), state.resolve("first"))) {
                streams.start();
                assertEquals(Map.of("spool", 2L, "thread", 1L), totals(broker, 2));
            }

            broker.produce("sales", "spool", "one");
            // An application that stops does not leave its group, to be back before its session ends: here it ends now.
            broker.advance(Duration.ofMinutes(1));
            // This one has nothing of the state of the first, and reads it back from the broker.
            try (KafkaStreams streams = Sales.streams(broker.bootstrapServers(), state.resolve("second"))) {
                streams.start();
                assertEquals(Map.of("spool", 3L, "thread", 1L), totals(broker, 3));
            }
        }
    }

    /** The last total of each article, once there are so many committed ones that the highest of them has been seen. */
    private static Map<String, Long> totals(EmbeddedBroker broker, long highest) {
        Map<String, Object> settings = new TreeMap<>(broker.consumerProperties("test-" + highest));
        settings.put("isolation.level", "read_committed");
        Map<String, Long> totals = new TreeMap<>();
        try (KafkaConsumer<String, Long> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new LongDeserializer())) {
            consumer.subscribe(List.of("totals"));
            while (totals.size() < 2 || !totals.containsValue(highest)) {
                for (ConsumerRecord<String, Long> record : consumer.poll(Duration.ofSeconds(1))) {
                    totals.put(record.key(), record.value());
                }
            }
        }
        return totals;
    }
}
