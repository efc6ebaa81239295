package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.odradek.protocol.api.ApiKey;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.EmbeddedCluster;
import io.odradek.server.junit.ClientSettings;
import io.odradek.server.junit.OdradekExtension;
import io.odradek.server.junit.OdradekTest;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests in a module: JUnit finds the extension in one that is not its own, and that finds a client in a third. */
@OdradekTest(topics = "orders:3", reset = true)
class OrdersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void theBrokerIsAModule(EmbeddedBroker broker) {
        assertTrue(broker.getClass().getModule().isNamed());
        assertEquals(3, broker.topic("orders").partitions().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"apples", "pears"})
    void clientsAreInjected(String fruit, EmbeddedBroker broker, Admin admin, KafkaConsumer<String, Long> consumer)
            throws Exception {
        assertEquals(List.of("orders"), List.copyOf(admin.listTopics().names().get()));
        broker.createTopic(fruit, 1);
        assertEquals(1, consumer.partitionsFor(fruit).size());
    }

    @Nested
    class WithFaults {
        @Test
        void anOrderComesTwiceWhenItsAnswerIsLost(
                EmbeddedBroker broker, @ClientSettings("enable.idempotence=false") KafkaProducer<String, Long> producer)
                throws Exception {
            broker.faults().on(ApiKey.PRODUCE).topic("orders").times(1).closeAfter();
            producer.send(new ProducerRecord<>("orders", "key", 1L)).get();
            broker.awaitRecords("orders", 2, PATIENCE);
        }
    }

    /** With a builder. */
    static class OfClusterTest {
        @RegisterExtension
        static final OdradekExtension KAFKA = OdradekExtension.with(EmbeddedCluster.builder(2));

        @Test
        void aClusterIsInjected(EmbeddedCluster cluster) {
            assertSame(KAFKA.cluster(), cluster);
            assertEquals(2, cluster.up().size());
        }
    }
}
