package io.odradek.server.samples;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.DoubleDeserializer;
import org.apache.kafka.common.serialization.DoubleSerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Measures its JVM, sends what it finds to a topic, by name, and reads that into a file with a line for each. */
public final class MetricsToCsv {
    private MetricsToCsv() {}

    /** @param arguments brokers, topic, how often to measure, file */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int times = Integer.parseInt(arguments[2]);
        int sent = collect(arguments[0], arguments[1], times);
        write(arguments[0], arguments[1], sent, Path.of(arguments[3]));
    }

    private static int collect(String servers, String topic, int times) throws InterruptedException {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", servers);
        settings.put("key.serializer", StringSerializer.class.getName());
        settings.put("value.serializer", DoubleSerializer.class.getName());
        int sent = 0;
        try (Producer<String, Double> producer = new KafkaProducer<>(settings)) {
            for (int i = 0; i < times; i++) {
                for (Map.Entry<String, Double> metric : measured().entrySet()) {
                    producer.send(new ProducerRecord<>(
                            topic, null, System.currentTimeMillis(), metric.getKey(), metric.getValue()));
                    sent++;
                }
                Thread.sleep(10);
            }
        }
        return sent;
    }

    private static Map<String, Double> measured() {
        Map<String, Double> metrics = new TreeMap<>();
        metrics.put("heap.used", (double)
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        metrics.put("threads", (double) ManagementFactory.getThreadMXBean().getThreadCount());
        metrics.put("uptime.ms", (double) ManagementFactory.getRuntimeMXBean().getUptime());
        return metrics;
    }

    private static void write(String servers, String topic, int count, Path file) throws IOException {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", servers);
        settings.put("group.id", "csv");
        settings.put("key.deserializer", StringDeserializer.class.getName());
        settings.put("value.deserializer", DoubleDeserializer.class.getName());
        settings.put("auto.offset.reset", "earliest");
        try (PrintWriter csv = new PrintWriter(Files.newBufferedWriter(file));
                KafkaConsumer<String, Double> consumer = new KafkaConsumer<>(settings)) {
            consumer.subscribe(Collections.singletonList(topic));
            csv.println("time,metric,value");
            int written = 0;
            while (written < count) {
                for (ConsumerRecord<String, Double> metric : consumer.poll(Duration.ofMillis(100))) {
                    csv.println(metric.timestamp() + "," + metric.key() + "," + metric.value());
                    written++;
                }
            }
        }
    }
}
