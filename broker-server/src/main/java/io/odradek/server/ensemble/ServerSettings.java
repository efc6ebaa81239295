package io.odradek.server.ensemble;

import io.odradek.core.config.ConfigException;
import io.odradek.server.env.DistributionHome;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;

/**
 * The settings of a ZooKeeper server, under ZooKeeper's names. What ZooKeeper would say in a stack trace, or not at all, is a
 * {@link ConfigException} of one line here.
 */
public final class ServerSettings {
    private static final String SERVER = "server.";
    private static final List<String> NUMBERS = List.of(
            "clientPort",
            "secureClientPort",
            "tickTime",
            "initLimit",
            "syncLimit",
            "maxClientCnxns",
            "minSessionTimeout",
            "maxSessionTimeout",
            "autopurge.snapRetainCount",
            "autopurge.purgeInterval");

    private final QuorumPeerConfig parsed;

    private ServerSettings(QuorumPeerConfig parsed) {
        this.parsed = parsed;
    }

    /**
     * Reads a file, and creates the {@code dataDir} that it names.
     *
     * @throws ConfigException if no server can be started with it, with a line that says why
     */
    public static ServerSettings read(Path file) {
        Properties properties = load(file);
        checkNumbers(file, properties);
        if (Boolean.parseBoolean(properties.getProperty("admin.enableServer"))) {
            throw new ConfigException(
                    "admin.enableServer=true in " + file + ": this server has no admin server; ask it with srvr");
        }
        Path dataDir = createDataDir(file, properties.getProperty("dataDir", "").trim());
        SortedSet<Long> members = members(file, properties);
        if (members.size() > 1) {
            checkMyId(dataDir.resolve("myid"), members, file);
        }
        // ZooKeeper's admin server is on by default, and would be missed in the log: Jetty is not here.
        System.setProperty("zookeeper.admin.enableServer", "false");
        SecurePort.check(file, properties);
        QuorumPeerConfig parsed = new AbsoluteFolders(file);
        try {
            parsed.parse(file.toAbsolutePath().toString());
        } catch (QuorumPeerConfig.ConfigException refused) {
            Throwable reason = refused.getCause() == null ? refused : refused.getCause();
            throw new ConfigException(file + ": " + reason.getMessage());
        }
        if (parsed.getClientPortAddress() == null && parsed.getSecureClientPortAddress() == null) {
            throw new ConfigException("clientPort is not set in " + file);
        }
        return new ServerSettings(parsed);
    }

    QuorumPeerConfig parsed() {
        return parsed;
    }

    /** ZooKeeper warns of relative folders, and fails where the name is a single letter. */
    private static final class AbsoluteFolders extends QuorumPeerConfig {
        private final Path file;

        private AbsoluteFolders(Path file) {
            this.file = file;
        }

        @Override
        public void parseProperties(Properties properties) throws IOException, ConfigException {
            for (String name : List.of("dataDir", "dataLogDir")) {
                String folder = properties.getProperty(name);
                if (folder != null) {
                    properties.setProperty(
                            name,
                            DistributionHome.folder(file, folder.trim())
                                    .toAbsolutePath()
                                    .toString());
                }
            }
            super.parseProperties(properties);
        }
    }

    private static Properties load(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            properties.load(reader);
        } catch (NoSuchFileException missing) {
            throw new ConfigException("There is no configuration file " + file);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new ConfigException("Configuration file " + file + " cannot be read: " + unreadable.getMessage());
        }
        return properties;
    }

    private static void checkNumbers(Path file, Properties properties) {
        for (String name : NUMBERS) {
            String value = properties.getProperty(name);
            if (value != null) {
                try {
                    Integer.parseInt(value.trim());
                } catch (NumberFormatException e) {
                    throw new ConfigException(name + "=" + value + " in " + file + " is not a number");
                }
            }
        }
    }

    private static Path createDataDir(Path file, String named) {
        if (named.isEmpty()) {
            throw new ConfigException("dataDir is not set in " + file);
        }
        try {
            return Files.createDirectories(DistributionHome.folder(file, named).toAbsolutePath());
        } catch (IOException failure) {
            throw new ConfigException("dataDir=" + named + " cannot be created: " + failure);
        }
    }

    private static SortedSet<Long> members(Path file, Properties properties) {
        SortedSet<Long> numbers = new TreeSet<>();
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith(SERVER)) {
                try {
                    numbers.add(Long.parseLong(name.substring(SERVER.length())));
                } catch (NumberFormatException e) {
                    throw new ConfigException(name + " in " + file + " has no number, as server.1 has");
                }
            }
        }
        return numbers;
    }

    private static void checkMyId(Path myId, SortedSet<Long> members, Path file) {
        String wanted = "the number of this server among those of " + file + ", one of " + members;
        String text;
        try {
            text = Files.readString(myId).trim();
        } catch (NoSuchFileException missing) {
            throw new ConfigException("There is no " + myId + ": it holds " + wanted);
        } catch (IOException unreadable) {
            throw new ConfigException(myId + " cannot be read: " + unreadable);
        }
        if (members.stream().noneMatch(number -> number.toString().equals(text))) {
            throw new ConfigException(myId + " holds '" + text + "', and not " + wanted);
        }
    }
}
