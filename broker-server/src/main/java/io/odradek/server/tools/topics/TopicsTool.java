package io.odradek.server.tools.topics;

import io.odradek.server.tools.Connection;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Creates, lists, describes, changes and deletes topics; speaks like Kafka's {@code kafka-topics}. */
@Command(
        description = "Creates, lists, describes, changes and deletes topics.",
        footer = {
            "  ${COMMAND-NAME} --create --topic orders --partitions 3 --config retention.ms=3600000",
            "  ${COMMAND-NAME} --list --exclude-internal",
            "  ${COMMAND-NAME} --describe --topic 'orders.*'",
            "  ${COMMAND-NAME} --describe --under-replicated-partitions",
            "  ${COMMAND-NAME} --alter --topic orders --partitions 6",
            "  ${COMMAND-NAME} --delete --topic orders --if-exists",
            "  ${COMMAND-NAME} --bootstrap-server localhost:9092 --describe --json"
        })
public final class TopicsTool implements Tool {
    @Option(names = "--create", description = "create a topic")
    private boolean create;

    @Option(names = "--list", description = "list the names of topics")
    private boolean list;

    @Option(names = "--describe", description = "show partitions, replicas and settings of topics")
    private boolean describe;

    @Option(names = "--alter", description = "give topics more partitions")
    private boolean alter;

    @Option(names = "--delete", description = "delete topics with all that is in them")
    private boolean delete;

    @Mixin
    private Connection connection;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description = "the topic; but to create one, a regular expression that names must match as a whole")
    private String topic;

    @Option(names = "--topic-id", paramLabel = "ID", description = "the topic to describe, by its id")
    private String topicId;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "how many partitions it is to have (default: as the broker has it)")
    private Integer partitions;

    @Option(
            names = "--replication-factor",
            paramLabel = "N",
            description = "how many replicas each partition is to have (default: as the broker has it)")
    private Integer replicationFactor;

    @Option(
            names = "--replica-assignment",
            paramLabel = "B:B,B:B,...",
            description =
                    "the brokers of each partition in turn, the preferred leader first; for --alter those there are, too")
    private String replicaAssignment;

    @Option(
            names = "--config",
            paramLabel = "KEY=VALUE",
            description = "a setting of the topic to be created; may be given again")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--delete-config", hidden = true)
    private List<String> deletedSettings;

    @Option(names = "--if-not-exists", description = "create it only if it is not there, which is no failure then")
    private boolean ifNotExists;

    @Option(names = "--if-exists", description = "a topic that is not there is no failure")
    private boolean ifExists;

    @Option(names = "--exclude-internal", description = "leave out the topics that brokers keep for themselves")
    private boolean excludeInternal;

    @Option(
            names = "--under-replicated-partitions",
            description = "describe partitions that lack replicas in sync only")
    private boolean underReplicated;

    @Option(names = "--unavailable-partitions", description = "describe partitions without a leader only")
    private boolean unavailable;

    @Option(
            names = "--under-min-isr-partitions",
            description = "describe partitions with fewer replicas in sync than min.insync.replicas only")
    private boolean underMinIsr;

    @Option(
            names = "--at-min-isr-partitions",
            description = "describe partitions with as many replicas in sync as min.insync.replicas only")
    private boolean atMinIsr;

    @Option(names = "--topics-with-overrides", description = "describe the settings of topics that have some only")
    private boolean withOverrides;

    @Option(
            names = "--partition-size-limit-per-response",
            paramLabel = "N",
            description = "describe so many partitions in one answer of the broker at most")
    private Integer partitionsPerAnswer;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    /** Filled by picocli. */
    public TopicsTool() {}

    @Override
    public int run(Terminal terminal) throws Exception {
        check();
        try (Admin admin = connection.open()) {
            TopicNames names = new TopicNames(admin, topic, excludeInternal);
            if (create) {
                new TopicCreation(admin, terminal)
                        .create(topic, partitions, replicationFactor, replicaAssignment, settings, ifNotExists);
            } else if (list) {
                new TopicListing(terminal, json).print(names.found());
            } else if (describe) {
                new TopicDescriber(admin, filter(), limit()).print(names, topicId, ifExists, report(terminal));
            } else if (alter) {
                new TopicGrowth(admin).grow(names.required(ifExists), partitions, replicaAssignment);
            } else {
                new TopicDeletion(admin).delete(names.required(ifExists));
            }
        }
        return DONE;
    }

    private int limit() {
        return partitionsPerAnswer == null ? TopicDescriber.PARTITIONS_PER_ANSWER : partitionsPerAnswer;
    }

    private PartitionFilter filter() {
        return new PartitionFilter(underReplicated, unavailable, underMinIsr, atMinIsr, withOverrides);
    }

    private TopicReport report(Terminal terminal) {
        return json ? new JsonTopicReport(terminal) : new TextTopicReport(terminal);
    }

    private void check() {
        UsageException.unlessOne(
                "--create, --list, --describe, --alter and --delete", create, list, describe, alter, delete);
        UsageException.when((create || alter || delete) && topic == null, "Say which --topic");
        UsageException.when(topicId != null && !describe, "--topic-id goes with --describe");
        UsageException.when(topicId != null && topic != null, "Give --topic or --topic-id, not both");
        UsageException.when(
                !settings.isEmpty() && !create,
                "--config goes with --create; the settings of a topic that is there are for broker-configs.sh --alter");
        UsageException.when(
                deletedSettings != null,
                "The settings of a topic are for broker-configs.sh --alter --delete-config, not for this tool");
        UsageException.when(ifNotExists && !create, "--if-not-exists goes with --create");
        UsageException.when(
                ifExists && !(alter || delete || describe), "--if-exists goes with --alter, --delete and --describe");
        UsageException.when(replicationFactor != null && !create, "--replication-factor goes with --create");
        UsageException.when(partitions != null && !(create || alter), "--partitions goes with --create and --alter");
        UsageException.when(
                replicaAssignment != null && !(create || alter), "--replica-assignment goes with --create and --alter");
        UsageException.when(
                create && replicaAssignment != null && (partitions != null || replicationFactor != null),
                "--replica-assignment says how many partitions and replicas there are: leave out --partitions and"
                        + " --replication-factor");
        UsageException.when(alter && partitions == null, "Say how many --partitions it is to have");
        UsageException.when(
                excludeInternal && !(list || describe), "--exclude-internal goes with --list and --describe");
        UsageException.when(
                (underReplicated || unavailable || underMinIsr || atMinIsr || withOverrides) && !describe,
                "What to show only goes with --describe");
        UsageException.when(
                partitionsPerAnswer != null && partitionsPerAnswer < 1,
                "--partition-size-limit-per-response must be at least 1");
    }
}
