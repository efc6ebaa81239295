package io.odradek.server.tools.reassignment;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.server.env.PlainRandoms;
import io.odradek.server.tools.ActionOptions;
import io.odradek.server.tools.Brokers;
import io.odradek.server.tools.Connection;
import io.odradek.server.tools.JsonFile;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.UsageException;
import java.util.HashSet;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Moves replicas to other brokers and log folders; speaks like Kafka's {@code kafka-reassign-partitions}. */
@Command(
        description = {
            "Moves replicas to other brokers and log folders, while they are written and read: --generate proposes where to,",
            "--execute begins, --verify tells how far it is and takes away the throttle at the end, --cancel takes it back."
        },
        footer = {
            "  echo '{\"topics\":[{\"topic\":\"orders\"}],\"version\":1}' > topics.json",
            "  ${COMMAND-NAME} --generate --topics-to-move-json-file topics.json --broker-list 0",
            "  echo '{\"version\":1,\"partitions\":[{\"topic\":\"orders\",\"partition\":0,\"replicas\":[0]}]}' > move.json",
            "  ${COMMAND-NAME} --execute --reassignment-json-file move.json --throttle 5000000",
            "  ${COMMAND-NAME} --bootstrap-server localhost:9092 --list",
            "  ${COMMAND-NAME} --verify --reassignment-json-file move.json",
            "  ${COMMAND-NAME} --cancel --reassignment-json-file move.json",
            "In such a file \"log_dirs\":[\"any\"] beside \"replicas\" may name the log folder of each replica, too."
        })
public final class ReassignPartitionsTool implements Tool {
    private static final long TIMEOUT_MS = 10_000;

    @Option(names = "--generate", description = "propose where the replicas of topics could be")
    private boolean generate;

    @Option(names = "--execute", description = "begin to move replicas, and show what undoes that")
    private boolean execute;

    @Option(names = "--verify", description = "show how far moves are; if none is under way, clear throttles")
    private boolean verify;

    @Option(names = "--cancel", description = "have replicas be again where they were")
    private boolean cancel;

    @Option(names = "--list", description = "show all moves that are under way")
    private boolean list;

    @Mixin
    private Connection connection;

    @Option(
            names = "--reassignment-json-file",
            paramLabel = "FILE",
            description = "execute, verify, cancel: where replicas are to be, as in the example")
    private String file;

    @Option(
            names = "--topics-to-move-json-file",
            paramLabel = "FILE",
            description =
                    "generate: the topics, as in the example; the ids of the brokers are the --broker-list (0,1,2)")
    private String topicsFile;

    @Option(names = "--disable-rack-aware", description = "generate: do not spread replicas over racks")
    private boolean withoutRacks;

    @Option(
            names = "--throttle",
            paramLabel = "BYTES",
            description = "execute: copy between brokers at most so many bytes a second")
    private long bytesPerSecond = -1;

    @Option(
            names = "--replica-alter-log-dirs-throttle",
            paramLabel = "BYTES",
            description = "execute: copy between log folders of a broker at most so many bytes a second")
    private long folderBytesPerSecond = -1;

    @Option(
            names = "--additional",
            description = "execute: though other moves are under way; sets a throttle anew, too")
    private boolean additional;

    @Option(
            names = "--disallow-replication-factor-change",
            description =
                    "execute: refuse to change how many replicas a partition has (brokers of Kafka 4.1 on know it)")
    private boolean sameFactor;

    @Option(names = "--preserve-throttles", description = "verify, cancel: leave throttles as they are")
    private boolean keepThrottles;

    @Option(
            names = "--timeout",
            paramLabel = "MS",
            description = "execute, cancel: wait so long for moves between log folders to begin (default: " + TIMEOUT_MS
                    + ")")
    private long timeoutMs = TIMEOUT_MS;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** Filled by picocli. */
    public ReassignPartitionsTool() {}

    @Override
    public int run(Terminal terminal) throws Exception {
        String brokerList = connection.brokerIds();
        Action action = action();
        ActionOptions.check(spec, action.typed(), action.options(), Action.allOptions());
        UsageException.when(
                action != Action.GENERATE && action != Action.LIST && file == null, "Give --reassignment-json-file");
        Report report = new Report(terminal, json);
        return switch (action) {
            case GENERATE -> generate(brokerList, report);
            case EXECUTE -> {
                Reassignment wanted = Reassignment.read(file);
                Execution.How how =
                        new Execution.How(additional, sameFactor, bytesPerSecond, folderBytesPerSecond, timeoutMs);
                try (Admin admin = connection.open()) {
                    yield new Execution(admin, report).begin(wanted, how);
                }
            }
            case VERIFY -> {
                Reassignment wanted = Reassignment.read(file);
                try (Admin admin = connection.open()) {
                    new Verification(admin, report).print(wanted, keepThrottles);
                }
                yield DONE;
            }
            case CANCEL -> {
                Reassignment moves = Reassignment.read(file);
                try (Admin admin = connection.open()) {
                    yield new Cancellation(admin, report).cancel(moves, keepThrottles, timeoutMs);
                }
            }
            case LIST -> {
                try (Admin admin = connection.open()) {
                    new Verification(admin, report).list();
                }
                yield DONE;
            }
        };
    }

    private Action action() {
        UsageException.unlessOne(
                "--generate, --execute, --verify, --cancel and --list", generate, execute, verify, cancel, list);
        return generate
                ? Action.GENERATE
                : execute ? Action.EXECUTE : verify ? Action.VERIFY : cancel ? Action.CANCEL : Action.LIST;
    }

    private int generate(String brokerList, Report report) throws Exception {
        UsageException.when(topicsFile == null, "Say which topics, with --topics-to-move-json-file");
        UsageException.when(brokerList == null, "Say which brokers may have the replicas, with --broker-list 0,1,2");
        List<Integer> brokers = Brokers.listed("--broker-list", brokerList);
        UsageException.when(new HashSet<>(brokers).size() < brokers.size(), "--broker-list names a broker twice");
        List<String> topics = JsonFile.read(topicsFile, ReassignPartitionsTool::topics);
        try (Admin admin = connection.open()) {
            new Proposal(new Replicas(admin), new PlainRandoms())
                    .print(topics, brokers, Brokers.known(admin), !withoutRacks, report);
        }
        return DONE;
    }

    private static List<String> topics(JsonObject object) {
        List<String> topics = object.objectsAt("topics").stream()
                .map(each -> each.stringAt("topic"))
                .toList();
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("it names no topics");
        }
        if (new HashSet<>(topics).size() < topics.size()) {
            throw new IllegalArgumentException("it names a topic twice");
        }
        return topics;
    }
}
