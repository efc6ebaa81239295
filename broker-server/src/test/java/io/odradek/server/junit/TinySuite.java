package io.odradek.server.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.odradek.protocol.api.ApiKey;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.EmbeddedBrokers;
import io.odradek.server.inspect.StoredRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests as users write them, which {@link JUnitVersionsTest} runs in parallel under old and new versions of JUnit. */
final class TinySuite {
    /** How many brokers the tests of each class saw. */
    static final Map<String, Integer> LIVES = new ConcurrentSkipListMap<>();

    private static final Map<String, Set<EmbeddedBrokers>> BROKERS = new ConcurrentHashMap<>();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private TinySuite() {}

    static void saw(String who, EmbeddedBrokers broker) {
        Set<EmbeddedBrokers> brokers = BROKERS.computeIfAbsent(who, none -> ConcurrentHashMap.newKeySet());
        brokers.add(broker);
        LIVES.merge(who, brokers.size(), Math::max);
    }

    private static <K, V> ConsumerRecord<K, V> next(Consumer<K, V> consumer) {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadlineNs) {
            for (ConsumerRecord<K, V> record : consumer.poll(Duration.ofMillis(100))) {
                return record;
            }
        }
        throw new AssertionError("no record has come");
    }

    /** One broker for all of them. */
    @OdradekTest(
            topics = {"orders:3", "longs"},
            settings = "log.retention.hours=1")
    static class PerClass {
        @Test
        void clientsComeWithTheirTypes(
                EmbeddedBroker broker,
                Admin admin,
                KafkaProducer<byte[], Long> producer,
                @ClientSettings("group.id=readers") KafkaConsumer<ByteBuffer, Long> consumer)
                throws Exception {
            saw("class", broker);
            assertEquals(
                    3,
                    admin.describeTopics(List.of("orders"))
                            .allTopicNames()
                            .get()
                            .get("orders")
                            .partitions()
                            .size());
            producer.send(new ProducerRecord<>("longs", new byte[] {1}, 42L)).get();
            consumer.subscribe(List.of("longs"));
            assertEquals(42L, next(consumer).value());
            assertEquals("readers", consumer.groupMetadata().groupId());
        }

        @Test
        void recordsAreSeenWithoutAClient(EmbeddedBroker broker, KafkaProducer<String, String> producer) {
            saw("class", broker);
            producer.send(new ProducerRecord<>("orders", "k", "v"));
            List<StoredRecord> records = broker.awaitRecords("orders", 1, PATIENCE);
            assertEquals(1, records.size());
        }

        @Nested
        class InNested {
            @Test
            void theBrokerIsThatOfTheClassAround(EmbeddedBroker broker) {
                saw("class", broker);
            }
        }
    }

    /** Each has its own. */
    @OdradekTest(life = BrokerLife.METHOD, topics = "orders")
    static class PerMethod {
        @Test
        void one(EmbeddedBroker broker) {
            saw("method", broker);
            broker.produce("orders", "v");
            assertEquals(1, broker.records("orders").size());
        }

        @Test
        void another(EmbeddedBroker broker) {
            saw("method", broker);
            broker.produce("orders", "v");
            assertEquals(1, broker.records("orders").size());
        }
    }

    /** The same for both classes. */
    @OdradekTest(life = BrokerLife.RUN)
    static class OfRun {
        @Test
        void sees(EmbeddedBroker broker) {
            saw("run", broker);
        }
    }

    /** The same for both classes. */
    @OdradekTest(life = BrokerLife.RUN)
    static class OfRunToo {
        @Test
        void sees(EmbeddedBroker broker) {
            saw("run", broker);
        }
    }

    /** With a builder. */
    static class Registered {
        @RegisterExtension
        static final OdradekExtension KAFKA =
                OdradekExtension.with(EmbeddedBroker.builder().topic("orders", 2));

        @Test
        void theBrokerIsHadFromTheExtensionToo(EmbeddedBroker broker) {
            saw("registered", broker);
            assertSame(KAFKA.broker(), broker);
            assertEquals(2, broker.topic("orders").partitions().size());
        }

        @Test
        void andIsTheSameForAll(EmbeddedBroker broker) {
            saw("registered", broker);
        }
    }

    /** With a builder, for each test. */
    static class RegisteredForEach {
        private static volatile EmbeddedBroker before;

        @RegisterExtension
        final OdradekExtension kafka = OdradekExtension.with(EmbeddedBroker.builder());

        @Test
        void one() {
            differs();
        }

        @Test
        void another() {
            differs();
        }

        private void differs() {
            saw("for each", kafka.broker());
            synchronized (RegisteredForEach.class) {
                assertNotSame(before, kafka.broker());
                before = kafka.broker();
            }
            assertTrue(kafka.broker().topics().isEmpty());
        }
    }

    /** It fails, as it is to. */
    @OdradekTest(topics = "orders:2")
    static class Failing {
        @Test
        void fails(
                EmbeddedBroker broker,
                @ClientSettings({"client.id=shop", "retries=0"}) KafkaProducer<String, String> producer)
                throws Exception {
            broker.produce("orders", "k", "v");
            broker.faults().on(ApiKey.PRODUCE).times(1).failWith("NOT_ENOUGH_REPLICAS");
            producer.send(new ProducerRecord<>("orders", 1, "k", "v")).get();
        }

        @Test
        void hasTypes(@SuppressWarnings("rawtypes") KafkaProducer producer) {}
    }
}
