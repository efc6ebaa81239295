package shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.spring.EmbeddedKafka;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.utils.KafkaTestUtils;

/** A test that was written for spring-kafka-test: the line that imports EmbeddedKafka is the one that was changed. */
@SpringBootTest
@EmbeddedKafka(
        topics = {"orders", "${shop.bills:bills}"},
        partitions = 3,
        brokerProperties = {"auto.create.topics.enable=false", "message.max.bytes=100000"})
class ReplacedImportTest {
    @Autowired
    private EmbeddedKafkaBroker embeddedKafka;

    @Autowired
    private KafkaTemplate<String, String> kafka;

    @Autowired
    private Delivery delivery;

    @Test
    void theListenerGetsWhatIsWritten() throws Exception {
        kafka.send("orders", "Odradek", "a star-shaped spool").get();

        assertThat(delivery.delivered.poll(60, TimeUnit.SECONDS)).isEqualTo("a star-shaped spool");
    }

    @Test
    void aConsumerOfTheTestReadsWhatIsWritten() throws Exception {
        Map<String, Object> settings = KafkaTestUtils.consumerProps("test", "true", embeddedKafka);
        settings.put("auto.offset.reset", "earliest");
        try (Consumer<Integer, String> consumer = new DefaultKafkaConsumerFactory<Integer, String>(settings)
                .createConsumer()) {
            embeddedKafka.consumeFromAnEmbeddedTopic(consumer, "bills");
            kafka.send("bills", "twopence").get();

            ConsumerRecord<Integer, String> bill =
                    KafkaTestUtils.getSingleRecord(consumer, "bills", Duration.ofSeconds(60));
            assertThat(bill.value()).isEqualTo("twopence");
        }
        assertThat(embeddedKafka.getPartitionsPerTopic()).isEqualTo(3);
        assertThat(kafka.partitionsFor("bills")).hasSize(3);
    }
}
