package io.odradek.benchmarks;

import io.odradek.server.embedded.EmbeddedBroker;
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
 * Measures what an embedded broker costs a test, in a JVM that has seen neither it nor a client: milliseconds from the call
 * of {@link EmbeddedBroker#start} until it returns, until a first record is acknowledged, until it is consumed, and of the
 * close. One measurement a JVM; {@code embedded-start.sh} takes many.
 */
public final class EmbeddedStartProbe {
    private static final String TOPIC = "first";
    private static final Duration POLL = Duration.ofMillis(100);

    private EmbeddedStartProbe() {}

    /** Arguments: {@code group} to consume as the member of a group rather than from an assigned partition. */
    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        boolean group = arguments.length > 0 && arguments[0].equals("group");
        long startNs = System.nanoTime();
        EmbeddedBroker broker = EmbeddedBroker.start();
        long startedMs = millisSince(startNs);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(TOPIC, "first")).get();
        }
        long producedMs = millisSince(startNs);
        consume(broker.bootstrapServers(), group);
        long consumedMs = millisSince(startNs);
        long closeNs = System.nanoTime();
        broker.close();
        System.out.println(startedMs + " " + producedMs + " " + consumedMs + " " + millisSince(closeNs));
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void consume(String bootstrapServers, boolean group) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrapServers, "group.id", "probe", "auto.offset.reset", "earliest");
        KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
        if (group) {
            consumer.subscribe(List.of(TOPIC));
        } else {
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
        }
        boolean found = false;
        while (!found) {
            found = !consumer.poll(POLL).isEmpty();
        }
    }

    private static long millisSince(long startNs) {
        return (System.nanoTime() - startNs) / 1_000_000;
    }
}
