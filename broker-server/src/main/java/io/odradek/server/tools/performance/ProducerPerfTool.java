package io.odradek.server.tools.performance;

import io.odradek.server.tools.Connection;
import io.odradek.server.tools.Failures;
import io.odradek.server.tools.Interrupt;
import io.odradek.server.tools.Pace;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.TopicLookup;
import io.odradek.server.tools.UsageException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how fast records are taken; speaks like Kafka's {@code kafka-producer-perf-test}. */
@Command(
        description = {
            "Sends records and says how fast they were taken: how many a second, and how long each took from its send to"
                    + " its acknowledgement.",
            "Standard output has the lines of Kafka's tool, one for each interval and one at the end. Where standard"
                    + " error is a terminal, it shows meanwhile how far it is, and at the end how many records took how"
                    + " long; --histogram prints that to standard output instead."
        },
        footer = {
            "  ${COMMAND-NAME} --topic orders --num-records 1000000 --record-size 100",
            "  ${COMMAND-NAME} --topic orders --num-records 60000 --record-size 1000 --throughput 10000 --histogram",
            "  ${COMMAND-NAME} --topic orders --num-records 50000 --payload-monotonic --producer-props acks=1 linger.ms=5",
            "  ${COMMAND-NAME} --topic orders --num-records 50000 --record-size 100 --transaction-duration-ms 100"
                    + " --json"
        })
public final class ProducerPerfTool implements Tool {
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(5);
    private static final long SENT_WITHIN_MS = 2_000;

    @Mixin
    private Connection connection;

    @Option(names = "--topic", paramLabel = "TOPIC", description = "the topic to send to")
    private String topic;

    @Option(names = "--num-records", paramLabel = "N", description = "how many records to send")
    private long records;

    @Option(
            names = "--throughput",
            paramLabel = "N",
            defaultValue = "-1",
            description = "how many a second; -1 for as fast as it goes (default: -1)")
    private double throughput;

    @Mixin
    private SendOptions options;

    @Option(
            names = "--warmup-records",
            paramLabel = "N",
            defaultValue = "0",
            description = "leave so many out of a second total (default: there is none)")
    private long warmup;

    @Option(
            names = "--reporting-interval",
            paramLabel = "MS",
            defaultValue = "5000",
            description = "how often there is a line (default: 5000)")
    private long intervalMs;

    @Option(names = "--print-metrics", description = "print at the end what the producer has counted")
    private boolean printMetrics;

    @Option(names = "--histogram", description = "print at the end how many records took how long")
    private boolean histogram;

    @Option(names = "--json", description = "print a JSON object for each interval, and one at the end with all")
    private boolean json;

    private final CountDownLatch ended = new CountDownLatch(1);
    private long untried;

    /** Filled by picocli. */
    public ProducerPerfTool() {}

    @Override
    public int run(Terminal terminal) throws Exception {
        UsageException.when(topic == null || topic.isEmpty(), "Say which --topic");
        UsageException.when(records < 1, "Say how many --num-records: 1 or more");
        UsageException.when(
                warmup < 0 || warmup >= records, "The --warmup-records must be fewer than the --num-records");
        UsageException.when(intervalMs < 1, "The --reporting-interval must be at least 1 ms");
        options.check();
        Pace pace = new Pace(throughput);
        Payloads payloads = options.payloads(new SendReport(terminal::line, json));
        Map<String, Object> settings = options.settings(connection);
        Producer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        Interrupt interrupt = new Interrupt(() -> stop(pace, producer), ENDED_WITHIN);
        try (producer) {
            TopicLookup.find(producer, topic, connection, TopicLookup.PATIENCE);
            Transactions transactions = new Transactions(producer, options.transactionMs(settings));
            return measure(terminal, producer, payloads, transactions, pace);
        } finally {
            terminal.out().flush();
            ended.countDown();
            interrupt.close();
        }
    }

    /** What has been sent has a moment to be taken. */
    private void stop(Pace pace, Producer<?, ?> producer) {
        pace.stop();
        try {
            if (!ended.await(SENT_WITHIN_MS, TimeUnit.MILLISECONDS)) {
                producer.close(Duration.ZERO);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private int measure(
            Terminal terminal,
            Producer<byte[], byte[]> producer,
            Payloads payloads,
            Transactions transactions,
            Pace pace)
            throws InterruptedException {
        SendStatistics[] told = new SendStatistics[1];
        try (Progress progress = new Progress(terminal, () -> told[0] == null ? "" : told[0].progress(records))) {
            SendReport report = new SendReport(progress::result, json);
            if (warmup > 0) {
                report.warmup(warmup);
            }
            SendStatistics statistics = new SendStatistics(warmup, intervalMs, report);
            told[0] = statistics;
            send(producer, payloads, transactions, pace, statistics);
            Map<String, Object> metrics = printMetrics ? ClientMetrics.of(producer.metrics()) : null;
            statistics.end(metrics);
            if (metrics != null && !json) {
                ClientMetrics.print(metrics, terminal::line);
            }
            progress.end();
            return end(terminal, statistics);
        }
    }

    private void send(
            Producer<byte[], byte[]> producer,
            Payloads payloads,
            Transactions transactions,
            Pace pace,
            SendStatistics statistics)
            throws InterruptedException {
        try {
            for (long sent = 0; sent < records && pace.keep(sent); sent++) {
                transactions.beforeSend();
                byte[] payload = payloads.next(sent);
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, payload);
                if (isStuck(producer.send(record, statistics.sending(payload.length)))) {
                    untried = records - sent - 1;
                    break;
                }
                transactions.afterSend();
            }
            transactions.end();
            producer.flush();
        } catch (KafkaException failure) {
            // Closed because it has been interrupted: what has been taken so far is told.
            if (pace.goesOn()) {
                throw failure;
            }
        }
    }

    /** {@return whether no broker has been found for a record in {@code max.block.ms}: the next one would wait as long} */
    private static boolean isStuck(Future<?> sent) throws InterruptedException {
        try {
            if (sent.isDone()) {
                sent.get();
            }
            return false;
        } catch (ExecutionException failure) {
            return failure.getCause() instanceof TimeoutException
                    && !(failure.getCause() instanceof BufferExhaustedException);
        }
    }

    private int end(Terminal terminal, SendStatistics statistics) {
        if (!json) {
            HistogramText.print(
                    terminal, histogram, "Records by latency", statistics.all().latencies());
        }
        long failed = statistics.failures();
        if (failed > 0) {
            terminal.out().flush();
            terminal.err()
                    .println(failed + (failed == 1 ? " record has" : " records have") + " not been sent"
                            + (untried > 0 ? ", " + untried + " more not tried: " : ": ")
                            + Failures.line(statistics.firstFailure(), connection));
        }
        return failed == 0 ? DONE : FAILED;
    }
}
