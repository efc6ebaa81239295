package io.odradek.server.tools.performance;

import io.odradek.server.tools.Connection;
import io.odradek.server.tools.Interrupt;
import io.odradek.server.tools.KeyValues;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.TopicLookup;
import io.odradek.server.tools.UsageException;
import io.odradek.server.tools.performance.ReadReport.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how fast records are read; speaks like Kafka's {@code kafka-consumer-perf-test}. */
@Command(
        description = {
            "Reads records as a member of a group, and says how fast: MiB and records a second, over all, and over the time"
                    + " in which it had partitions.",
            "Standard output has the columns of Kafka's tool. Where standard error is a terminal, it shows meanwhile how"
                    + " far it is, and at the end how often it waited for records for how long; --histogram prints that"
                    + " to standard output instead."
        },
        footer = {
            "  ${COMMAND-NAME} --topic orders --messages 1000000",
            "  ${COMMAND-NAME} --topic orders --num-records 1000000 --show-detailed-stats --reporting-interval 1000",
            "  ${COMMAND-NAME} --topic orders --num-records 50000 --group billing --from-latest --timeout 60000",
            "  ${COMMAND-NAME} --include 'orders.*' --num-records 50000 --histogram",
            "  ${COMMAND-NAME} --topic orders --num-records 50000 --json"
        })
public final class ConsumerPerfTool implements Tool {
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int NAMES = 100_000;

    @Mixin
    private Connection connection;

    @Option(names = "--topic", paramLabel = "TOPIC", description = "the topic to read")
    private String topic;

    @Option(
            names = "--include",
            paramLabel = "TOPICS",
            description = "a regular expression: all topics whose names match as a whole")
    private String include;

    @Option(
            names = {"--num-records", "--messages"},
            paramLabel = "N",
            description = "end when so many have been read")
    private Long wanted;

    @Option(
            names = "--timeout",
            paramLabel = "MS",
            arity = "0..1",
            defaultValue = "10000",
            fallbackValue = "10000",
            description = "end when none has come for so long (default: 10000)")
    private long timeoutMs;

    @Option(names = "--group", paramLabel = "GROUP", description = "the group to be a member of (default: a new one)")
    private String group;

    @Option(
            names = "--from-latest",
            description = "begin behind the last record, where the group has no position (default: at the first)")
    private boolean fromLatest;

    @Option(
            names = "--fetch-size",
            paramLabel = "BYTES",
            description = "of one partition in an answer at most (default: 1048576)")
    private Integer fetchBytes;

    @Option(names = "--socket-buffer-size", paramLabel = "BYTES", description = "of its connections (default: 2097152)")
    private Integer socketBytes;

    @Option(
            names = "--command-property",
            paramLabel = "KEY=VALUE",
            description = "any setting of the consumer; may be given again")
    private List<String> properties = new ArrayList<>();

    @Option(names = "--consumer.config", paramLabel = "FILE", description = "the same as --command-config")
    private String settingsFile;

    @Option(names = "--show-detailed-stats", description = "print a line for each interval, and none at the end")
    private boolean detailed;

    @Option(
            names = "--reporting-interval",
            paramLabel = "MS",
            defaultValue = "5000",
            description = "how long an interval is (default: 5000)")
    private long intervalMs;

    @Option(
            names = "--date-format",
            paramLabel = "FORMAT",
            defaultValue = "yyyy-MM-dd HH:mm:ss:SSS",
            description = "how times are printed, as Java's SimpleDateFormat has it (default: ${DEFAULT-VALUE})")
    private String dateFormat;

    @Option(names = "--hide-header", description = "print no names of columns")
    private boolean hideHeader;

    @Option(names = "--print-metrics", description = "print at the end what the consumer has counted")
    private boolean printMetrics;

    @Option(names = "--histogram", description = "print at the end how often it waited for records for how long")
    private boolean histogram;

    @Option(names = "--json", description = "print a JSON object at the end, and one for each interval of the details")
    private boolean json;

    /** Mean nothing any more, to Kafka's tool neither. */
    @Option(
            names = {"--threads", "--num-fetch-threads"},
            hidden = true)
    private Integer threads;

    /** Filled by picocli. */
    public ConsumerPerfTool() {}

    @Override
    public int run(Terminal terminal) {
        UsageException.when(
                (topic == null || topic.isEmpty()) == (include == null), "Give exactly one of --topic and --include");
        UsageException.when(wanted == null || wanted < 0, "Say how many --num-records: 0 or more");
        UsageException.when(intervalMs < 1, "The --reporting-interval must be at least 1 ms");
        Pattern pattern = include == null ? null : pattern();
        new ReadReport(terminal::line, dateFormat, json);
        Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        Interrupt interrupt = new Interrupt(consumer::wakeup, ENDED_WITHIN);
        try {
            try (consumer) {
                if (pattern == null) {
                    TopicLookup.partitions(consumer, topic, connection);
                }
                measure(terminal, consumer, pattern);
            } catch (WakeupException interrupted) {
                // It had not begun.
            }
            terminal.out().flush();
        } finally {
            interrupt.close();
        }
        return DONE;
    }

    private void measure(Terminal terminal, Consumer<byte[], byte[]> consumer, Pattern pattern) {
        ReadStatistics statistics = new ReadStatistics();
        try (Progress progress = new Progress(terminal, () -> statistics.progress(wanted))) {
            ReadReport report = new ReadReport(progress::result, dateFormat, json);
            if (!hideHeader) {
                report.header(detailed);
            }
            if (pattern == null) {
                consumer.subscribe(List.of(topic), statistics);
            } else {
                consumer.subscribe(pattern, statistics);
            }
            boolean timedOut = !read(consumer, statistics, report);
            Span all = statistics.all(System.currentTimeMillis());
            Map<String, Object> metrics = printMetrics ? ClientMetrics.of(consumer.metrics()) : null;
            if (json) {
                report.total(all, statistics.waits(), timedOut, metrics);
                return;
            }
            if (!detailed) {
                report.total(all);
            }
            if (metrics != null) {
                ClientMetrics.print(metrics, terminal::line);
            }
            progress.end();
            HistogramText.print(terminal, histogram, "Waits for records", statistics.waits());
        }
    }

    /** {@return whether it has read enough, or has been interrupted} */
    private boolean read(Consumer<byte[], byte[]> consumer, ReadStatistics statistics, ReadReport report) {
        long lastMs = System.currentTimeMillis();
        try {
            while (statistics.records() < wanted) {
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
                long nowMs = System.currentTimeMillis();
                if (!polled.isEmpty()) {
                    lastMs = nowMs;
                    statistics.read(polled);
                    Span interval = detailed ? statistics.interval(nowMs, intervalMs) : null;
                    if (interval != null) {
                        report.interval(interval, statistics.all(nowMs));
                    }
                } else if (nowMs - lastMs > timeoutMs) {
                    report.timedOut(timeoutMs);
                    return false;
                }
            }
        } catch (WakeupException interrupted) {
            // What has been read so far is told.
        }
        return true;
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = connection.ownSettings(settingsFile, KeyValues.of(properties));
        settings.putIfAbsent("client.id", "perf-consumer-client");
        settings.putIfAbsent("check.crcs", "false");
        merge(settings, "group.id", group, "perf-consumer-" + new SplittableRandom().nextInt(NAMES));
        merge(settings, "auto.offset.reset", fromLatest ? "latest" : null, "earliest");
        merge(settings, "max.partition.fetch.bytes", fetchBytes, 1 << 20);
        merge(settings, "receive.buffer.bytes", socketBytes, 2 << 20);
        return settings;
    }

    /** An option comes before a setting by its name, and that before what holds otherwise. */
    private static void merge(Map<String, Object> settings, String name, Object given, Object otherwise) {
        if (given != null) {
            settings.put(name, given.toString());
        } else {
            settings.putIfAbsent(name, otherwise.toString());
        }
    }

    private Pattern pattern() {
        try {
            return Pattern.compile(include);
        } catch (PatternSyntaxException wrong) {
            throw new UsageException("\"" + include + "\" is no regular expression: " + wrong.getDescription());
        }
    }
}
