package io.odradek.server;

import io.odradek.core.config.ConfigException;
import io.odradek.server.env.DistributionHome;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The broker's command line. It is read by hand: an option library would cost more of the start than the rest of it.
 *
 * @param request what is asked for
 * @param file the configuration file, null for none
 * @param settings the settings of the configuration file, with the overrides over them
 */
record CommandLine(Request request, Path file, Map<String, String> settings) {
    static final String USAGE = """
            Usage: broker-start.sh [-daemon] [CONFIG] [--override KEY=VALUE]...

            Starts a broker with the settings of a properties file, under Apache Kafka's names.

              CONFIG                 the properties file (default: config/broker.properties)
              --override KEY=VALUE   a setting that goes before the file's; may be repeated
              -daemon                run in the background
              --help                 print this
              --version              print the version

            Examples:
              broker-start.sh
              broker-start.sh -daemon my.properties
              broker-start.sh --override log.dirs=/tmp/data --override listeners=PLAINTEXT://localhost:9093
              BROKER_LOG_DIR=logs/2 broker-start.sh -daemon config/broker-2.properties

            Environment: JAVA_HOME, BROKER_HEAP_OPTS (default: -Xms256m -Xmx1g), BROKER_OPTS, BROKER_OPTS_FILE (options
            with blanks, in quotes), BROKER_STATE_DIR (where logs go, and the data that the configurations beside bin name;
            default: the folder above bin), BROKER_LOG_DIR (logs and the process id; default: logs in BROKER_STATE_DIR),
            BROKER_START_WAIT_SECONDS (of -daemon; default: 120). Kafka's names do too: KAFKA_HEAP_OPTS, KAFKA_OPTS,
            KAFKA_JVM_PERFORMANCE_OPTS, LOG_DIR.
            """;

    /** What a command line asks for. */
    enum Request {
        SERVE,
        HELP,
        VERSION
    }

    /**
     * Reads the command line and the file it names.
     *
     * @throws ConfigException if it cannot be understood, with a line that says what is wrong
     */
    static CommandLine read(String[] arguments) {
        Map<String, String> overrides = new TreeMap<>();
        String file = null;
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (argument.equals("--help") || argument.equals("-h")) {
                return new CommandLine(Request.HELP, null, Map.of());
            } else if (argument.equals("--version")) {
                return new CommandLine(Request.VERSION, null, Map.of());
            } else if (argument.equals("--override")) {
                i++;
                addOverride(i < arguments.length ? arguments[i] : "", overrides);
            } else if (argument.startsWith("--override=")) {
                addOverride(argument.substring("--override=".length()), overrides);
            } else if (argument.startsWith("-")) {
                throw new ConfigException("Unknown option " + argument + " (--help shows those that are known)");
            } else if (file != null) {
                throw new ConfigException("Two configuration files: " + file + " and " + argument + "; give one");
            } else {
                file = argument;
            }
        }
        Map<String, String> settings = file == null ? new TreeMap<>() : readFile(Path.of(file), overrides);
        settings.putAll(overrides);
        return new CommandLine(Request.SERVE, file == null ? null : Path.of(file), settings);
    }

    private static void addOverride(String text, Map<String, String> overrides) {
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw new ConfigException("Bad override '" + text + "', expected --override KEY=VALUE");
        }
        overrides.put(
                text.substring(0, equals).trim(), text.substring(equals + 1).trim());
    }

    private static Map<String, String> readFile(Path file, Map<String, String> overrides) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (NoSuchFileException missing) {
            throw new ConfigException("There is no configuration file " + file);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new ConfigException("Configuration file " + file + " cannot be read: " + unreadable.getMessage());
        }
        Map<String, String> settings = new TreeMap<>();
        for (String name : properties.stringPropertyNames()) {
            settings.put(name, properties.getProperty(name).trim());
        }
        for (String folders : new String[] {"log.dirs", "log.dir"}) {
            if (settings.containsKey(folders) && !overrides.containsKey(folders)) {
                settings.put(folders, DistributionHome.folders(file, settings.get(folders)));
            }
        }
        return settings;
    }
}
