package shop;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes payments to the topic "payments": each once, whatever happens to connections and answers. */
public final class Payments implements AutoCloseable {
    private final KafkaProducer<String, String> producer;

    /**
     * @param client settings that say where the brokers are
     * @param idempotent whether the broker is to recognize a payment that it has already
     */
    public Payments(Map<String, Object> client, boolean idempotent) {
        Map<String, Object> settings = new TreeMap<>(client);
        settings.put("enable.idempotence", idempotent);
        settings.put("acks", "all");
        settings.put("retry.backoff.ms", 10);
        producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /** Returns when the payment is written, however often it takes to write it. */
    public void pay(String payer, String amount) throws InterruptedException, ExecutionException {
        producer.send(new ProducerRecord<>("payments", payer, amount)).get();
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(10));
    }
}
