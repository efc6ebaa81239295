package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.inspect.StoredRecord;
import io.odradek.server.junit.OdradekTest;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@OdradekTest(topics = "orders:3")
@ExtendWith(VertxExtension.class)
class InvoicingTest {
    @BeforeEach
    void deploy(Vertx vertx, VertxTestContext deployed, EmbeddedBroker broker) {
        JsonObject config = new JsonObject().put("bootstrap.servers", broker.bootstrapServers());
        vertx.deployVerticle(new Invoicing(), new DeploymentOptions().setConfig(config))
                .onComplete(deployed.succeedingThenComplete());
    }

    @Test
    void anOrderMakesAnInvoice(EmbeddedBroker broker) {
        broker.produce("orders", "42", "two apples");

        StoredRecord invoice =
                broker.awaitRecords("invoices", 1, Duration.ofSeconds(60)).get(0);
        assertEquals("42", invoice.key());
        assertEquals("to pay: two apples", invoice.value());
    }
}
