package io.odradek.server.tools.acls;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.server.tools.Answers;
import io.odradek.server.tools.Connection;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists, adds and removes access control entries; speaks like Kafka's {@code kafka-acls}. */
@Command(
        description = "Says who may do what: lists, adds and removes access control entries.",
        footer = {
            "  ${COMMAND-NAME} --list",
            "  ${COMMAND-NAME} --add --allow-principal User:alice --producer --topic orders",
            "  ${COMMAND-NAME} --add --allow-principal User:bob --consumer --topic orders --group readers",
            "  ${COMMAND-NAME} --add --deny-principal User:bob --deny-host 10.0.0.1 --operation Read --topic orders",
            "  ${COMMAND-NAME} --list --topic orders --resource-pattern-type match",
            "  ${COMMAND-NAME} --remove --force --allow-principal User:alice --producer --topic orders"
        })
public final class AclsTool implements Tool {
    @Option(names = "--list", description = "show entries, of what is named or of all")
    private boolean list;

    @Option(names = "--add", description = "add entries")
    private boolean add;

    @Option(names = "--remove", description = "remove entries; without a principal, all for what is named")
    private boolean remove;

    @Mixin
    private Connection connection;

    @Mixin
    private ResourceOptions resources;

    @Mixin
    private EntryOptions entries;

    @Option(names = "--producer", description = "whatever one needs who writes to topics, maybe in transactions")
    private boolean producer;

    @Option(names = "--consumer", description = "whatever one needs who reads topics in a group")
    private boolean consumer;

    @Option(
            names = "--idempotent",
            description = "with --producer: idempotent writes as brokers before 2.8 need them allowed")
    private boolean idempotent;

    @Option(names = "--principal", paramLabel = "TYPE:NAME", description = "with --list: only the entries of this one")
    private List<String> listed = new ArrayList<>();

    @Option(names = "--force", description = "remove without a question")
    private boolean force;

    @Option(
            names = {"--authorizer", "--authorizer-properties", "--zk-tls-config-file"},
            hidden = true)
    private List<String> ofZooKeeper = new ArrayList<>();

    @Option(names = "--json", description = "with --list: one JSON object a line")
    private boolean json;

    /** Filled by picocli. */
    public AclsTool() {}

    @Override
    public int run(Terminal terminal) throws Exception {
        check();
        List<ResourcePatternFilter> meant = resources.meant(idempotent);
        Map<ResourcePatternFilter, SortedSet<AccessControlEntry>> wanted = list ? Map.of() : wanted(meant);
        try (Admin admin = connection.open()) {
            if (add) {
                add(admin, terminal, wanted);
            } else if (remove) {
                remove(admin, terminal, wanted);
            } else {
                new AclReport(admin, terminal, json)
                        .print(
                                meant,
                                listed.stream().map(EntryOptions::principal).toList());
            }
        }
        return DONE;
    }

    private void check() {
        UsageException.when(
                !ofZooKeeper.isEmpty(), "Tools speak with brokers, not with ZooKeeper or an authorizer of their own");
        UsageException.when(
                (list ? 1 : 0) + (add ? 1 : 0) + (remove ? 1 : 0) != 1,
                "Give exactly one of --list, --add and --remove");
        UsageException.when(
                list && (producer || consumer || entries.any()),
                "--list goes with resources and --principal, not with what is to be added");
        UsageException.when(!listed.isEmpty() && !list, "--principal goes with --list");
        UsageException.when(json && !list, "--json goes with --list");
        UsageException.when(
                (producer || consumer) && entries.moreThanAllowed(),
                "--producer and --consumer say which operations are allowed: leave out --operation, --deny-principal and"
                        + " --deny-host");
        UsageException.when(producer && !resources.hasTopics(), "With --producer, give a --topic");
        UsageException.when(idempotent && !producer, "--idempotent goes with --producer");
        UsageException.when(
                consumer && (!resources.isOfConsumers() || !producer && resources.isOfClusterOrTransactions()),
                "With --consumer, give a --topic and a --group, and neither --cluster nor --transactional-id");
        UsageException.when(add && entries.nobody(), "Say who may or may not: --allow-principal or --deny-principal");
        PatternType type = resources.patternType();
        UsageException.when(
                add && !type.isSpecific(),
                "What is added is literal or prefixed, not " + type.name().toLowerCase(Locale.ROOT));
    }

    private Map<ResourcePatternFilter, SortedSet<AccessControlEntry>> wanted(List<ResourcePatternFilter> meant) {
        UsageException.when(
                meant.isEmpty(),
                "Say with what: --topic, --group, --cluster, --transactional-id, --delegation-token or --user-principal");
        Map<ResourcePatternFilter, SortedSet<AccessControlEntry>> wanted = new LinkedHashMap<>();
        for (ResourcePatternFilter resource : meant) {
            SortedSet<AccessControlEntry> ofResource = producer || consumer
                    ? new RoleEntries(entries, producer, consumer, idempotent).of(resource)
                    : entries.entries();
            if (ofResource != null) {
                AllowedOperations.check(resource.resourceType(), ofResource);
                wanted.put(resource, ofResource);
            }
        }
        return wanted;
    }

    private static void add(
            Admin admin, Terminal terminal, Map<ResourcePatternFilter, SortedSet<AccessControlEntry>> wanted)
            throws Exception {
        for (Map.Entry<ResourcePatternFilter, SortedSet<AccessControlEntry>> each : wanted.entrySet()) {
            ResourcePatternFilter filter = each.getKey();
            ResourcePattern resource = new ResourcePattern(filter.resourceType(), filter.name(), filter.patternType());
            terminal.line("Adding ACLs for resource `" + resource + "`: \n " + lines(each.getValue()) + " \n");
            Answers.of(admin.createAcls(each.getValue().stream()
                            .map(entry -> new AclBinding(resource, entry))
                            .toList())
                    .all());
        }
    }

    private void remove(
            Admin admin, Terminal terminal, Map<ResourcePatternFilter, SortedSet<AccessControlEntry>> wanted)
            throws Exception {
        BufferedReader answers = new BufferedReader(new InputStreamReader(terminal.in(), UTF_8));
        for (Map.Entry<ResourcePatternFilter, SortedSet<AccessControlEntry>> each : wanted.entrySet()) {
            ResourcePatternFilter filter = each.getKey();
            SortedSet<AccessControlEntry> these = each.getValue();
            String question = these.isEmpty()
                    ? "Are you sure you want to delete all ACLs for resource filter `" + filter + "`? (y/n)"
                    : "Are you sure you want to remove ACLs: \n " + lines(these) + " \n from resource filter `" + filter
                            + "`? (y/n)";
            if (force || isConfirmed(question, terminal, answers)) {
                List<AclBindingFilter> removed = these.isEmpty()
                        ? List.of(new AclBindingFilter(filter, AccessControlEntryFilter.ANY))
                        : these.stream()
                                .map(entry -> new AclBindingFilter(filter, entry.toFilter()))
                                .toList();
                Answers.of(admin.deleteAcls(removed).all());
            }
        }
    }

    private static boolean isConfirmed(String question, Terminal terminal, BufferedReader answers) throws IOException {
        terminal.line(question);
        terminal.out().flush();
        return "y".equalsIgnoreCase(answers.readLine());
    }

    static String lines(Set<AccessControlEntry> entries) {
        return entries.stream().map(entry -> "\t" + entry).collect(Collectors.joining("\n"));
    }
}
