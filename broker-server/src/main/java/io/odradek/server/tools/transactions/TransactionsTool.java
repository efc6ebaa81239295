package io.odradek.server.tools.transactions;

import io.odradek.server.tools.ActionOptions;
import io.odradek.server.tools.Brokers;
import io.odradek.server.tools.Connection;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.UsageException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows transactions and ends those that hang; speaks like Kafka's {@code kafka-transactions}. */
@Command(
        description = {
            "Shows transactions and the producers of partitions, finds transactions that nobody will end, and ends them.",
            "One that hangs holds up readers with isolation.level=read_committed, and the compaction of its partition."
        },
        footer = {
            "  ${COMMAND-NAME} list --state Ongoing",
            "  ${COMMAND-NAME} list --transactional-id-pattern 'bill.*' --duration-filter 60000 --json",
            "  ${COMMAND-NAME} describe --transactional-id billing",
            "  ${COMMAND-NAME} describe-producers --topic orders --partition 0",
            "  ${COMMAND-NAME} --bootstrap-server localhost:9092 find-hanging --topic orders",
            "  ${COMMAND-NAME} abort --topic orders --partition 1 --start-offset 7",
            "  ${COMMAND-NAME} forceTerminateTransaction --transactionalId billing"
        })
public final class TransactionsTool implements Tool {
    private static final int LONGEST_MINUTES = 15;

    @Parameters(
            arity = "0..1",
            paramLabel = "ACTION",
            completionCandidates = Action.Names.class,
            description =
                    "list, describe (one transactional id), describe-producers (of a partition), find-hanging, abort"
                            + " (what hangs on a partition), forceTerminateTransaction (of a producer that is at work, or gone)")
    private String action;

    @Mixin
    private Connection connection;

    @Option(
            names = "--duration-filter",
            paramLabel = "MS",
            description = "list: only those that are open for longer; all if it is below 0")
    private Long longerMs;

    @Option(
            names = "--transactional-id-pattern",
            paramLabel = "REGEX",
            description = "list: only those whose id matches it as a whole")
    private String pattern;

    @Option(names = "--state", paramLabel = "STATE,...", description = "list: only those in one of these states")
    private String states;

    @Option(names = "--transactional-id", paramLabel = "ID", description = "describe: the producer's")
    private String transactionalId;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description = "the topic of the partition; find-hanging: or of all")
    private String topic;

    @Option(names = "--partition", paramLabel = "NUMBER", description = "the partition, with --topic")
    private Integer partition;

    @Option(
            names = "--broker-id",
            paramLabel = "ID",
            description = "describe-producers, find-hanging: the replicas of this broker, not the leaders")
    private Integer brokerId;

    @Option(
            names = "--max-transaction-timeout",
            paramLabel = "MINUTES",
            description = "find-hanging: as long as any transaction may be open (default: " + LONGEST_MINUTES + ")")
    private int longestMinutes = LONGEST_MINUTES;

    @Option(names = "--start-offset", paramLabel = "OFFSET", description = "abort: that of its first record")
    private Long startOffset;

    @Option(
            names = "--producer-id",
            paramLabel = "ID",
            split = ",",
            description = "list: only those of these; abort, before Kafka 3.0 instead of --start-offset: whose it is")
    private List<Long> producerIds;

    @Option(names = "--producer-epoch", paramLabel = "EPOCH", description = "abort: with --producer-id")
    private Short producerEpoch;

    @Option(names = "--coordinator-epoch", paramLabel = "EPOCH", description = "abort: with --producer-id")
    private Integer coordinatorEpoch;

    @Option(names = "--transactionalId", paramLabel = "ID", description = "forceTerminateTransaction: the producer's")
    private String terminatedId;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    /** As Kafka's tool has it. */
    @Option(names = "-v", versionHelp = true, hidden = true)
    private boolean version;

    @Spec
    private CommandSpec spec;

    /** Filled by picocli. */
    public TransactionsTool() {}

    @Override
    public int run(Terminal terminal) throws Exception {
        Action asked = Action.named(action);
        ActionOptions.check(spec, asked.typed(), asked.options(), Action.allOptions());
        check(asked);
        ListTransactionsOptions filters = asked == Action.LIST ? filters() : null;
        try (Admin admin = connection.open()) {
            switch (asked) {
                case LIST -> new TransactionReport(admin, terminal, json).list(filters);
                case DESCRIBE -> new TransactionReport(admin, terminal, json).describe(transactionalId);
                case DESCRIBE_PRODUCERS ->
                    new Producers(admin).print(new TopicPartition(topic, partition), brokerId, terminal, json);
                case FIND_HANGING -> findHanging(admin, terminal);
                case ABORT ->
                    new TransactionEnd(admin).abort(new TopicPartition(topic, partition), startOffset, owner());
                case FORCE_TERMINATE -> new TransactionEnd(admin).force(terminatedId);
            }
        }
        return DONE;
    }

    private void check(Action asked) {
        boolean needsPartition = asked == Action.DESCRIBE_PRODUCERS || asked == Action.ABORT;
        UsageException.when(needsPartition && (topic == null || partition == null), "Give --topic and --partition");
        UsageException.when(partition != null && topic == null, "--partition goes with --topic");
        UsageException.when(partition != null && partition < 0, "--partition is a number from 0 on");
        UsageException.when(asked == Action.DESCRIBE && transactionalId == null, "Say which --transactional-id");
        UsageException.when(asked == Action.FORCE_TERMINATE && terminatedId == null, "Say which --transactionalId");
        UsageException.when(
                asked == Action.FIND_HANGING && topic == null && brokerId == null,
                "Say where to look: in a --topic, or on a broker, with --broker-id");
        UsageException.when(
                asked == Action.ABORT && producerIds != null && producerIds.size() > 1, "Give one --producer-id");
    }

    private ListTransactionsOptions filters() {
        ListTransactionsOptions filters = new ListTransactionsOptions();
        if (longerMs != null) {
            filters.filterOnDuration(longerMs);
        }
        if (pattern != null) {
            filters.filterOnTransactionalIdPattern(pattern);
        }
        if (producerIds != null) {
            filters.filterProducerIds(producerIds);
        }
        if (states != null) {
            Set<TransactionState> wanted = new LinkedHashSet<>();
            for (String each : states.split(",", -1)) {
                wanted.add(state(each.strip()));
            }
            filters.filterStates(wanted);
        }
        return filters;
    }

    private static TransactionState state(String name) {
        Set<String> known = new TreeSet<>();
        for (TransactionState each : TransactionState.values()) {
            if (each.toString().equalsIgnoreCase(name) && each != TransactionState.UNKNOWN) {
                return each;
            }
            known.add(each.toString());
        }
        known.remove(TransactionState.UNKNOWN.toString());
        throw new UsageException(
                "\"" + name + "\" is no state of a transaction; there are " + String.join(", ", known));
    }

    private TransactionEnd.Owner owner() {
        return new TransactionEnd.Owner(
                producerIds == null ? null : producerIds.get(0), producerEpoch, coordinatorEpoch);
    }

    private void findHanging(Admin admin, Terminal terminal) throws Exception {
        HangingTransactions search = new HangingTransactions(admin, TimeUnit.MINUTES.toMillis(longestMinutes));
        if (brokerId != null) {
            Brokers.require(List.of(brokerId), Brokers.known(admin).keySet());
        }
        Set<TopicPartition> partitions = search.partitions(topic, brokerId);
        if (partition != null) {
            partitions.removeIf(each -> each.partition() != partition);
            if (partitions.isEmpty()) {
                throw new ToolException("There is no partition " + new TopicPartition(topic, partition)
                        + (brokerId == null ? "" : " on broker " + brokerId));
            }
        }
        search.print(partitions, brokerId, terminal, json);
    }
}
