package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.odradek.protocol.api.ApiKey;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.Fault;
import io.odradek.server.inspect.StoredRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PaymentsTest {
    private static EmbeddedBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.builder()
                .topic("payments", 1, Map.of("retention.ms", "86400000"))
                .start();
    }

    @AfterAll
    static void closeBroker() {
        broker.close();
    }

    /** Topics are empty again, and all faults are undone. */
    @AfterEach
    void reset() {
        broker.reset();
    }

    @Test
    void aPaymentIsTriedAgainUntilTheBrokerTakesIt() throws Exception {
        Fault outage = broker.faults().on(ApiKey.PRODUCE).topic("payments").times(2).failWith("NOT_LEADER_OR_FOLLOWER");

        try (Payments payments = new Payments(broker.clientProperties(), true)) {
            payments.pay("Odradek", "twopence");
        }

        assertEquals(2, outage.struck());
        assertEquals(List.of("twopence"), written());
    }

    @Test
    void aPaymentWhoseAnswerGetsLostIsWrittenOnce() throws Exception {
        Fault lost = broker.faults().on(ApiKey.PRODUCE).topic("payments").times(1).closeAfter();

        try (Payments payments = new Payments(broker.clientProperties(), true)) {
            payments.pay("Odradek", "twopence");
        }

        assertEquals(1, lost.struck());
        assertEquals(List.of("twopence"), written());
    }

    /** What the setting is for: the same without it. */
    @Test
    void withoutIdempotenceItWouldBePaidTwice() throws Exception {
        broker.faults().on(ApiKey.PRODUCE).topic("payments").times(1).closeAfter();

        try (Payments payments = new Payments(broker.clientProperties(), false)) {
            payments.pay("Odradek", "twopence");
        }

        assertEquals(List.of("twopence", "twopence"), written());
    }

    @Test
    void paymentsAreGoneAfterADay() throws Exception {
        try (Payments payments = new Payments(broker.clientProperties(), true)) {
            payments.pay("Odradek", "twopence");
        }

        broker.advance(Duration.ofDays(2));

        assertEquals(List.of(), written());
    }

    /** A reader that hangs keeps its group, and what it would have read, until its session is over. */
    @Test
    void aReaderThatHangsLosesItsGroupWhenItsSessionEnds() {
        Map<String, Object> settings = new TreeMap<>(broker.consumerProperties("ledger"));
        settings.put("session.timeout.ms", 45_000);
        try (KafkaConsumer<String, String> reader =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            reader.subscribe(List.of("payments"));
            while (reader.assignment().isEmpty()) {
                reader.poll(Duration.ofMillis(100));
            }
            assertEquals(1, broker.group("ledger").members().size());

            // The heartbeats do not arrive any more.
            broker.faults().on(ApiKey.HEARTBEAT, ApiKey.JOIN_GROUP).closeConnection();
            broker.advance(Duration.ofMinutes(1));

            assertTrue(broker.group("ledger").members().isEmpty());
        }
    }

    private static List<String> written() {
        return broker.records("payments").stream().map(StoredRecord::value).toList();
    }
}
