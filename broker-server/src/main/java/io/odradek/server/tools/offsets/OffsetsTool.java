package io.odradek.server.tools.offsets;

import io.odradek.server.json.Json;
import io.odradek.server.tools.Answers;
import io.odradek.server.tools.Connection;
import io.odradek.server.tools.Failures;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.TopicPartitions;
import io.odradek.server.tools.Topics;
import io.odradek.server.tools.UsageException;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows offsets of partitions, the last ones or those of a time; speaks like Kafka's {@code kafka-get-offsets}. */
@Command(
        description =
                "Shows the offsets of partitions: behind the last record, of the first, or of the first not older than a"
                        + " time. Each line is TOPIC:PARTITION:OFFSET.",
        footer = {
            "  ${COMMAND-NAME} --topic orders",
            "  ${COMMAND-NAME} --topic 'orders.*' --partitions 0,1 --time earliest",
            "  ${COMMAND-NAME} --topic-partitions orders:0,returns:1-3 --time -1",
            "  ${COMMAND-NAME} --topic orders --time 1769850000000",
            "  ${COMMAND-NAME} --exclude-internal-topics --time max-timestamp --json"
        })
public final class OffsetsTool implements Tool {
    @Mixin
    private Connection connection;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description = "a regular expression that names of topics must match as a whole (default: all topics)")
    private String topic;

    @Option(names = "--partitions", paramLabel = "P,P...", description = "these partitions of each (default: all)")
    private String partitions;

    @Option(
            names = "--topic-partitions",
            paramLabel = "TOPIC[:P[-P]],...",
            description =
                    "topics, as above, with partitions of each: a number, 2-5 for 2 to 4, 2- and -5 for the rest and"
                            + " those before")
    private String topicPartitions;

    @Option(
            names = "--time",
            paramLabel = "TIME",
            defaultValue = "latest",
            description =
                    "-1 or latest, -2 or earliest, -3 or max-timestamp (of the newest record), -4 or earliest-local, -5 or"
                            + " latest-tiered, or milliseconds since 1970 for the first record not older (default: latest)")
    private String time;

    @Option(names = "--exclude-internal-topics", description = "leave out the topics that brokers keep for themselves")
    private boolean excludeInternal;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    /** Filled by picocli. */
    public OffsetsTool() {}

    @Override
    public int run(Terminal terminal) throws Exception {
        UsageException.when(
                topicPartitions != null && (topic != null || partitions != null),
                "--topic-partitions goes neither with --topic nor with --partitions");
        OffsetSpec spec = spec(time);
        PartitionPatterns patterns = topicPartitions != null
                ? PartitionPatterns.listed(topicPartitions)
                : PartitionPatterns.of(topic, partitions);
        try (Admin admin = connection.open()) {
            SortedSet<TopicPartition> found = partitions(admin, patterns);
            if (found.isEmpty()) {
                throw new ToolException("Could not match any topic-partitions with the specified filters");
            }
            Map<TopicPartition, OffsetSpec> asked = new TreeMap<>(TopicPartitions.IN_ORDER);
            found.forEach(each -> asked.put(each, spec));
            ListOffsetsResult answer = admin.listOffsets(asked);
            int status = DONE;
            for (TopicPartition each : found) {
                try {
                    print(terminal, each, Answers.of(answer.partitionResult(each)));
                } catch (ApiException untold) {
                    terminal.note("No offset of " + each + ": " + Failures.line(untold, connection));
                    status = FAILED;
                }
            }
            return status;
        }
    }

    private SortedSet<TopicPartition> partitions(Admin admin, PartitionPatterns patterns) throws Exception {
        ListTopicsOptions options = new ListTopicsOptions().listInternal(!excludeInternal);
        List<String> topics = Answers.of(admin.listTopics(options).names()).stream()
                .filter(patterns::mayMatch)
                .toList();
        SortedSet<TopicPartition> found = new TreeSet<>(TopicPartitions.IN_ORDER);
        Topics.described(admin, topics)
                .values()
                .forEach(each -> each.partitions().stream()
                        .map(partition -> new TopicPartition(each.name(), partition.partition()))
                        .filter(patterns::match)
                        .forEach(found::add));
        return found;
    }

    private void print(Terminal terminal, TopicPartition partition, ListOffsetsResult.ListOffsetsResultInfo offset) {
        boolean known = offset.offset() >= 0;
        if (json) {
            terminal.line(Json.text(Json.object(
                    "topic",
                    partition.topic(),
                    "partition",
                    partition.partition(),
                    "offset",
                    known ? offset.offset() : null,
                    "timestamp",
                    offset.timestamp() >= 0 ? offset.timestamp() : null)));
        } else if (known) {
            terminal.line(partition.topic() + ":" + partition.partition() + ":" + offset.offset());
        }
    }

    private static OffsetSpec spec(String time) {
        return switch (time) {
            case "latest", "-1" -> OffsetSpec.latest();
            case "earliest", "-2" -> OffsetSpec.earliest();
            case "max-timestamp", "-3" -> OffsetSpec.maxTimestamp();
            case "earliest-local", "-4" -> OffsetSpec.earliestLocal();
            case "latest-tiered", "-5" -> OffsetSpec.latestTiered();
            default -> {
                UsageException.when(
                        !time.matches("\\d{1,18}"),
                        "\"" + time
                                + "\" is no --time: give latest, earliest, max-timestamp, earliest-local, latest-tiered,"
                                + " -1 to -5 for them, or milliseconds since 1970");
                yield OffsetSpec.forTimestamp(Long.parseLong(time));
            }
        };
    }
}
