package io.odradek.server.tools.cluster;

import io.odradek.server.json.Json;
import io.odradek.server.tools.Answers;
import io.odradek.server.tools.Brokers;
import io.odradek.server.tools.Connection;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.TopicPartitions;
import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what is in the log folders of brokers; speaks like Kafka's {@code kafka-log-dirs}. */
@Command(
        description = {
            "Shows the log folders of brokers, and how large each replica in them is, as JSON.",
            "Of all brokers, or of those whose ids --broker-list names (0,1,2)."
        },
        footer = {"  ${COMMAND-NAME} --describe", "  ${COMMAND-NAME} --describe --topic-list orders,returns --json"})
public final class LogDirsTool implements Tool {
    @Mixin
    private Connection connection;

    @Option(names = "--describe", description = "show them")
    private boolean describe;

    @Option(names = "--topic-list", paramLabel = "TOPIC,...", description = "these topics only")
    private String topics;

    @Option(names = "--json", description = "the JSON only, without the lines before it")
    private boolean json;

    /** Filled by picocli. */
    public LogDirsTool() {}

    @Override
    public int run(Terminal terminal) throws Exception {
        String ids = connection.brokerIds();
        UsageException.when(!describe, "Give --describe");
        Set<String> wanted = new HashSet<>(Arrays.asList(topics == null ? new String[0] : topics.split(",", -1)));
        wanted.remove("");
        Collection<Integer> asked = new TreeSet<>(ids == null ? List.of() : Brokers.listed("--broker-list", ids));
        try (Admin admin = connection.open()) {
            Collection<Integer> known = Brokers.known(admin).keySet();
            Collection<Integer> brokers = asked.isEmpty() ? known : asked;
            Brokers.require(brokers, known);
            if (!json) {
                terminal.line("Querying brokers for log directories information");
            }
            Map<Integer, Map<String, LogDirDescription>> folders =
                    new TreeMap<>(Answers.of(admin.describeLogDirs(brokers).allDescriptions()));
            if (!json) {
                terminal.line("Received log directory information from brokers " + Brokers.text(brokers));
            }
            List<Object> all = new ArrayList<>();
            folders.forEach((broker, its) -> all.add(Json.object("broker", broker, "logDirs", folders(its, wanted))));
            terminal.line(Json.text(Json.object("brokers", all, "version", 1)));
            return DONE;
        }
    }

    private static List<Object> folders(Map<String, LogDirDescription> folders, Set<String> wanted) {
        List<Object> all = new ArrayList<>();
        new TreeMap<>(folders).forEach((folder, description) -> {
            List<Object> replicas = new ArrayList<>();
            Map<TopicPartition, ReplicaInfo> ordered = new TreeMap<>(TopicPartitions.IN_ORDER);
            ordered.putAll(description.replicaInfos());
            ordered.forEach((partition, replica) -> {
                if (wanted.isEmpty() || wanted.contains(partition.topic())) {
                    replicas.add(Json.object(
                            "partition",
                            partition.toString(),
                            "size",
                            replica.size(),
                            "offsetLag",
                            replica.offsetLag(),
                            "isFuture",
                            replica.isFuture()));
                }
            });
            Object error = description.error() == null
                    ? null
                    : description.error().getClass().getName();
            all.add(Json.object("partitions", replicas, "error", error, "logDir", folder));
        });
        return all;
    }
}
