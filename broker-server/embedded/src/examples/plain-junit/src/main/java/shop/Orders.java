package shop;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Takes orders: each is a record of the topic "orders", by its customer. */
public final class Orders implements AutoCloseable {
    private final KafkaProducer<String, String> producer;

    public Orders(String bootstrapServers) {
        this(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** With what the broker asks for: how bytes are encrypted, and who the shop is. */
    public Orders(Map<String, Object> clientProperties) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put("compression.type", "zstd");
        producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }

    /** Returns when the order cannot get lost any more. */
    public void place(String customer, String order) throws InterruptedException, ExecutionException {
        producer.send(new ProducerRecord<>("orders", customer, order)).get();
    }

    @Override
    public void close() {
        producer.close();
    }
}
