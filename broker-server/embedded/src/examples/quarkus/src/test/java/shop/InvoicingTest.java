package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.inspect.StoredRecord;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
class InvoicingTest {
    EmbeddedBroker broker;

    @Test
    void anOrderMakesAnInvoice() {
        broker.produce("orders", "42", "two apples");

        StoredRecord invoice =
                broker.awaitRecords("invoices", 1, Duration.ofSeconds(60)).get(0);
        assertEquals("42", invoice.key());
        assertEquals("to pay: two apples", invoice.value());
    }
}
