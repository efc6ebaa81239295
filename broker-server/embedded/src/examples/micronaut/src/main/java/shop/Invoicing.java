package shop;

import io.micronaut.configuration.kafka.annotation.KafkaKey;
import io.micronaut.configuration.kafka.annotation.KafkaListener;
import io.micronaut.configuration.kafka.annotation.OffsetReset;
import io.micronaut.configuration.kafka.annotation.Topic;

/** Writes an invoice for each order, under the order's key. */
@KafkaListener(groupId = "invoicing", offsetReset = OffsetReset.EARLIEST)
class Invoicing {
    private final Invoices invoices;

    Invoicing(Invoices invoices) {
        this.invoices = invoices;
    }

    @Topic("orders")
    void invoice(@KafkaKey String key, String order) {
        invoices.write(key, "to pay: " + order);
    }
}
