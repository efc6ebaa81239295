package io.odradek.server.tools.cluster;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.server.json.Json;
import io.odradek.server.tools.Answers;
import io.odradek.server.tools.Connection;
import io.odradek.server.tools.Failures;
import io.odradek.server.tools.JsonFile;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.TopicPartitions;
import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has leaders elected; speaks like Kafka's {@code kafka-leader-election}. */
@Command(
        description = {
            "Has leaders elected: the first replica of each partition (preferred), or, for partitions that have none,",
            "any replica that is there (unclean), which may lose records."
        },
        footer = {
            "  ${COMMAND-NAME} --election-type preferred --all-topic-partitions",
            "  ${COMMAND-NAME} --election-type preferred --topic orders --partition 0",
            "  echo '{\"partitions\":[{\"topic\":\"orders\",\"partition\":1}]}' > elect.json",
            "  ${COMMAND-NAME} --election-type preferred --path-to-json-file elect.json"
        })
public final class LeaderElectionTool implements Tool {
    @Mixin
    private Connection connection;

    /** What Kafka 3.9 calls {@code --command-config} here. */
    @Option(names = "--admin.config", hidden = true)
    private String settingsFile;

    @Option(names = "--election-type", paramLabel = "TYPE", description = "preferred or unclean")
    private String type;

    @Option(names = "--topic", paramLabel = "TOPIC", description = "one topic, with --partition")
    private String topic;

    @Option(names = "--partition", paramLabel = "NUMBER", description = "of the --topic")
    private Integer partition;

    @Option(names = "--all-topic-partitions", description = "all partitions that need it")
    private boolean all;

    @Option(names = "--path-to-json-file", paramLabel = "FILE", description = "those in a file, as in the example")
    private String file;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    /** Filled by picocli. */
    public LeaderElectionTool() {}

    @Override
    public int run(Terminal terminal) throws Exception {
        ElectionType election = election();
        UsageException.unlessOne(
                "--topic, --all-topic-partitions and --path-to-json-file", topic != null, all, file != null);
        UsageException.when((topic == null) != (partition == null), "--topic and --partition go together");
        UsageException.when(partition != null && partition < 0, "--partition is a number from 0 on");
        Set<TopicPartition> wanted = all ? null : file == null ? Set.of(new TopicPartition(topic, partition)) : read();
        Map<TopicPartition, Optional<Throwable>> done = new TreeMap<>(TopicPartitions.IN_ORDER);
        Map<String, Object> settings = settingsFile == null ? connection.settings() : connection.settings(settingsFile);
        try (Admin admin = Admin.create(settings)) {
            done.putAll(Answers.of(admin.electLeaders(election, wanted).partitions()));
        }
        return json ? printJson(terminal, done) : print(terminal, election, done);
    }

    private ElectionType election() {
        UsageException.when(type == null, "Give --election-type: preferred or unclean");
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "preferred" -> ElectionType.PREFERRED;
            case "unclean" -> ElectionType.UNCLEAN;
            default -> throw new UsageException("\"" + type + "\" is no --election-type: give preferred or unclean");
        };
    }

    private int print(Terminal terminal, ElectionType election, Map<TopicPartition, Optional<Throwable>> done) {
        List<TopicPartition> elected = new ArrayList<>();
        List<TopicPartition> needless = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        done.forEach((each, failure) -> {
            if (failure.isEmpty()) {
                elected.add(each);
            } else if (failure.get() instanceof ElectionNotNeededException) {
                needless.add(each);
            } else {
                failed.add("Error completing leader election (" + election + ") for partition: " + each + ": "
                        + Failures.line(failure.get(), connection));
            }
        });
        if (!elected.isEmpty()) {
            terminal.line("Successfully completed leader election (" + election + ") for partitions " + list(elected));
        }
        if (!needless.isEmpty()) {
            terminal.line("Valid replica already elected for partitions " + list(needless));
        }
        terminal.out().flush();
        failed.forEach(terminal.err()::println);
        return failed.isEmpty() ? DONE : FAILED;
    }

    private int printJson(Terminal terminal, Map<TopicPartition, Optional<Throwable>> done) {
        int status = DONE;
        for (Map.Entry<TopicPartition, Optional<Throwable>> each : done.entrySet()) {
            boolean needless = each.getValue()
                    .filter(ElectionNotNeededException.class::isInstance)
                    .isPresent();
            String error = needless
                    ? null
                    : each.getValue()
                            .map(failure -> Failures.line(failure, connection))
                            .orElse(null);
            terminal.line(Json.text(Json.object(
                    "topic",
                    each.getKey().topic(),
                    "partition",
                    each.getKey().partition(),
                    "elected",
                    each.getValue().isEmpty(),
                    "error",
                    error)));
            status = error == null ? status : FAILED;
        }
        return status;
    }

    private static String list(List<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::toString).collect(Collectors.joining(", "));
    }

    private Set<TopicPartition> read() {
        return JsonFile.read(file, object -> {
            Set<TopicPartition> wanted = new TreeSet<>(TopicPartitions.IN_ORDER);
            for (JsonObject each : object.objectsAt("partitions")) {
                TopicPartition named = new TopicPartition(each.stringAt("topic"), each.intAt("partition"));
                if (!wanted.add(named)) {
                    throw new ToolException(file + " names partition " + named + " twice");
                }
            }
            if (wanted.isEmpty()) {
                throw new ToolException(file + " names no partitions");
            }
            return wanted;
        });
    }
}
