package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SalesTest {
    @TempDir
    Path state;

    @Test
    void everySaleCountsOnceThoughTheApplicationIsStartedAnew() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            String servers = broker.bootstrapServers();
            createTopics(servers);

            sell(servers, "spool", "thread", "spool");
            try (KafkaStreams streams = Sales.streams(servers, state.resolve("first"))) {
                streams.start();
                assertEquals(Map.of("spool", 2L, "thread", 1L), totals(servers, 2));
            }
            sell(servers, "spool");
            // An application that stops does not leave its group, to be back before its session ends: here it ends now.
            broker.advance(Duration.ofMinutes(1));
            // Without the state of the first one, which is read back from the broker.
            try (KafkaStreams streams = Sales.streams(servers, state.resolve("second"))) {
                streams.start();
                assertEquals(Map.of("spool", 3L, "thread", 1L), totals(servers, 3));
            }
        }
    }

    private static void createTopics(String servers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(Set.of(new NewTopic("sales", 2, (short) 1), new NewTopic("totals", 2, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static void sell(String servers, String... articles) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers), new StringSerializer(), new StringSerializer())) {
            for (String article : articles) {
                producer.send(new ProducerRecord<>("sales", article, "one")).get();
            }
        }
    }

    /** The last total of each article, once there are so many committed ones that the highest of them has been seen. */
    private static Map<String, Long> totals(String servers, long highest) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", servers,
                "group.id", "test-" + highest,
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed");
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
