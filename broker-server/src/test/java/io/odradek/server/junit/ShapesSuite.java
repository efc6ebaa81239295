package io.odradek.server.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.EmbeddedBrokers;
import io.odradek.server.embedded.EmbeddedCluster;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of all the shapes that JUnit has for them, which {@link JUnitVersionsTest} runs in parallel, as {@link TinySuite}. */
final class ShapesSuite {
    private ShapesSuite() {}

    /** It has an extension that all who extend it inherit. */
    abstract static class Base {
        private static final CyclicBarrier BOTH_RUN = new CyclicBarrier(2);

        @RegisterExtension
        static final OdradekExtension KAFKA =
                OdradekExtension.with(EmbeddedBroker.builder().topic("orders"));

        @BeforeAll
        static void theBrokerIsThereBeforeTheTests() {
            assertTrue(KAFKA.broker().records("orders").isEmpty());
        }

        @Test
        void eachClassHasItsOwnWhileAnotherRuns(EmbeddedBroker broker) throws Exception {
            TinySuite.saw("inherited", broker);
            BOTH_RUN.await(60, TimeUnit.SECONDS);
            assertSame(broker, KAFKA.broker());
            FutureTask<EmbeddedBroker> elsewhere = new FutureTask<>(KAFKA::broker);
            new Thread(elsewhere, "of-the-test").start();
            assertSame(broker, elsewhere.get(60, TimeUnit.SECONDS));
            BOTH_RUN.await(60, TimeUnit.SECONDS);
        }
    }

    static class Heir extends Base {}

    static class OtherHeir extends Base {}

    /** They would disturb each other, if they did not take turns. */
    @OdradekTest(topics = "orders", reset = true)
    static class TakingTurns {
        @ParameterizedTest
        @ValueSource(ints = {30, 31, 32})
        void eachFindsTheBrokerAsNew(int count, EmbeddedBroker broker) {
            TinySuite.saw("turns", broker);
            for (int already = 0; already < count; already++) {
                assertEquals(already, broker.records("orders").size());
                broker.produce("orders", "v");
            }
        }

        @Nested
        class InNested {
            @Test
            void thoseOfNestedClassesToo(EmbeddedBroker broker, KafkaProducer<String, String> producer)
                    throws Exception {
                TinySuite.saw("turns", broker);
                assertTrue(broker.records("orders").isEmpty());
                producer.send(new ProducerRecord<>("orders", "v")).get();
                assertEquals(1, broker.records("orders").size());
            }
        }
    }

    /** Two brokers, and turns with each. */
    static class TakingTurnsWithTwo {
        @RegisterExtension
        static final OdradekExtension FROM =
                OdradekExtension.with(EmbeddedBroker.builder().topic("orders")).reset();

        @RegisterExtension
        static final OdradekExtension TO =
                OdradekExtension.with(EmbeddedBroker.builder().topic("orders")).reset();

        @ParameterizedTest
        @ValueSource(strings = {"a", "b"})
        void eachFindsBothAsNew(String value) {
            for (OdradekExtension kafka : List.of(FROM, TO)) {
                TinySuite.saw("two turns", kafka.broker());
                assertTrue(kafka.broker().records("orders").isEmpty());
                kafka.broker().produce("orders", value);
            }
        }
    }

    /** One instance for all tests, whose constructor has the clients. */
    @OdradekTest(topics = "orders")
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class OneInstance {
        private final EmbeddedBroker broker;
        private final KafkaProducer<String, Long> producer;

        OneInstance(EmbeddedBroker broker, KafkaProducer<String, Long> producer) {
            this.broker = broker;
            this.producer = producer;
        }

        @ParameterizedTest
        @ValueSource(longs = {1, 2})
        void itsClientsLiveAsLong(long value) throws Exception {
            TinySuite.saw("instance", broker);
            producer.send(new ProducerRecord<>("orders", value)).get();
        }
    }

    /** The field is not static, and yet of all tests. */
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class FieldOfOneInstance {
        @RegisterExtension
        final OdradekExtension kafka =
                OdradekExtension.with(EmbeddedBroker.builder()).life(BrokerLife.CLASS);

        @Test
        void one() {
            TinySuite.saw("field", kafka.broker());
        }

        @Test
        void another() {
            TinySuite.saw("field", kafka.broker());
        }
    }

    /** A static field, and a broker for each test. */
    static class OwnOfEach {
        @RegisterExtension
        static final OdradekExtension KAFKA =
                OdradekExtension.with(EmbeddedBroker.builder().topic("orders")).life(BrokerLife.METHOD);

        @ParameterizedTest
        @ValueSource(strings = {"a", "b", "c"})
        void itIsAtHandInTheTest(String value, EmbeddedBroker broker) {
            TinySuite.saw("own", broker);
            assertSame(broker, KAFKA.broker());
            broker.produce("orders", value);
            assertEquals(1, broker.records("orders").size());
        }
    }

    /** Several brokers. */
    @OdradekTest(brokers = 2, topics = "orders:2")
    static class OfCluster {
        @Test
        void theyAreACluster(EmbeddedCluster cluster, EmbeddedBrokers brokers, KafkaProducer<String, String> producer)
                throws Exception {
            TinySuite.saw("cluster", cluster);
            assertSame(cluster, brokers);
            assertEquals(2, cluster.up().size());
            producer.send(new ProducerRecord<>("orders", "v")).get();
            assertEquals(1, cluster.records("orders").size());
        }
    }

    /** It fails, as it is to. */
    @OdradekTest
    static class WithoutCluster {
        @Test
        void asksForACluster(EmbeddedCluster cluster) {}
    }
}
