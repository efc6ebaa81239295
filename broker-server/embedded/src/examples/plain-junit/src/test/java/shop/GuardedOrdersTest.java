package shop;

import static io.odradek.server.embedded.Acl.Operation.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.odradek.server.embedded.Acl;
import io.odradek.server.embedded.EmbeddedBroker;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class GuardedOrdersTest {
    @Test
    void onlyTheShopMayPlaceOrders() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                .topic("orders")
                .tls()
                .sasl("SCRAM-SHA-512", "shop", "its password")
                .sasl("SCRAM-SHA-512", "billing", "another one")
                .acls(Acl.allow("shop").to(WRITE).topic("orders"), Acl.of("billing may WRITE topic invoices-*"))
                .start()) {
            try (Orders orders = new Orders(broker.clientProperties("shop"))) {
                orders.place("Odradek", "some thread");
            }
            try (Orders orders = new Orders(broker.clientProperties("billing"))) {
                ExecutionException refused =
                        assertThrows(ExecutionException.class, () -> orders.place("Odradek", "some thread"));
                assertInstanceOf(TopicAuthorizationException.class, refused.getCause());
            }
            assertEquals(1, broker.records("orders").size());
        }
    }
}
