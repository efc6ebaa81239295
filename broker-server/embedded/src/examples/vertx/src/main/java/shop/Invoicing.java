package shop;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.producer.KafkaProducer;
import io.vertx.kafka.client.producer.KafkaProducerRecord;
import java.util.Map;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes an invoice for each order, under the order's key. */
public class Invoicing extends VerticleBase {
    @Override
    public Future<?> start() {
        String servers = config().getString("bootstrap.servers");
        KafkaProducer<String, String> invoices = KafkaProducer.create(
                vertx, Map.of("bootstrap.servers", servers), new StringSerializer(), new StringSerializer());
        KafkaConsumer<String, String> orders = KafkaConsumer.create(
                vertx,
                Map.of("bootstrap.servers", servers, "group.id", "invoicing", "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
        orders.handler(order -> invoices.write(
                KafkaProducerRecord.create("invoices", order.key(), "to pay: " + order.value())));
        return orders.subscribe("orders");
    }
}
