package io.odradek.server.tools.console;

import io.odradek.server.tools.Connection;
import io.odradek.server.tools.Interrupt;
import io.odradek.server.tools.KeyValues;
import io.odradek.server.tools.PropertiesFile;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.TopicLookup;
import io.odradek.server.tools.UsageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.MessageFormatter;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints records as they come; speaks like Kafka's {@code kafka-console-consumer}. */
@Command(
        description =
                "Prints the records of topics as they come, their bytes unchanged, until it is interrupted or has printed"
                        + " enough.",
        footer = {
            "  ${COMMAND-NAME} --topic orders --from-beginning",
            "  ${COMMAND-NAME} --topic orders --group billing --max-messages 10",
            "  ${COMMAND-NAME} --topic orders --partition 0 --offset 42 --property print.key=true --timeout-ms 5000",
            "  ${COMMAND-NAME} --include 'orders.*' --property print.partition=true --property print.offset=true",
            "  ${COMMAND-NAME} --topic __consumer_offsets --from-beginning --formatter offsets"
        })
public final class ConsumeTool implements Tool {
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(5);
    private static final long EARLIEST = -2;
    private static final long LATEST = -1;

    @Mixin
    private Connection connection;

    @Option(names = "--topic", paramLabel = "TOPIC", description = "the topic to read")
    private String topic;

    @Option(
            names = "--include",
            paramLabel = "TOPICS",
            description = "a regular expression: all topics whose names match as a whole, those that come later too")
    private String include;

    @Option(names = "--whitelist", hidden = true)
    private String whitelist;

    @Option(names = "--partition", paramLabel = "P", description = "read this partition only, without a group")
    private Integer partition;

    @Option(
            names = "--offset",
            paramLabel = "OFFSET",
            description = "where to begin in it: an offset, earliest or latest (default: latest)")
    private String offset;

    @Mixin
    private ConsumerOptions options;

    @Option(names = "--max-messages", paramLabel = "N", description = "end after so many records (default: never)")
    private Long maxRecords;

    @Option(names = "--timeout-ms", paramLabel = "MS", description = "end when none has come for so long")
    private Long timeoutMs;

    @Option(
            names = {"--formatter-property", "--property"},
            paramLabel = "KEY=VALUE",
            description = {
                "what is printed of a record; may be given again:",
                "  print.timestamp=true   print.partition=true   print.offset=true   print.epoch=true",
                "  print.headers=true     print.key=true         print.value=false",
                "  key.separator=:        between all of these (default: tab)",
                "  headers.separator=;    between headers (default: comma)",
                "  line.separator=|       behind each record (default: the end of a line)",
                "  null.literal=NULL      for what is null (default: null)",
                "  key.deserializer, value.deserializer, headers.deserializer=CLASS, and with their names before"
                        + " them their settings"
            })
    private List<String> formatterProperties = new ArrayList<>();

    @Option(names = "--formatter-config", paramLabel = "FILE", description = "the same from a file, as KEY=VALUE")
    private String formatterFile;

    @Option(
            names = "--formatter",
            paramLabel = "NAME",
            defaultValue = "default",
            description = "offsets or groups for __consumer_offsets, transactions for __transaction_state, a name of"
                    + " Kafka's for one of its formatters, or a class of your own")
    private String formatter;

    @Option(names = "--key-deserializer", paramLabel = "CLASS", description = "what makes text of a key")
    private String keyDeserializer;

    @Option(names = "--value-deserializer", paramLabel = "CLASS", description = "what makes text of a value")
    private String valueDeserializer;

    @Option(names = "--skip-message-on-error", description = "go on where a record cannot be printed")
    private boolean skipsErrors;

    @Option(names = "--enable-systest-events", description = "print \"shutdown_complete\" at the end")
    private boolean systestEvents;

    /** Filled by picocli. */
    public ConsumeTool() {}

    @Override
    public int run(Terminal terminal) {
        String topics = include != null ? include : whitelist;
        check(topics);
        Pattern pattern = topics == null ? null : pattern(topics);
        long start = start();
        MessageFormatter records = Formatters.named(formatter, formatterSettings());
        Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                options.settings(connection, partition != null),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        Interrupt interrupt = new Interrupt(consumer::wakeup, ENDED_WITHIN);
        try {
            RecordPrinter printer = new RecordPrinter(consumer, records, terminal, skipsErrors);
            try (records;
                    consumer) {
                begin(consumer, pattern, start);
                printer.print(
                        maxRecords == null || maxRecords < 0 ? Long.MAX_VALUE : maxRecords,
                        timeoutMs == null || timeoutMs < 0 ? Long.MAX_VALUE : timeoutMs);
                printer.leaveRest();
            } catch (WakeupException interrupted) {
                // It had not begun.
            }
            end(terminal, printer);
        } finally {
            interrupt.close();
        }
        return DONE;
    }

    private void end(Terminal terminal, RecordPrinter printer) {
        if (systestEvents) {
            terminal.line("shutdown_complete");
        }
        terminal.out().flush();
        if (printer.isRead()) {
            terminal.err().println("Processed a total of " + printer.printed() + " messages");
        }
    }

    private void begin(Consumer<byte[], byte[]> consumer, Pattern pattern, long start) {
        if (pattern != null) {
            consumer.subscribe(pattern);
            return;
        }
        List<PartitionInfo> partitions = TopicLookup.partitions(consumer, topic, connection);
        if (partition == null) {
            consumer.subscribe(List.of(topic));
            return;
        }
        if (partition < 0 || partition >= partitions.size()) {
            throw new ToolException("The topic \"" + topic + "\" has no partition " + partition + ", but 0 to "
                    + (partitions.size() - 1));
        }
        List<TopicPartition> assigned = List.of(new TopicPartition(topic, partition));
        consumer.assign(assigned);
        if (start == EARLIEST) {
            consumer.seekToBeginning(assigned);
        } else if (start == LATEST) {
            consumer.seekToEnd(assigned);
        } else {
            consumer.seek(assigned.get(0), start);
        }
    }

    private Map<String, String> formatterSettings() {
        Map<String, String> settings = new LinkedHashMap<>();
        if (formatterFile != null) {
            settings.putAll(PropertiesFile.read(formatterFile));
        }
        if (keyDeserializer != null && !keyDeserializer.isEmpty()) {
            settings.put("key.deserializer", keyDeserializer);
        }
        if (valueDeserializer != null && !valueDeserializer.isEmpty()) {
            settings.put("value.deserializer", valueDeserializer);
        }
        settings.putAll(KeyValues.of(formatterProperties));
        return settings;
    }

    private void check(String topics) {
        UsageException.when((topic == null) == (topics == null), "Exactly one of --include/--topic is required");
        UsageException.when(topic != null && topic.isEmpty(), "Say which --topic");
        UsageException.when(partition != null && topic == null, "The topic is required when partition is specified");
        UsageException.when(partition == null && offset != null, "The partition is required when offset is specified");
        UsageException.when(
                options.fromBeginning() && offset != null,
                "Options from-beginning and offset cannot be specified together");
    }

    private long start() {
        if (offset == null) {
            return options.fromBeginning() ? EARLIEST : LATEST;
        }
        return switch (offset.toLowerCase(Locale.ROOT)) {
            case "earliest" -> EARLIEST;
            case "latest" -> LATEST;
            default -> {
                UsageException.when(
                        !offset.matches("\\d{1,18}"),
                        "The provided offset value '" + offset
                                + "' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long");
                yield Long.parseLong(offset);
            }
        };
    }

    private static Pattern pattern(String topics) {
        try {
            return Pattern.compile(topics);
        } catch (PatternSyntaxException wrong) {
            throw new UsageException("\"" + topics + "\" is no regular expression: " + wrong.getDescription());
        }
    }
}
