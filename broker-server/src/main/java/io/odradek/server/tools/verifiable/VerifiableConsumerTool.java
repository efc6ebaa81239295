package io.odradek.server.tools.verifiable;

import io.odradek.server.tools.Connection;
import io.odradek.server.tools.Interrupt;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.TopicLookup;
import io.odradek.server.tools.UsageException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A member of a group that says what happens to it, in the words of Kafka's {@code kafka-verifiable-consumer}. */
@Command(
        description =
                "Reads a topic as a member of a group, and prints, as lines of JSON, which partitions it is given, what"
                        + " it reads and what it commits.",
        footer = {
            "  ${COMMAND-NAME} --topic orders --group-id checks --max-messages 1000",
            "  ${COMMAND-NAME} --topic orders --group-id checks --verbose --enable-autocommit"
        })
public final class VerifiableConsumerTool implements Tool {
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(5);

    @Mixin
    private Connection connection;

    @Option(names = "--topic", paramLabel = "TOPIC", description = "the topic to read")
    private String topic;

    @Option(names = "--group-id", paramLabel = "GROUP", description = "the group to be a member of")
    private String group;

    @Option(names = "--group-instance-id", paramLabel = "ID", description = "the name of a static member")
    private String instance;

    @Option(
            names = "--group-protocol",
            paramLabel = "PROTOCOL",
            defaultValue = "classic",
            description = "classic or consumer (default: classic)")
    private String protocol;

    @Option(
            names = "--group-remote-assignor",
            paramLabel = "NAME",
            description = "the broker's assignor; with --group-protocol consumer only")
    private String remoteAssignor;

    @Option(
            names = "--assignment-strategy",
            paramLabel = "CLASS",
            defaultValue = "org.apache.kafka.clients.consumer.RangeAssignor",
            description = "the assignor; with --group-protocol classic only (default: ${DEFAULT-VALUE})")
    private String assignor;

    @Option(
            names = "--max-messages",
            paramLabel = "N",
            defaultValue = "-1",
            description = "how many; -1 for as many until it is interrupted (default: -1)")
    private long maxRecords;

    @Option(
            names = "--session-timeout",
            paramLabel = "MS",
            defaultValue = "30000",
            description = "how long the group keeps a member that is silent (default: 30000)")
    private int sessionTimeoutMs;

    @Option(names = "--verbose", description = "print every record")
    private boolean verbose;

    @Option(names = "--enable-autocommit", description = "commit every few seconds, not after each answer")
    private boolean autoCommit;

    @Option(
            names = "--reset-policy",
            paramLabel = "POLICY",
            defaultValue = "earliest",
            description = "earliest, latest or none, where the group has no position (default: earliest)")
    private String resetPolicy;

    @Option(names = "--consumer.config", paramLabel = "FILE", description = "the same as --command-config")
    private String file;

    /** Filled by picocli. */
    public VerifiableConsumerTool() {}

    @Override
    public int run(Terminal terminal) {
        UsageException.when(topic == null || topic.isEmpty(), "Say which --topic");
        UsageException.when(group == null, "Say which --group-id");
        Events events = new Events(terminal);
        Consumer<String, String> consumer =
                new KafkaConsumer<>(settings(), new StringDeserializer(), new StringDeserializer());
        Interrupt interrupt = new Interrupt(consumer::wakeup, ENDED_WITHIN);
        try {
            try (consumer) {
                TopicLookup.partitions(consumer, topic, connection);
                events.print("startup_complete");
                new GroupMember(consumer, events, verbose, !autoCommit)
                        .read(topic, maxRecords < 0 ? Long.MAX_VALUE : maxRecords);
            } catch (WakeupException interrupted) {
                // Its end is told of in any case.
            }
            events.print("shutdown_complete");
        } finally {
            interrupt.close();
        }
        return DONE;
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = file == null ? connection.settings() : connection.settings(file);
        if (protocol.equalsIgnoreCase("consumer")) {
            settings.put("group.protocol", protocol);
            if (remoteAssignor != null) {
                settings.put("group.remote.assignor", remoteAssignor);
            }
        } else {
            settings.put("partition.assignment.strategy", assignor);
            settings.put("session.timeout.ms", Integer.toString(sessionTimeoutMs));
        }
        settings.put("group.id", group);
        if (instance != null) {
            settings.put("group.instance.id", instance);
        }
        settings.put("enable.auto.commit", Boolean.toString(autoCommit));
        settings.put("auto.offset.reset", resetPolicy);
        return settings;
    }
}
