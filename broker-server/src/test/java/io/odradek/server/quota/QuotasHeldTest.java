package io.odradek.server.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.sun.tools.attach.VirtualMachine;
import io.odradek.server.clients.Peer;
import io.odradek.server.clients.RunningKafka;
import io.odradek.server.crash.BrokerProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A producer, a consumer and one that makes much work, all at once and each held to a rate, beside one that is not, at a broker in a
 * process of its own. By hand, with {@code -Dquotas.seconds=30}; with {@code -Dquotas.software=kafka} at a broker of Kafka 3.9.2.
 */
@EnabledIfSystemProperty(named = "quotas.seconds", matches = "\\d+")
class QuotasHeldTest {
    private static final int SECONDS = Integer.getInteger("quotas.seconds", 30);
    private static final boolean KAFKA = "kafka".equals(System.getProperty("quotas.software"));
    /** Longer than what rates are reckoned over: what clients have at once to begin with is not to count. */
    private static final int BEFORE_SECONDS = 15;

    private static final double PRODUCED_PER_SECOND = 1_000_000;
    private static final double FETCHED_PER_SECOND = 2_000_000;
    private static final double PERCENT_OF_A_THREAD = 5;
    private static final int RECORD_BYTES = 1_000;
    private static final int RECORDS_TO_READ = 40_000;
    private static final long BETWEEN_FREE_RECORDS_NS = 10_000_000;

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private String bootstrapServers;
    private volatile boolean over;

    @Test
    @SuppressWarnings("try") // Brokers that are only closed.
    void eachHasWhatItMayHaveAndNobodyElseIsHeldUp() throws Exception {
        if (KAFKA) {
            try (RunningKafka kafka = RunningKafka.start(
                    new Peer("3.9.2", folder.resolve("peer")),
                    folder,
                    folder.resolve("data"),
                    "log.segment.bytes=1073741824")) {
                run("127.0.0.1:" + kafka.port(), kafka.kafka().pid());
            }
        } else {
            int port = freePort();
            try (BrokerProcess broker = BrokerProcess.start(
                    folder, port, Map.of("offsets.topic.num.partitions", "1"), List.of(), "-Xmx512m")) {
                run("127.0.0.1:" + port, broker.pid());
            }
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private KafkaProducer<byte[], byte[]> producer(String clientId, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("client.id", clientId);
        settings.put("delivery.timeout.ms", 600_000);
        settings.put("request.timeout.ms", 120_000);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, int bytes) {
        return new ProducerRecord<>(topic, null, null, new byte[bytes]);
    }

    private static double metric(Map<MetricName, ? extends Metric> metrics, String group, String name) {
        return metrics.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name)
                        && entry.getKey().group().equals(group))
                .mapToDouble(entry -> (double) entry.getValue().metricValue())
                .max()
                .orElseThrow();
    }

    private void run(String servers, long pid) throws Exception {
        bootstrapServers = servers;
        try (KafkaProducer<byte[], byte[]> filling = producer("filling", Map.of())) {
            for (int i = 0; i < RECORDS_TO_READ; i++) {
                filling.send(record("read", RECORD_BYTES));
            }
        }
        try (SetQuotas quotas = new SetQuotas(servers)) {
            quotas.set("producer_byte_rate", PRODUCED_PER_SECOND, "client-id", "held-producer");
            quotas.set("consumer_byte_rate", FETCHED_PER_SECOND, "user", "ANONYMOUS", "client-id", "held-consumer");
            quotas.set("request_percentage", PERCENT_OF_A_THREAD, "client-id", "held-worker");
        }
        VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
        String address = machine.startLocalManagementAgent();
        machine.detach();
        try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address));
                KafkaProducer<byte[], byte[]> producer = producer("held-producer", Map.of("buffer.memory", 4_000_000));
                KafkaProducer<byte[], byte[]> worker = producer("held-worker", Map.of());
                KafkaProducer<byte[], byte[]> free = producer("free", Map.of())) {
            List<Long> alone = latencies(free, 5);
            List<Future<?>> running = new ArrayList<>();
            double[] read = new double[2];
            running.add(threads.submit(() -> flood(producer)));
            running.add(threads.submit(() -> workOn(worker)));
            running.add(threads.submit(() -> readOn(read)));
            latencies(free, BEFORE_SECONDS);
            measure(connector.getMBeanServerConnection(), producer, worker, free, read, alone);
            over = true;
            for (Future<?> one : running) {
                one.get(120, TimeUnit.SECONDS);
            }
        }
    }

    private void flood(KafkaProducer<byte[], byte[]> producer) {
        while (!over) {
            producer.send(record("written", RECORD_BYTES));
        }
    }

    private Void workOn(KafkaProducer<byte[], byte[]> producer) throws Exception {
        while (!over) {
            producer.send(record("worked", 10)).get();
        }
        return null;
    }

    /** @param read bytes that have come, and how long it was told to rest at most */
    private void readOn(double[] read) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers, "client.id", "held-consumer");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition("read", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (!over) {
                consumer.poll(Duration.ofMillis(100));
                if (consumer.position(partition) >= RECORDS_TO_READ) {
                    consumer.seekToBeginning(List.of(partition));
                }
                synchronized (read) {
                    read[0] = metric(consumer.metrics(), "consumer-metrics", "incoming-byte-total");
                    read[1] = metric(consumer.metrics(), "consumer-fetch-manager-metrics", "fetch-throttle-time-max");
                }
            }
        }
    }

    /** {@return how long records took of one who sends a hundred in a second, in nanoseconds, in order of size} */
    private static List<Long> latencies(KafkaProducer<byte[], byte[]> free, int seconds)
            throws InterruptedException, ExecutionException {
        List<Long> latencies = new ArrayList<>();
        long nextNs = System.nanoTime();
        long endNs = nextNs + seconds * 1_000_000_000L;
        while (nextNs < endNs) {
            LockSupport.parkNanos(nextNs - System.nanoTime());
            long beganNs = System.nanoTime();
            free.send(record("free", RECORD_BYTES)).get();
            latencies.add(System.nanoTime() - beganNs);
            nextNs += BETWEEN_FREE_RECORDS_NS;
        }
        Collections.sort(latencies);
        return latencies;
    }

    private static String described(List<Long> latencies) {
        return String.format(
                "median %.2f ms, of a hundred the slowest %.2f ms, at most %.2f ms",
                latencies.get(latencies.size() / 2) / 1e6,
                latencies.get(latencies.size() * 99 / 100) / 1e6,
                latencies.get(latencies.size() - 1) / 1e6);
    }

    private void measure(
            MBeanServerConnection beans,
            KafkaProducer<byte[], byte[]> producer,
            KafkaProducer<byte[], byte[]> worker,
            KafkaProducer<byte[], byte[]> free,
            double[] read,
            List<Long> alone)
            throws Exception {
        long beganNs = System.nanoTime();
        double producedBefore = metric(producer.metrics(), "producer-metrics", "outgoing-byte-total");
        double requestsBefore = metric(worker.metrics(), "producer-metrics", "request-total");
        double readBefore;
        synchronized (read) {
            readBefore = read[0];
        }
        double percent = 0;
        List<Long> beside = new ArrayList<>();
        for (int i = 0; i < SECONDS; i++) {
            beside.addAll(latencies(free, 1));
            percent += shown(beans, "Request,client-id=held-worker", "request-time") / SECONDS;
        }
        Collections.sort(beside);
        double seconds = (System.nanoTime() - beganNs) / 1e9;
        double produced =
                (metric(producer.metrics(), "producer-metrics", "outgoing-byte-total") - producedBefore) / seconds;
        double requests = (metric(worker.metrics(), "producer-metrics", "request-total") - requestsBefore) / seconds;
        double fetched;
        double fetchThrottle;
        synchronized (read) {
            fetched = (read[0] - readBefore) / seconds;
            fetchThrottle = read[1];
        }
        double produceThrottle = metric(producer.metrics(), "producer-metrics", "produce-throttle-time-max");
        double workThrottle = metric(worker.metrics(), "producer-metrics", "produce-throttle-time-max");
        double freeThrottle = metric(free.metrics(), "producer-metrics", "produce-throttle-time-max");
        System.out.printf(
                "%s, over %.1f s:%n"
                        + "produced %.0f bytes/s of %.0f, told to rest for %.0f ms at most (the broker says %.0f bytes/s)%n"
                        + "fetched %.0f bytes/s of %.0f, told to rest for %.0f ms at most (the broker says %.0f bytes/s)%n"
                        + "worked %.2f %% of %.0f %%, %.0f requests/s, told to rest for %.0f ms at most%n"
                        + "who is free: alone %s; beside them %s; told to rest for %.0f ms at most%n",
                KAFKA ? "Kafka 3.9.2" : "Odradek",
                seconds,
                produced,
                PRODUCED_PER_SECOND,
                produceThrottle,
                shown(beans, "Produce,client-id=held-producer", "byte-rate"),
                fetched,
                FETCHED_PER_SECOND,
                fetchThrottle,
                shown(beans, "Fetch,user=ANONYMOUS,client-id=held-consumer", "byte-rate"),
                percent,
                PERCENT_OF_A_THREAD,
                requests,
                workThrottle,
                described(alone),
                described(beside),
                freeThrottle);
        assertThat(produced).isCloseTo(PRODUCED_PER_SECOND, withinPercentage(10));
        assertThat(fetched).isCloseTo(FETCHED_PER_SECOND, withinPercentage(10));
        assertThat(percent).isCloseTo(PERCENT_OF_A_THREAD, withinPercentage(10));
        assertThat(produceThrottle).isPositive();
        assertThat(fetchThrottle).isPositive();
        assertThat(workThrottle).isPositive();
        assertThat(freeThrottle).isZero();
    }

    private static double shown(MBeanServerConnection beans, String type, String attribute) throws Exception {
        return (double) beans.getAttribute(new ObjectName("kafka.server:type=" + type), attribute);
    }
}
