package io.odradek.server.samples;

import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends values without keys, and does not wait for what becomes of each: closing the producer sends what is left. */
public final class ValueProducer {
    private ValueProducer() {}

    /** @param arguments brokers, topic, how many */
    public static void main(String[] arguments) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", arguments[0]);
        settings.put("key.serializer", StringSerializer.class.getName());
        settings.put("value.serializer", StringSerializer.class.getName());
        settings.put("linger.ms", "5");
        try (Producer<String, String> producer = new KafkaProducer<>(settings)) {
            for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                producer.send(new ProducerRecord<>(arguments[1], "value " + i));
            }
        }
    }
}
