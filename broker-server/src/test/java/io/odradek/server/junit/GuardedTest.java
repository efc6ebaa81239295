package io.odradek.server.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.odradek.server.embedded.EmbeddedBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

/** Clients that have to log in and to have leave, as tests are given them. */
@OdradekTest(
        topics = "orders",
        mutualTls = true,
        sasl = {"PLAIN:alice:a:secret", "OAUTHBEARER:bob"},
        acls = {"alice may ALL topic *", "bob may READ topic orders", "bob may READ group *"})
class GuardedTest {
    @Test
    void clientsComeAsTheFirstUserOrAsAnother(
            KafkaProducer<String, String> producer, @ClientUser("bob") KafkaConsumer<String, String> consumer)
            throws Exception {
        consumer.subscribe(List.of("orders"));
        producer.send(new ProducerRecord<>("orders", "two apples")).get();
        int read = 0;
        while (read == 0) {
            read = consumer.poll(Duration.ofMillis(100)).count();
        }
        assertEquals(1, read);
    }

    @Test
    void propertiesAreAParameterToo(EmbeddedBroker broker, @ClientUser("bob") Map<String, Object> properties) {
        assertEquals(broker.clientProperties("bob"), properties);
        assertEquals("SASL_SSL", properties.get("security.protocol"));
    }

    @Test
    void whoHasNoLeaveIsRefused(
            @ClientUser("bob") @ClientSettings("enable.idempotence=false") KafkaProducer<String, String> producer) {
        ExecutionException refused = assertThrows(
                ExecutionException.class,
                () -> producer.send(new ProducerRecord<>("orders", "v")).get());
        assertInstanceOf(TopicAuthorizationException.class, refused.getCause());
    }
}
