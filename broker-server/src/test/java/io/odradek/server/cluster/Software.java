package io.odradek.server.cluster;

import io.odradek.server.clients.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whose programs a cluster consists of: Odradek's, or Apache Kafka's, which shows what a test may ask for. */
interface Software {
    String ZOOKEEPER_MAIN = "org.apache.zookeeper.server.quorum.QuorumPeerMain";

    /**
     * The command that runs a broker in its process.
     *
     * @param settings its configuration file
     * @param logs for what it logs
     */
    ProcessBuilder broker(Path settings, Path logs) throws IOException;

    /**
     * The command that runs a ZooKeeper server in its process.
     *
     * @param settings its configuration file
     * @param logs for what it logs
     */
    ProcessBuilder zooKeeper(Path settings, Path logs) throws IOException;

    /**
     * What {@code -Dcluster.software} names: {@code kafka}, {@code classes} (those that are tested, by their class path) or
     * {@code scripts} (those of {@code bin}, on the distribution that this build has made).
     *
     * @param folder for what Kafka needs
     * @param otherwise what is taken if nothing is named
     */
    static Software named(Path folder, String otherwise) throws IOException, InterruptedException {
        String name = System.getProperty("cluster.software", otherwise);
        return switch (name) {
            case "kafka" -> new OfKafka(new Peer("3.9.2", folder.resolve("peer")));
            case "classes" -> new OfClasses();
            case "scripts" -> new OfScripts();
            default -> throw new IllegalArgumentException("cluster.software=" + name);
        };
    }

    /** @param peer Apache Kafka */
    record OfKafka(Peer peer) implements Software {
        @Override
        public ProcessBuilder broker(Path settings, Path logs) {
            return peer.java("kafka.Kafka", settings.toString());
        }

        @Override
        public ProcessBuilder zooKeeper(Path settings, Path logs) {
            return peer.java(ZOOKEEPER_MAIN, settings.toString());
        }
    }

    /** The classes on the test's own class path. */
    record OfClasses() implements Software {
        @Override
        public ProcessBuilder broker(Path settings, Path logs) throws IOException {
            return java(logs, "io.odradek.server.BrokerMain", settings);
        }

        @Override
        public ProcessBuilder zooKeeper(Path settings, Path logs) throws IOException {
            return java(logs, ZOOKEEPER_MAIN, settings);
        }

        private static ProcessBuilder java(Path logs, String main, Path settings) throws IOException {
            Path logging = logs.resolve("logging.properties");
            Files.writeString(logging, """
                    handlers=java.util.logging.ConsoleHandler
                    java.util.logging.ConsoleHandler.level=ALL
                    java.util.logging.SimpleFormatter.format=%1$tF %1$tT.%1$tL %4$s %5$s (%3$s)%6$s%n
                    .level=INFO
                    io.netty.level=WARNING
                    """);
            List<String> command = new ArrayList<>(List.of(
                    ProcessHandle.current().info().command().orElse("java"), "-Xmx256m", "-XX:TieredStopAtLevel=1"));
            if (Runtime.version().feature() >= 24) {
                command.add("--enable-native-access=ALL-UNNAMED");
                command.add("--sun-misc-unsafe-memory-access=allow");
            }
            command.addAll(List.of(
                    "-Djava.util.logging.config.file=" + logging,
                    "-cp",
                    System.getProperty("java.class.path"),
                    main,
                    settings.toString()));
            return new ProcessBuilder(command);
        }
    }

    /** What somebody has who built the project. */
    record OfScripts() implements Software {
        private static final Path BIN = Path.of("..", "bin").toAbsolutePath().normalize();

        @Override
        public ProcessBuilder broker(Path settings, Path logs) {
            return script("broker-start.sh", settings, logs);
        }

        @Override
        public ProcessBuilder zooKeeper(Path settings, Path logs) {
            return script("zookeeper-start.sh", settings, logs);
        }

        private static ProcessBuilder script(String name, Path settings, Path logs) {
            ProcessBuilder builder = new ProcessBuilder(BIN.resolve(name).toString(), settings.toString());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("BROKER_LOG_DIR", logs.toString());
            builder.environment().put("ZOOKEEPER_LOG_DIR", logs.toString());
            builder.environment().put("BROKER_HEAP_OPTS", "-Xmx256m");
            return builder;
        }
    }
}
