package io.odradek.server.samples;

import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends each record to the partition that it chooses, and waits until it has been taken. */
public final class PartitionProducer {
    private PartitionProducer() {}

    /** @param arguments brokers, topic, how many for each partition */
    public static void main(String[] arguments) throws ExecutionException, InterruptedException {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", arguments[0]);
        settings.put("key.serializer", StringSerializer.class.getName());
        settings.put("value.serializer", StringSerializer.class.getName());
        try (Producer<String, String> producer = new KafkaProducer<>(settings)) {
            int partitions = producer.partitionsFor(arguments[1]).size();
            for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                for (int partition = 0; partition < partitions; partition++) {
                    RecordMetadata taken = producer.send(
                                    new ProducerRecord<>(arguments[1], partition, "key", partition + ":" + i))
                            .get();
                    if (taken.partition() != partition || taken.offset() != i) {
                        throw new IllegalStateException("It has gone to " + taken);
                    }
                }
            }
        }
    }
}
