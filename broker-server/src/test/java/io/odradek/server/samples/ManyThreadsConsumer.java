package io.odradek.server.samples;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A consumer for each of several threads, as none may be used by two; closing wakes them up, and waits until all have left. */
public final class ManyThreadsConsumer {
    private final List<KafkaConsumer<String, String>> consumers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /** @param work what is done with each record; called by all threads */
    public ManyThreadsConsumer(
            String servers, String group, String topic, int count, Consumer<ConsumerRecord<String, String>> work) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", servers);
        settings.put("group.id", group);
        settings.put("key.deserializer", StringDeserializer.class.getName());
        settings.put("value.deserializer", StringDeserializer.class.getName());
        settings.put("auto.offset.reset", "earliest");
        // Whoever joins waits until the others have heard of it.
        settings.put("heartbeat.interval.ms", "500");
        settings.put("enable.auto.commit", "false");
        for (int i = 0; i < count; i++) {
            KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings);
            Thread thread = new Thread(() -> read(consumer, topic, work), "reader-" + i);
            consumers.add(consumer);
            threads.add(thread);
            thread.start();
        }
    }

    private static void read(
            KafkaConsumer<String, String> consumer, String topic, Consumer<ConsumerRecord<String, String>> work) {
        try (consumer) {
            consumer.subscribe(Collections.singletonList(topic));
            while (true) {
                consumer.poll(Duration.ofSeconds(10)).forEach(work);
                consumer.commitSync();
            }
        } catch (WakeupException closing) {
            // What has been committed is where the next one goes on.
        }
    }

    /** Has all of them end, and waits for that. */
    public void close() throws InterruptedException {
        // The only method that another thread may call.
        consumers.forEach(KafkaConsumer::wakeup);
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
