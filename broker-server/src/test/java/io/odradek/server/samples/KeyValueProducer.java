package io.odradek.server.samples;

import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends keys and values, and hears of each in a callback. Records with the same key are in one partition, in their order. */
public final class KeyValueProducer {
    private static final String[] CUSTOMERS = {"anna", "bela", "cleo", "dora", "emil"};

    private KeyValueProducer() {}

    /** @param arguments brokers, topic, how many for each key */
    public static void main(String[] arguments) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", arguments[0]);
        settings.put("key.serializer", StringSerializer.class.getName());
        settings.put("value.serializer", LongSerializer.class.getName());
        settings.put("acks", "all");
        settings.put("enable.idempotence", "true");
        settings.put("compression.type", "lz4");
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (Producer<String, Long> producer = new KafkaProducer<>(settings)) {
            for (long i = 0; i < Integer.parseInt(arguments[2]); i++) {
                for (String customer : CUSTOMERS) {
                    producer.send(new ProducerRecord<>(arguments[1], customer, i), (metadata, failed) -> {
                        if (failed != null) {
                            failure.compareAndSet(null, failed);
                        }
                    });
                }
            }
        }
        if (failure.get() != null) {
            throw new KafkaException("Not all has been taken", failure.get());
        }
    }
}
