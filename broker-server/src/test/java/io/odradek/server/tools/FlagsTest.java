package io.odradek.server.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Our tools know all options that Apache Kafka 3.9.2's and 4.3.1's tell of, but for what decodes logs that this broker does not
 * write.
 */
@Timeout(120)
class FlagsTest {
    private static final Pattern OPTION = Pattern.compile("(?m)^[ \\[]*(--[a-z][a-z0-9.-]+)");

    private static final Set<String> OF_OTHER_LOGS =
            Set.of("--cluster-metadata-decoder", "--remote-log-metadata-decoder", "--share-group-state-decoder");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"3.9.2", "4.3.1"})
    void allOfKafkasOptionsAreKnown(String version) throws Exception {
        String moved = version.startsWith("4.") ? "org.apache.kafka.tools." : "kafka.tools.";
        Map<String, String> classes = Map.ofEntries(
                Map.entry("topics", "org.apache.kafka.tools.TopicCommand"),
                Map.entry("configs", "kafka.admin.ConfigCommand"),
                Map.entry("delegation-tokens", "org.apache.kafka.tools.DelegationTokenCommand"),
                Map.entry(
                        "acls",
                        version.startsWith("4.") ? "org.apache.kafka.tools.AclCommand" : "kafka.admin.AclCommand"),
                Map.entry("produce", moved + "ConsoleProducer"),
                Map.entry("consume", "org.apache.kafka.tools.consumer.ConsoleConsumer"),
                Map.entry("groups", "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"),
                Map.entry("offsets", "org.apache.kafka.tools.GetOffsetShell"),
                Map.entry("delete-records", "org.apache.kafka.tools.DeleteRecordsCommand"),
                Map.entry("log-dirs", "org.apache.kafka.tools.LogDirsCommand"),
                Map.entry("leader-election", "org.apache.kafka.tools.LeaderElectionCommand"),
                Map.entry("reassign-partitions", "org.apache.kafka.tools.reassign.ReassignPartitionsCommand"),
                Map.entry("consumer-perf-test", "org.apache.kafka.tools.ConsumerPerformance"),
                Map.entry("dump-log", moved + "DumpLogSegments"));
        Map<String, Set<String>> unknown = new TreeMap<>();
        try (KafkaTool kafka = new KafkaTool(version, folder)) {
            for (Map.Entry<String, String> tool : classes.entrySet()) {
                ToolCall help = kafka.call(tool.getValue(), "--help");
                Set<String> options = options(help);
                assertThat(options).as(tool.getKey() + ": " + help).hasSizeGreaterThan(2);
                options.removeAll(ours(tool.getKey()));
                options.removeAll(OF_OTHER_LOGS);
                if (!options.isEmpty()) {
                    unknown.put(tool.getKey(), options);
                }
            }
        }
        assertThat(unknown).isEmpty();
    }

    private static Set<String> options(ToolCall help) {
        Set<String> options = new TreeSet<>();
        Matcher option = OPTION.matcher(help.out() + help.err());
        while (option.find()) {
            options.add(option.group(1));
        }
        return options;
    }

    private static Set<String> ours(String tool) {
        return ToolRun.commandLine(Tools.named(tool).orElseThrow().open(), tool)
                .getCommandSpec()
                .optionsMap()
                .keySet();
    }
}
