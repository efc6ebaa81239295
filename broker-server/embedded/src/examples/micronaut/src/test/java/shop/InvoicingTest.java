package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.inspect.StoredRecord;
import io.odradek.server.junit.OdradekTest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@OdradekTest(topics = "orders:3")
@MicronautTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InvoicingTest implements TestPropertyProvider {
    private final EmbeddedBroker broker;

    InvoicingTest(EmbeddedBroker broker) {
        this.broker = broker;
    }

    @Override
    public Map<String, String> getProperties() {
        return Map.of("kafka.bootstrap.servers", broker.bootstrapServers());
    }

    @Test
    void anOrderMakesAnInvoice() {
        broker.produce("orders", "42", "two apples");

        StoredRecord invoice =
                broker.awaitRecords("invoices", 1, Duration.ofSeconds(60)).get(0);
        assertEquals("42", invoice.key());
        assertEquals("to pay: two apples", invoice.value());
    }
}
