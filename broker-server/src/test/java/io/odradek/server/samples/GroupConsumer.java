package io.odradek.server.samples;

import java.time.Duration;
import java.util.Collections;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A member of a group: run twice, each gets half of the partitions. */
public final class GroupConsumer implements Runnable {
    private final Properties settings = new Properties();
    private final String topic;
    private final Consumer<ConsumerRecord<String, String>> work;
    private volatile boolean ended;

    /** @param work what is done with each record */
    public GroupConsumer(String servers, String group, String topic, Consumer<ConsumerRecord<String, String>> work) {
        settings.put("bootstrap.servers", servers);
        settings.put("group.id", group);
        settings.put("key.deserializer", StringDeserializer.class.getName());
        settings.put("value.deserializer", StringDeserializer.class.getName());
        settings.put("auto.offset.reset", "earliest");
        // Whoever joins waits until the others have heard of it.
        settings.put("heartbeat.interval.ms", "500");
        this.topic = topic;
        this.work = work;
    }

    @Override
    public void run() {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings)) {
            consumer.subscribe(Collections.singletonList(topic));
            while (!ended) {
                consumer.poll(Duration.ofMillis(100)).forEach(work);
            }
        }
    }

    /** Has it end after what it has at hand. */
    public void end() {
        ended = true;
    }
}
