package io.odradek.server.tools.configs;

import io.odradek.server.tools.Connection;
import io.odradek.server.tools.PropertiesFile;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.UsageException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows and changes settings; speaks like Kafka's {@code kafka-configs}. */
@Command(
        description =
                "Shows and changes the settings of topics, brokers, loggers of brokers, and groups while they are used,"
                        + " quotas of users, client ids and addresses, and the credentials of users.",
        footer = {
            "  ${COMMAND-NAME} --describe --topic orders",
            "  ${COMMAND-NAME} --describe --broker 0 --all",
            "  ${COMMAND-NAME} --alter --topic orders --add-config retention.ms=3600000,cleanup.policy=[compact,delete]",
            "  ${COMMAND-NAME} --alter --topic orders --delete-config retention.ms",
            "  ${COMMAND-NAME} --alter --entity-type topics --entity-name orders --add-config-file topic.properties",
            "  ${COMMAND-NAME} --alter --broker-defaults --add-config log.cleaner.threads=2",
            "  ${COMMAND-NAME} --alter --user alice --client-defaults --add-config producer_byte_rate=1048576",
            "  ${COMMAND-NAME} --alter --user alice --add-config SCRAM-SHA-256=[password=secret]",
            "  ${COMMAND-NAME} --describe --entity-type users"
        })
public final class ConfigsTool implements Tool {
    @Option(names = "--describe", description = "show settings")
    private boolean describe;

    @Option(names = "--alter", description = "change settings")
    private boolean alter;

    @Mixin
    private Connection connection;

    @Mixin
    private EntityOptions entity;

    @Option(names = "--all", description = "show those that nobody has set, too")
    private boolean all;

    @Option(
            names = "--add-config",
            paramLabel = "K=V,K=[V,V],...",
            description = "set these; values with commas are in brackets")
    private String added;

    @Option(names = "--add-config-file", paramLabel = "FILE", description = "set those in a file of lines K=V")
    private String addedFile;

    @Option(names = "--delete-config", paramLabel = "K,K...", description = "set these no longer")
    private String deleted;

    @Option(names = "--force", hidden = true)
    private boolean force;

    @Option(names = "--zk-tls-config-file", hidden = true)
    private String zooKeeperTls;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    /** Filled by picocli. */
    public ConfigsTool() {}

    @Override
    public int run(Terminal terminal) throws Exception {
        UsageException.unlessOne("--describe and --alter", describe, alter);
        UsageException.when(
                zooKeeperTls != null, "Tools speak with brokers, not with ZooKeeper: leave out --zk-tls-config-file");
        UsageException.when(
                describe && (added != null || addedFile != null || deleted != null),
                "--add-config, --add-config-file and --delete-config go with --alter");
        UsageException.when(all && !describe, "--all goes with --describe");
        List<ClientPart> clients = entity.clients();
        Entity meant = clients.isEmpty() ? entity.meant() : null;
        if (describe) {
            try (Admin admin = connection.open()) {
                if (meant == null) {
                    new ClientsReport(admin, terminal, json).print(clients);
                } else {
                    new SettingsReport(admin, terminal, all, json).print(meant);
                }
            }
            return DONE;
        }
        UsageException.when(added != null && addedFile != null, "Give --add-config or --add-config-file, not both");
        UsageException.when(
                added == null && addedFile == null && deleted == null,
                "Say what to change: --add-config, --add-config-file or --delete-config");
        checkOne(meant, clients);
        Map<String, String> set = addedFile != null ? PropertiesFile.read(addedFile) : SettingList.settings(added);
        List<String> unset = SettingList.names(deleted);
        try (Admin admin = connection.open()) {
            if (meant == null) {
                new ClientsChange(admin, terminal).change(clients, set, unset);
            } else {
                new SettingsChange(admin, terminal).change(meant, set, unset);
            }
        }
        return DONE;
    }

    private static void checkOne(Entity meant, List<ClientPart> clients) {
        String whose = " the settings are to be changed";
        if (meant != null) {
            UsageException.when(!meant.isOne(), "Say of which " + meant.kind().singular() + whose);
        }
        for (ClientPart part : clients) {
            UsageException.when(!part.isOne(), "Say of which " + part.kind().singular() + whose);
        }
    }
}
