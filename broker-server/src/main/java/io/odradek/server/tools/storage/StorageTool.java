package io.odradek.server.tools.storage;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.env.DistributionHome;
import io.odradek.server.env.SecureRandoms;
import io.odradek.server.tools.PropertiesFile;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.UsageException;
import io.odradek.storage.checkpoint.BrokerMetadataFile;
import io.odradek.storage.checkpoint.BrokerMetadataFile.BrokerMetadata;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.io.NioLogFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Shows and prepares the storage of a broker that does not run. Exit status: 0 if it is as was asked, 1 if not; of {@code info}, 1 if a
 * log folder has no cluster yet.
 */
@Command(
        description = {
            "Shows and prepares the storage of a broker that does not run.",
            "",
            "COMMAND is one of:",
            "  random-uuid  make an identifier for a cluster",
            "  info         show to which cluster the log folders of a configuration belong",
            "  format       make them those of a cluster, and add users to log in with",
            "",
            "Nobody needs to: a broker makes its storage ready when it is first started. But where all listeners ask who one"
                    + " is, a first user has to be there before, and other brokers may be that user. Users are kept where the"
                    + " broker keeps them: in the journal of its log folders, or, with zookeeper.connect, in ZooKeeper, as"
                    + " Kafka 3.9 keeps them."
        },
        footer = {
            "  ${COMMAND-NAME} random-uuid",
            "  ${COMMAND-NAME} info --config config/broker.properties",
            "  ${COMMAND-NAME} format --config config/broker.properties --cluster-id MkU3OEVBNTcwNTJENDM2Qg",
            "  ${COMMAND-NAME} format -c my.properties -t MkU3OEVBNTcwNTJENDM2Qg -S"
                    + " 'SCRAM-SHA-256=[name=alice,password=secret]'",
            "  ${COMMAND-NAME} format -g -c my.properties -t MkU3OEVBNTcwNTJENDM2Qg -S"
                    + " 'SCRAM-SHA-256=[name=bob,password=new]'"
        })
public final class StorageTool implements Tool {
    @Parameters(paramLabel = "COMMAND", arity = "1", description = "random-uuid, info or format")
    private String command;

    @Option(
            names = {"--config", "-c"},
            paramLabel = "FILE",
            description = "the configuration that the broker is started with")
    private String file;

    @Option(
            names = {"--cluster-id", "-t"},
            paramLabel = "ID",
            description = "the cluster's identifier, as random-uuid makes one")
    private String clusterId;

    @Option(
            names = {"--add-scram", "-S"},
            paramLabel = "USER",
            description = "a user of SCRAM: MECHANISM=[name=NAME,password=PASSWORD], perhaps with iterations=N and"
                    + " salt=BASE64, or with saltedpassword=BASE64 in place of the password; may be repeated")
    private List<String> users = new ArrayList<>();

    @Option(
            names = {"--ignore-formatted", "-g"},
            description = "leave folders as they are that have a cluster already; users are added all the same")
    private boolean ignoreFormatted;

    private final LogFileSystem files = new NioLogFileSystem();

    /** Filled by picocli. */
    public StorageTool() {}

    @Override
    public int run(Terminal terminal) throws IOException {
        return switch (command) {
            case "random-uuid" -> {
                terminal.line(new SecureRandoms().nextUuid().toString());
                yield DONE;
            }
            case "info" -> info(terminal);
            case "format" -> format(terminal);
            default -> throw new UsageException("Unknown command " + command + ": it is random-uuid, info or format");
        };
    }

    private BrokerConfig config() {
        if (file == null) {
            throw new UsageException("--config is missing");
        }
        Map<String, String> settings = new TreeMap<>(PropertiesFile.read(file));
        for (String folders : List.of("log.dirs", "log.dir")) {
            settings.computeIfPresent(folders, (name, given) -> DistributionHome.folders(Path.of(file), given));
        }
        try {
            return BrokerConfig.of(settings);
        } catch (ConfigException refused) {
            throw new ToolException(refused.getMessage(), refused);
        }
    }

    private int info(Terminal terminal) throws IOException {
        List<String> folders = config().logDirs();
        terminal.line(folders.size() == 1 ? "Found log directory:" : "Found log directories:");
        BrokerMetadata found = null;
        List<String> problems = new ArrayList<>();
        for (String folder : folders) {
            terminal.line("  " + folder);
            Optional<BrokerMetadata> metadata = metadata(folder);
            if (metadata.isEmpty()) {
                problems.add(folder + " is not formatted.");
            } else if (found != null && !found.clusterId().equals(metadata.get().clusterId())) {
                problems.add(folder + " belongs to another cluster than the first.");
            }
            found = found == null ? metadata.orElse(null) : found;
        }
        terminal.line("");
        if (found != null) {
            String id = found.version() == 0 ? "broker.id" : "node.id";
            terminal.line("Found metadata: {"
                    + (found.version() == 0 && found.brokerId() >= 0 ? id + "=" + found.brokerId() + ", " : "")
                    + "cluster.id=" + found.clusterId().orElse("") + directory(found)
                    + (found.version() == 1 ? ", " + id + "=" + found.brokerId() : "") + ", version=" + found.version()
                    + "}");
            terminal.line("");
        }
        if (!problems.isEmpty()) {
            terminal.line(problems.size() == 1 ? "Found problem:" : "Found problems:");
            problems.forEach(problem -> terminal.line("  " + problem));
            terminal.line("");
        }
        return problems.isEmpty() ? DONE : FAILED;
    }

    private static String directory(BrokerMetadata found) {
        return found.directoryId().map(id -> ", directory.id=" + id).orElse("");
    }

    private Optional<BrokerMetadata> metadata(String folder) throws IOException {
        return new BrokerMetadataFile(files, Path.of(folder)).read();
    }

    private int format(Terminal terminal) throws IOException {
        if (clusterId == null) {
            throw new UsageException("--cluster-id is missing");
        }
        try {
            Uuid.parse(clusterId);
        } catch (IllegalArgumentException none) {
            throw new UsageException("--cluster-id " + clusterId + " is no identifier as random-uuid makes one");
        }
        List<FirstUser> first = users.stream().map(FirstUser::read).toList();
        BrokerConfig config = config();
        try (Formatting formatting = Formatting.open(config, files)) {
            if (!ignoreFormatted) {
                formatting.refuseFormatted();
            }
            formatting.format(clusterId, terminal);
            formatting.add(first, terminal);
        } catch (ConfigException | IOException | IllegalStateException refused) {
            throw new ToolException(refused.getMessage(), refused);
        }
        return DONE;
    }
}
