package io.odradek.server.tools.groups;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.odradek.server.tools.Connection;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists, describes, resets and deletes consumer groups; speaks like Kafka's {@code kafka-consumer-groups}. */
@Command(
        description = "Lists and describes consumer groups, sets where they go on, and deletes them.",
        footer = {
            "  ${COMMAND-NAME} --list --state stable,empty",
            "  ${COMMAND-NAME} --describe --group billing",
            "  ${COMMAND-NAME} --describe --all-groups --members --verbose",
            "  ${COMMAND-NAME} --reset-offsets --group billing --topic orders --to-earliest --dry-run",
            "  ${COMMAND-NAME} --reset-offsets --group billing --topic orders:0,1 --to-offset 10 --execute",
            "  ${COMMAND-NAME} --reset-offsets --group billing --all-topics --to-datetime 2026-01-31T09:00:00.000 --execute",
            "  ${COMMAND-NAME} --reset-offsets --group billing --all-topics --to-current --export > billing.csv",
            "  ${COMMAND-NAME} --reset-offsets --group billing --from-file billing.csv --execute",
            "  ${COMMAND-NAME} --delete-offsets --group billing --topic orders",
            "  ${COMMAND-NAME} --delete --group billing"
        })
public final class GroupsTool implements Tool {
    private static final String ANY = "";

    @Option(names = "--list", description = "list groups")
    private boolean list;

    @Option(names = "--describe", description = "show positions and lag of groups, or what is said further on")
    private boolean describe;

    @Option(names = "--reset-offsets", description = "set the positions of a group without members")
    private boolean resetOffsets;

    @Option(names = "--delete-offsets", description = "forget the positions of a group in topics")
    private boolean deleteOffsets;

    @Option(names = "--delete", description = "delete groups without members, with their positions")
    private boolean delete;

    @Option(
            names = "--validate-regex",
            paramLabel = "REGEX",
            description = "say whether consumers can subscribe with a regular expression, which is RE2's")
    private String regex;

    @Mixin
    private Connection connection;

    @Option(names = "--group", paramLabel = "GROUP", description = "the group; may be given again")
    private List<String> groups = new ArrayList<>();

    @Option(names = "--all-groups", description = "all groups")
    private boolean allGroups;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC[:P,P...]",
            description = "a topic, or some of its partitions; may be given again")
    private List<String> topics = new ArrayList<>();

    @Option(names = "--all-topics", description = "all topics in which the group has positions")
    private boolean allTopics;

    @Option(names = "--offsets", description = "describe positions and lag, as without saying so")
    private boolean offsets;

    @Option(names = "--members", description = "describe members")
    private boolean members;

    @Option(
            names = "--state",
            arity = "0..1",
            fallbackValue = ANY,
            paramLabel = "STATE,...",
            description = "describe states; with --list: show them, or groups in these states only")
    private String state;

    @Option(
            names = "--type",
            arity = "0..1",
            fallbackValue = ANY,
            paramLabel = "TYPE,...",
            description = "with --list: show the types of groups, or groups of these types only")
    private String type;

    @Option(names = "--verbose", description = "show what each member reads, too")
    private boolean verbose;

    @Mixin
    private ResetOptions reset;

    @Option(names = "--timeout", paramLabel = "MS", description = "wait for an answer no longer than this")
    private Integer timeoutMs;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    /** Filled by picocli. */
    public GroupsTool() {}

    @Override
    public int run(Terminal terminal) throws Exception {
        check();
        if (regex != null) {
            return validate(terminal);
        }
        try (Admin admin = connection.open(timeoutMs)) {
            KnownGroups known = new KnownGroups(admin);
            if (list) {
                new GroupNames(known, terminal, json).print(state, type);
                return DONE;
            }
            List<String> meant = allGroups ? known.ids() : List.copyOf(new LinkedHashSet<>(groups));
            if (describe) {
                GroupDescriber describer = new GroupDescriber(admin, known, terminal, json);
                return members
                        ? describer.members(meant, verbose)
                        : state != null ? describer.states(meant) : describer.offsets(meant);
            }
            if (delete) {
                return new GroupDeletion(admin, terminal).delete(meant);
            }
            if (deleteOffsets) {
                return new PositionDeletion(admin, terminal).delete(meant.get(0), topics);
            }
            return new PositionReset(admin, known, terminal, reset).run(meant, topics, allTopics, json);
        }
    }

    private int validate(Terminal terminal) {
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException wrong) {
            throw new ToolException(
                    "The regular expression `" + regex + "` is invalid: " + wrong.getDescription() + ".");
        }
        terminal.line("The regular expression `" + regex + "` is valid.");
        return DONE;
    }

    private void check() {
        UsageException.unlessOne(
                "--list, --describe, --reset-offsets, --delete-offsets, --delete and --validate-regex",
                list,
                describe,
                resetOffsets,
                deleteOffsets,
                delete,
                regex != null);
        UsageException.when(allGroups && !groups.isEmpty(), "Give --group or --all-groups, not both");
        UsageException.when(allTopics && !topics.isEmpty(), "Give --topic or --all-topics, not both");
        UsageException.when(
                !list && regex == null && groups.isEmpty() && !allGroups,
                "Say which --group, or --all-groups where all are meant");
        UsageException.when(list && !(groups.isEmpty() && !allGroups), "--list lists all groups: leave out which");
        UsageException.when(
                !topics.isEmpty() && !resetOffsets && !deleteOffsets,
                "--topic goes with --reset-offsets and --delete-offsets");
        UsageException.when(allTopics && !resetOffsets, "--all-topics goes with --reset-offsets");
        UsageException.when(
                deleteOffsets && (topics.isEmpty() || groups.size() != 1),
                "--delete-offsets takes one --group, and the topics as --topic");
        UsageException.when(
                (members || offsets || verbose) && !describe, "--members, --offsets and --verbose go with --describe");
        UsageException.when(state != null && !describe && !list, "--state goes with --describe and --list");
        UsageException.when(
                describe && state != null && !state.equals(ANY), "With --describe, --state takes no names of states");
        UsageException.when(type != null && !list, "--type goes with --list");
        UsageException.when(
                describe && (members ? 1 : 0) + (offsets ? 1 : 0) + (state != null ? 1 : 0) > 1,
                "Give one of --offsets, --members and --state");
        reset.check(resetOffsets, !topics.isEmpty() || allTopics);
    }
}
