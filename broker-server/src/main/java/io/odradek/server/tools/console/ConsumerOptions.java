package io.odradek.server.tools.console;

import io.odradek.server.tools.Connection;
import io.odradek.server.tools.KeyValues;
import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import picocli.CommandLine.Option;

/** The options of the consumer: those that stand for its settings, and any setting by its name. */
final class ConsumerOptions {
    private static final int NAMES = 100_000;

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            description = "be a member of this group, which goes on where it was; without it nothing is committed")
    private String group;

    @Option(
            names = "--from-beginning",
            description = "begin at the first record, where the group has no position (default: wait for new ones)")
    private boolean fromBeginning;

    @Option(
            names = "--isolation-level",
            paramLabel = "LEVEL",
            description = "read_committed leaves out what transactions have not committed (default: read_uncommitted)")
    private String isolationLevel;

    @Option(
            names = {"--command-property", "--consumer-property"},
            paramLabel = "KEY=VALUE",
            description = "any setting of the consumer; may be given again")
    private List<String> properties = new ArrayList<>();

    @Option(names = "--consumer.config", paramLabel = "FILE", description = "the same as --command-config")
    private String file;

    boolean fromBeginning() {
        return fromBeginning;
    }

    /**
     * {@return the consumer's settings}
     *
     * @param connection where the brokers are, and who can be asked for more settings
     * @param assigned whether it reads one partition, without a group
     */
    Map<String, Object> settings(Connection connection, boolean assigned) {
        Map<String, String> named = KeyValues.of(properties);
        Map<String, Object> settings = file == null ? connection.settings() : connection.settings(file);
        Object servers = settings.get("bootstrap.servers");
        Object inFile = settings.get("group.id");
        settings.putAll(named);
        settings.put("bootstrap.servers", servers);
        settings.putIfAbsent("client.id", "console-consumer");
        Object reset = settings.putIfAbsent("auto.offset.reset", fromBeginning ? "earliest" : "latest");
        UsageException.when(
                fromBeginning && reset != null && !reset.equals("earliest"),
                "Can't simultaneously specify --from-beginning and 'auto.offset.reset=" + reset
                        + "', please remove one option");
        if (isolationLevel != null) {
            settings.put("isolation.level", isolationLevel);
        }
        putGroup(settings, inFile, named.get("group.id"), assigned);
        return settings;
    }

    private void putGroup(Map<String, Object> settings, Object inFile, String inProperty, boolean assigned) {
        for (Object other : new Object[] {inFile, inProperty}) {
            Object first = group != null ? group : inFile;
            UsageException.when(
                    other != null && first != null && !other.equals(first),
                    "The group is named twice, and differently: '" + first + "' and '" + other + "'");
        }
        if (group != null) {
            settings.put("group.id", group);
        }
        UsageException.when(
                assigned && settings.get("group.id") != null,
                "Options group and partition cannot be specified together");
        if (settings.get("group.id") == null) {
            settings.putIfAbsent("enable.auto.commit", "false");
            settings.put("group.id", "console-consumer-" + new SplittableRandom().nextInt(NAMES));
        }
    }
}
