package shop;

import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** Writes an invoice for each order, under the order's key. */
@ApplicationScoped
public class Invoicing {
    @Incoming("orders")
    @Outgoing("invoices")
    public Record<String, String> invoice(Record<String, String> order) {
        return Record.of(order.key(), "to pay: " + order.value());
    }
}
