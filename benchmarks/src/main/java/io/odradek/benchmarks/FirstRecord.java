package io.odradek.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What a test does first with its broker: a record is written to a topic that is not there yet, and read. As a program, in a
 * JVM that has seen no client, against a broker that runs already: it prints the milliseconds until the record was
 * acknowledged and until it was read, which no broker can be without.
 */
public final class FirstRecord {
    private static final Duration POLL = Duration.ofMillis(100);

    private FirstRecord() {}

    /** Arguments: bootstrap servers, and {@code group} to read as the member of a group. */
    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        long startNs = System.nanoTime();
        String topic = "first-" + Long.toString(startNs, 36);
        write(arguments[0], topic);
        long producedMs = (System.nanoTime() - startNs) / 1_000_000;
        read(arguments[0], topic, arguments.length > 1 && arguments[1].equals("group"));
        System.out.println(producedMs + " " + (System.nanoTime() - startNs) / 1_000_000);
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    /** Returns when a record has been acknowledged. */
    public static void write(String servers, String topic) throws InterruptedException, ExecutionException {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, "first")).get();
        }
    }

    /** Returns when a record has been read, from an assigned partition or as the member of a group. */
    public static void read(String servers, String topic, boolean group) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", servers, "group.id", topic + "-readers", "auto.offset.reset", "earliest");
        KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
        if (group) {
            consumer.subscribe(List.of(topic));
        } else {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
        }
        boolean found = false;
        while (!found) {
            found = !consumer.poll(POLL).isEmpty();
        }
    }
}
