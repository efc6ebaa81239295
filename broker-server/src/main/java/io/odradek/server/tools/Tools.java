package io.odradek.server.tools;

import java.util.List;
import java.util.Optional;

/** The table of tools: one line each. Classes are named, not loaded, so that a start loads those of one tool only. */
public final class Tools {
    /**
     * One tool.
     *
     * @param name its name as a subcommand of {@code bin/odradek}
     * @param script its own script in {@code bin}
     * @param className its {@link Tool}, with a constructor without parameters
     * @param purpose what it does, in a few words
     */
    public record Entry(String name, String script, String className, String purpose) {
        /** {@return a new one of it, its options not set} */
        public Tool open() {
            try {
                return (Tool) Class.forName(Tools.class.getPackageName() + "." + className)
                        .getDeclaredConstructor()
                        .newInstance();
            } catch (ReflectiveOperationException broken) {
                throw new LinkageError("No tool in " + className, broken);
            }
        }
    }

    private static final List<Entry> ALL = List.of(
            new Entry(
                    "topics",
                    "broker-topics.sh",
                    "topics.TopicsTool",
                    "create, list, describe, change and delete topics"),
            new Entry("produce", "broker-console-producer.sh", "console.ProduceTool", "send lines as records"),
            new Entry("consume", "broker-console-consumer.sh", "console.ConsumeTool", "print records as they come"),
            new Entry(
                    "verifiable-producer",
                    "broker-verifiable-producer.sh",
                    "verifiable.VerifiableProducerTool",
                    "send numbers, and print what became of each as JSON"),
            new Entry(
                    "verifiable-consumer",
                    "broker-verifiable-consumer.sh",
                    "verifiable.VerifiableConsumerTool",
                    "read a topic in a group, and print what happens as JSON"),
            new Entry(
                    "producer-perf-test",
                    "broker-producer-perf-test.sh",
                    "performance.ProducerPerfTool",
                    "measure how fast records are taken"),
            new Entry(
                    "consumer-perf-test",
                    "broker-consumer-perf-test.sh",
                    "performance.ConsumerPerfTool",
                    "measure how fast records are read"),
            new Entry(
                    "groups",
                    "broker-consumer-groups.sh",
                    "groups.GroupsTool",
                    "list and describe consumer groups, set where they go on, delete them"),
            new Entry(
                    "configs",
                    "broker-configs.sh",
                    "configs.ConfigsTool",
                    "show and change settings of topics, brokers, their loggers, and groups, and quotas of clients"),
            new Entry(
                    "acls",
                    "broker-acls.sh",
                    "acls.AclsTool",
                    "say who may do what: list, add and remove access control entries"),
            new Entry(
                    "delegation-tokens",
                    "broker-delegation-tokens.sh",
                    "tokens.TokensTool",
                    "make, renew, end and show tokens that one logs in with"),
            new Entry(
                    "offsets",
                    "broker-get-offsets.sh",
                    "offsets.OffsetsTool",
                    "show the first or last offsets of partitions, or those of a time"),
            new Entry(
                    "delete-records",
                    "broker-delete-records.sh",
                    "records.DeleteRecordsTool",
                    "delete the first records of partitions"),
            new Entry(
                    "log-dirs",
                    "broker-log-dirs.sh",
                    "cluster.LogDirsTool",
                    "show the log folders of brokers, and how large each replica is"),
            new Entry(
                    "leader-election",
                    "broker-leader-election.sh",
                    "cluster.LeaderElectionTool",
                    "have the leaders of partitions elected"),
            new Entry(
                    "reassign-partitions",
                    "broker-reassign-partitions.sh",
                    "reassignment.ReassignPartitionsTool",
                    "move replicas to other brokers and log folders"),
            new Entry(
                    "transactions",
                    "broker-transactions.sh",
                    "transactions.TransactionsTool",
                    "show transactions and producers, find and end those that hang"),
            new Entry(
                    "api-versions",
                    "broker-api-versions.sh",
                    "apis.ApiVersionsTool",
                    "show which APIs brokers serve, in which versions"),
            new Entry(
                    "dump-log", "broker-dump-log.sh", "dump.DumpLogTool", "show and repair the files of a log folder"),
            new Entry(
                    "storage",
                    "broker-storage.sh",
                    "storage.StorageTool",
                    "prepare log folders, and first users, of a broker that is yet to be started"),
            new Entry(
                    "doctor",
                    "broker-doctor.sh",
                    "doctor.DoctorTool",
                    "find the classic mistakes, and say what to do"));

    private Tools() {}

    /** {@return all of them, in the order in which they are shown} */
    public static List<Entry> all() {
        return ALL;
    }

    /** {@return the one of that name} */
    static Optional<Entry> named(String name) {
        return ALL.stream().filter(entry -> entry.name().equals(name)).findFirst();
    }
}
