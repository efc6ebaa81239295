package io.odradek.benchmarks;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One producer that sends at a fixed rate, and how long after it was due each record is acknowledged: what a client waits
 * for, whatever held it up. What is sent in the beginning, while client and brokers find each other and are compiled, is not
 * counted. Prints one line: the latency's p50, p99, p99.9 and maximum, in milliseconds; a line for each second goes to the
 * standard error, the last column of which is the p99 of what the client itself was late by.
 */
public final class PacedLoad {
    private static final long NS_PER_SECOND = 1_000_000_000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final ProducerRecord<byte[], byte[]> record;
    private final int rate;
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    private PacedLoad(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record, int rate) {
        this.producer = producer;
        this.record = record;
        this.rate = rate;
    }

    /** Arguments: {@code host:port,... topic acks recordBytes recordsPerSecond warmUpSeconds seconds [key=value...]}. */
    public static void main(String[] arguments) throws Exception {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
        settings.put(ProducerConfig.ACKS_CONFIG, arguments[2]);
        for (String setting : Arrays.asList(arguments).subList(7, arguments.length)) {
            String[] keyAndValue = setting.split("=", 2);
            settings.put(keyAndValue[0], keyAndValue[1]);
        }
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(arguments[1], new byte[Integer.parseInt(arguments[3])]);
        int rate = Integer.parseInt(arguments[4]);
        ByteArraySerializer bytes = new ByteArraySerializer();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings, bytes, bytes)) {
            PacedLoad load = new PacedLoad(producer, record, rate);
            load.send(rate * Integer.parseInt(arguments[5]));
            load.send(rate * Integer.parseInt(arguments[6])).print();
        }
    }

    /** {@return what became of so many records} */
    private Latencies send(int count) throws Exception {
        Latencies latencies = new Latencies(rate, new long[count], new long[count]);
        long startNs = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long dueNs = startNs + i * NS_PER_SECOND / rate;
            for (long ahead = dueNs - System.nanoTime(); ahead > 0; ahead = dueNs - System.nanoTime()) {
                LockSupport.parkNanos(ahead);
            }
            latencies.latenessNs[i] = System.nanoTime() - dueNs;
            int number = i;
            producer.send(record, (metadata, exception) -> {
                latencies.latencyNs[number] = System.nanoTime() - dueNs;
                if (exception != null) {
                    failure.compareAndSet(null, exception);
                }
            });
        }
        producer.flush();
        if (failure.get() != null) {
            throw failure.get();
        }
        return latencies;
    }

    private record Latencies(int rate, long[] latencyNs, long[] latenessNs) {
        void print() {
            System.err.println("second p50 p99 max late-p99");
            for (int from = 0; from < latencyNs.length; from += rate) {
                Percentiles second = second(latencyNs, from);
                System.err.printf(
                        "%d %.2f %.2f %.2f %.2f%n",
                        from / rate,
                        second.ms(0.5),
                        second.ms(0.99),
                        second.ms(1),
                        second(latenessNs, from).ms(0.99));
            }
            Percentiles all = new Percentiles(latencyNs);
            System.out.printf("%.2f %.2f %.2f %.2f%n", all.ms(0.5), all.ms(0.99), all.ms(0.999), all.ms(1));
        }

        private Percentiles second(long[] samplesNs, int from) {
            return new Percentiles(Arrays.copyOfRange(samplesNs, from, from + rate));
        }
    }
}
