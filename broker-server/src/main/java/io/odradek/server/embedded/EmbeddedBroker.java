package io.odradek.server.embedded;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.coordination.InProcessHome;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.server.Broker;
import io.odradek.server.BrokerOptions;
import io.odradek.server.net.Transport;
import io.odradek.storage.env.Meters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker inside this JVM, for tests: the engine of production on a free port of 127.0.0.1 with its logs in a temporary
 * folder. When {@link #start} returns it answers; when {@link #close} returns it has left no thread and no file behind. It
 * sets no system property and nothing static, and never ends the JVM. Any number of them may run side by side.
 *
 * <pre>{@code
 * try (EmbeddedBroker broker = EmbeddedBroker.start()) {
 *     Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
 *     ...
 * }
 * }</pre>
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    /** Settings of an embedded broker that are not those of production. */
    static final Map<String, String> DEFAULTS = Map.of(
            "num.network.threads", "1",
            "num.io.threads", "2",
            "offsets.topic.num.partitions", "3",
            "offsets.topic.replication.factor", "1",
            "transaction.state.log.num.partitions", "3",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "group.initial.rebalance.delay.ms", "0",
            "log.cleaner.dedupe.buffer.size", "2097152");

    private final Broker broker;
    private final Path temporaryFolder;
    private final String bootstrapServers;
    private final AtomicReference<IOException> failure;

    EmbeddedBroker(Broker broker, Path temporaryFolder, AtomicReference<IOException> failure) {
        this.broker = broker;
        this.failure = failure;
        this.temporaryFolder = temporaryFolder;
        Endpoint endpoint = broker.advertised().values().iterator().next();
        this.bootstrapServers = endpoint.hostAndPort();
    }

    /** Starts a broker with the default settings of an embedded one; returns when it serves. */
    public static EmbeddedBroker start() {
        return builder().start();
    }

    /** {@return what a broker is made with} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return what to give a client as {@code bootstrap.servers}} */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** {@return the folder its logs are in} */
    public Path logFolder() {
        return broker.logFolders().get(0);
    }

    /**
     * {@return why the broker can do nothing any more: what failed in the last of its log folders}
     *
     * <p>It answers clients with errors from then on, KAFKA_STORAGE_ERROR for the most part; it is still to be closed.
     */
    public Optional<IOException> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** {@return how many times logs were forced because something appended was to be acknowledged} */
    long forcesBeforeAcknowledgement() {
        return broker.forcesBeforeAcknowledgement();
    }

    /** Stops the broker, waits for its threads to end, and removes the temporary folder. May be called again. */
    @Override
    public synchronized void close() {
        try {
            broker.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            remove(temporaryFolder);
        }
    }

    /** Removes a folder with all that is in it; does nothing if there is none. */
    static void remove(Path folder) {
        if (folder == null || !Files.exists(folder)) {
            return;
        }
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException failure) {
            throw new UncheckedIOException("The temporary folder " + folder + " cannot be removed", failure);
        }
    }

    /** What an embedded broker is made with. */
    public static final class Builder {
        private final Map<String, String> settings = new TreeMap<>();
        private Path logFolder;
        private int port;

        private Builder() {
            settings.putAll(DEFAULTS);
        }

        /** Sets a broker setting under Kafka's name, over the defaults of an embedded broker. */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /** Keeps the logs in this folder, which stays when the broker is closed. */
        public Builder logFolder(Path folder) {
            logFolder = folder;
            return this;
        }

        /** Listens on this port rather than on a free one. */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /**
         * Starts a broker; returns when it serves. May be called again, for another one.
         *
         * @throws io.odradek.core.config.ConfigException if a setting is not allowed
         * @throws UncheckedIOException if the port or the folder cannot be had
         */
        public EmbeddedBroker start() {
            Map<String, String> all = new TreeMap<>(settings);
            Path temporary = null;
            try {
                if (logFolder != null) {
                    all.put("log.dirs", logFolder.toString());
                } else if (!all.containsKey("log.dirs") && !all.containsKey("log.dir")) {
                    temporary = Files.createTempDirectory("odradek-");
                    all.put("log.dirs", temporary.toString());
                }
                all.putIfAbsent("listeners", "PLAINTEXT://127.0.0.1:" + port);
                AtomicReference<IOException> lastFolder = new AtomicReference<>();
                BrokerOptions options = new BrokerOptions(
                        Transport.NIO,
                        true,
                        Meters.NONE,
                        InProcessHome.journalled(JournalSettings.EMBEDDED),
                        (folder, cause) -> {
                            LOG.error("Log folder {} was the last one online, and has failed", folder, cause);
                            lastFolder.compareAndSet(null, cause);
                        });
                return new EmbeddedBroker(Broker.start(BrokerConfig.of(all), options), temporary, lastFolder);
            } catch (IOException failure) {
                remove(temporary);
                throw new UncheckedIOException(failure.getMessage(), failure);
            } catch (RuntimeException failure) {
                remove(temporary);
                throw failure;
            }
        }
    }
}
