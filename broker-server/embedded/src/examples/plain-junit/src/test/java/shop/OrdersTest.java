package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.inspect.StoredRecord;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrdersTest {
    private static EmbeddedBroker broker;

    private Orders orders;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.builder().topic("orders", 3).start();
    }

    @AfterAll
    static void closeBroker() {
        broker.close();
    }

    @BeforeEach
    void begin() {
        broker.reset();
        orders = new Orders(broker.bootstrapServers());
    }

    @AfterEach
    void end() {
        orders.close();
    }

    @Test
    void anOrderIsWrittenUnderItsCustomer() throws Exception {
        orders.place("Odradek", "some thread");

        StoredRecord written = broker.awaitRecords("orders", 1, Duration.ofSeconds(10)).get(0);
        assertEquals("Odradek", written.key());
        assertEquals("some thread", written.value());
    }

    @Test
    void theOrdersOfACustomerStayInTheirOrder() throws Exception {
        orders.place("Odradek", "a star-shaped spool");
        orders.place("Odradek", "some thread");

        List<StoredRecord> written = broker.records("orders");
        assertEquals(
                List.of("a star-shaped spool", "some thread"),
                written.stream().map(StoredRecord::value).toList());
    }
}
