package io.odradek.storage.checkpoint;

import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * Which broker of which cluster a log folder belongs to, in its file {@code meta.properties}. Version 0 (with ZooKeeper) has
 * {@code broker.id} and {@code cluster.id} and is written here; version 1 (KRaft) has {@code node.id} and
 * {@code directory.id} and is read too.
 */
public final class BrokerMetadataFile {
    /** The file's name. */
    public static final String NAME = "meta.properties";

    /**
     * What the file says.
     *
     * @param version 0 or 1
     * @param brokerId the broker's id, -1 if it is not said
     * @param clusterId the cluster's id, if it is said
     * @param directoryId the folder's own id, if it has one
     */
    public record BrokerMetadata(int version, int brokerId, Optional<String> clusterId, Optional<String> directoryId) {
        /** {@return the content of a new folder} */
        public static BrokerMetadata of(int brokerId, String clusterId) {
            return new BrokerMetadata(0, brokerId, Optional.of(clusterId), Optional.empty());
        }
    }

    private final LogFileSystem files;
    private final Path path;

    /** @param logFolder the log folder */
    public BrokerMetadataFile(LogFileSystem files, Path logFolder) {
        this.files = files;
        this.path = logFolder.resolve(NAME);
    }

    /**
     * {@return what the file says, nothing if there is no file}
     *
     * @throws MalformedFileException if there is one and it cannot be understood
     */
    public Optional<BrokerMetadata> read() throws IOException {
        Optional<String> content = ReplacedFile.read(files, path);
        return content.isEmpty() ? Optional.empty() : Optional.of(parse(content.get()));
    }

    private BrokerMetadata parse(String content) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(content));
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException(path, e.getMessage());
        }
        int version = number(properties, "version", -1);
        if (version != 0 && version != 1) {
            throw new MalformedFileException(
                    path, "version \"" + properties.getProperty("version") + "\" is not known, only 0 and 1 are");
        }
        return new BrokerMetadata(
                version,
                number(properties, version == 0 ? "broker.id" : "node.id", -1),
                Optional.ofNullable(properties.getProperty("cluster.id")),
                Optional.ofNullable(properties.getProperty("directory.id")));
    }

    private int number(Properties properties, String key, int absent) throws MalformedFileException {
        String value = properties.getProperty(key);
        if (value == null) {
            return absent;
        }
        try {
            return Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            throw new MalformedFileException(path, key + " \"" + value + "\" is not a number");
        }
    }

    /** Replaces the file; when this returns, it survives a power loss. */
    public void write(BrokerMetadata metadata) throws IOException {
        StringBuilder content = new StringBuilder();
        content.append("version=").append(metadata.version()).append('\n');
        if (metadata.brokerId() >= 0) {
            content.append(metadata.version() == 0 ? "broker.id=" : "node.id=")
                    .append(metadata.brokerId())
                    .append('\n');
        }
        // No lambdas: each is a class that the start of a broker has to make.
        if (metadata.clusterId().isPresent()) {
            appendEscaped(content.append("cluster.id="), metadata.clusterId().get());
        }
        if (metadata.directoryId().isPresent()) {
            appendEscaped(
                    content.append("directory.id="), metadata.directoryId().get());
        }
        ReplacedFile.write(files, path, content.toString());
    }

    /** In a properties file a backslash takes a blank, a separator or another backslash literally. */
    private static void appendEscaped(StringBuilder content, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' || c == '=' || c == ':' || c == '#' || c == '!' || c == ' ') {
                content.append('\\');
            }
            content.append(c);
        }
        content.append('\n');
    }
}
