package io.odradek.server.samples;

import java.time.Duration;
import java.util.Collections;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Leaves it to the client to commit what has been read: every 100 ms, and when it is closed. */
public final class AutoCommitConsumer {
    private AutoCommitConsumer() {}

    /** @param arguments brokers, topic, group, how many to read */
    public static void main(String[] arguments) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", arguments[0]);
        settings.put("group.id", arguments[2]);
        settings.put("key.deserializer", StringDeserializer.class.getName());
        settings.put("value.deserializer", LongDeserializer.class.getName());
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", "true");
        settings.put("auto.commit.interval.ms", "100");
        try (KafkaConsumer<String, Long> consumer = new KafkaConsumer<>(settings)) {
            consumer.subscribe(Collections.singletonList(arguments[1]));
            for (int read = 0; read < Integer.parseInt(arguments[3]); ) {
                read += consumer.poll(Duration.ofMillis(100)).count();
            }
        }
    }
}
