package io.odradek.server.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.odradek.protocol.api.ApiKey;
import io.odradek.server.embedded.EmbeddedBroker;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What the README shows; {@link ReadmeExampleTest} sees to it. */
@OdradekTest(topics = "orders:3")
class OrdersTest {
    @Test
    void anOrderComesTwiceWhenItsAnswerIsLost(
            EmbeddedBroker broker, @ClientSettings("enable.idempotence=false") KafkaProducer<String, Long> producer)
            throws Exception {
        broker.faults().on(ApiKey.PRODUCE).topic("orders").times(1).closeAfter();
        producer.send(new ProducerRecord<>("orders", "key", 1L)).get();
        broker.awaitRecords("orders", 2, Duration.ofSeconds(10));
    }

    @Test
    void aGroupIsForgottenAfterAWeek(EmbeddedBroker broker, KafkaConsumer<String, Long> consumer) {
        consumer.commitSync(Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(1)));
        assertEquals(1, broker.groups().size());
        broker.advance(Duration.ofDays(8));
        assertEquals(0, broker.groups().size());
    }
}
