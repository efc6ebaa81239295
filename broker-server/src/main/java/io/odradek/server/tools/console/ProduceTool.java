package io.odradek.server.tools.console;

import io.odradek.server.tools.Connection;
import io.odradek.server.tools.Interrupt;
import io.odradek.server.tools.KeyValues;
import io.odradek.server.tools.PropertiesFile;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.TopicLookup;
import io.odradek.server.tools.UsageException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends lines as records; speaks like Kafka's {@code kafka-console-producer}. */
@Command(
        description =
                "Sends each line of standard input to a topic as a record, its bytes unchanged. The end of the input ends"
                        + " it when all is sent.",
        footer = {
            "  ${COMMAND-NAME} --topic orders",
            "  ${COMMAND-NAME} --topic orders --property parse.key=true --property key.separator=: < orders.txt",
            "  ${COMMAND-NAME} --topic orders --property parse.headers=true --property null.marker=NULL",
            "  ${COMMAND-NAME} --topic orders --compression-codec zstd --producer-property acks=1"
        })
public final class ProduceTool implements Tool {
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(10);
    private static final int DEFAULT_MAX_REQUEST_BYTES = 1 << 20;

    @Mixin
    private Connection connection;

    @Mixin
    private ProducerOptions options;

    @Option(names = "--topic", paramLabel = "TOPIC", description = "the topic to send to")
    private String topic;

    @Option(names = "--sync", description = "wait for the answer to each record before the next is read")
    private boolean sync;

    @Option(
            names = {"--reader-property", "--property"},
            paramLabel = "KEY=VALUE",
            description = {
                "how a line is read; may be given again. By default all of it is the value:",
                "  parse.key=true            the key stands before the value",
                "  key.separator=:           and this between them (default: tab)",
                "  parse.headers=true        headers stand before the key, as NAME:VALUE,NAME:VALUE",
                "  headers.delimiter=|       and this behind the last one (default: tab)",
                "  headers.separator=;       this is between headers (default: comma)",
                "  headers.key.separator==   this is between name and value (default: colon)",
                "  null.marker=NULL          a key, value or value of a header that is this is null",
                "  ignore.error=true         a line without a separator is taken for a value"
            })
    private List<String> readerProperties = new ArrayList<>();

    @Option(names = "--reader-config", paramLabel = "FILE", description = "the same from a file, as KEY=VALUE")
    private String readerFile;

    @Option(names = "--line-reader", paramLabel = "CLASS", hidden = true)
    private String lineReader;

    /** Filled by picocli. */
    public ProduceTool() {}

    @Override
    public int run(Terminal terminal) throws Exception {
        UsageException.when(topic == null || topic.isEmpty(), "Say which --topic");
        Set<String> ownReaders =
                Set.of("kafka.tools.ConsoleProducer$LineMessageReader", "org.apache.kafka.tools.LineMessageReader");
        UsageException.when(
                lineReader != null && !ownReaders.contains(lineReader),
                "Lines are read by this tool only, not by " + lineReader
                        + ": leave out --line-reader, and say by --reader-property what is in a line");
        Map<String, String> properties = new LinkedHashMap<>();
        if (readerFile != null) {
            properties.putAll(PropertiesFile.read(readerFile));
        }
        properties.putAll(KeyValues.of(readerProperties));
        LineParser parser = new LineParser(topic, properties);
        Map<String, Object> settings = options.settings(connection);
        Producer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        Interrupt interrupt = new Interrupt(() -> producer.close(ENDED_WITHIN), Duration.ZERO);
        try (producer) {
            RecordSender sender = new RecordSender(producer, connection, terminal, sync);
            int maxLineBytes = Integer.parseInt(settings.getOrDefault("max.request.size", DEFAULT_MAX_REQUEST_BYTES)
                    .toString());
            send(producer, new Lines(terminal.in(), maxLineBytes), parser, sender, terminal);
            producer.flush();
            return sender.isClean() ? DONE : FAILED;
        } finally {
            interrupt.close();
        }
    }

    private void send(
            Producer<byte[], byte[]> producer, Lines lines, LineParser parser, RecordSender sender, Terminal terminal)
            throws IOException, InterruptedException, ExecutionException {
        boolean prompts = terminal.isTyped();
        boolean found = false;
        boolean goOn = true;
        while (goOn) {
            if (prompts) {
                terminal.out().print('>');
                terminal.out().flush();
            }
            Line line = lines.next();
            if (line == null) {
                return;
            }
            if (line.bytes() == null) {
                sender.fail(
                        line.number(),
                        "it has " + line.sizeBytes() + " bytes, which is more than the producer's max.request.size");
                continue;
            }
            if (!found) {
                TopicLookup.find(
                        producer,
                        topic,
                        connection,
                        options.saysMaxBlock() ? Duration.ofDays(1) : TopicLookup.PATIENCE);
                found = true;
            }
            goOn = sender.send(line, parser.parse(line));
        }
    }
}
