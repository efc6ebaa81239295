package io.odradek.server;

import io.odradek.core.config.AdminListener;
import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.BrokerLoggers;
import io.odradek.core.config.ConfigException;
import io.odradek.core.coordination.InProcessHome;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.core.memory.MemoryAccount;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.server.env.SystemClock;
import io.odradek.server.logging.LogLevels;
import io.odradek.server.logging.ProcessLoggers;
import io.odradek.server.logging.RecentWarnings;
import io.odradek.server.metrics.BrokerRegistry;
import io.odradek.server.metrics.GroupMeters;
import io.odradek.server.metrics.JmxView;
import io.odradek.server.metrics.MicrometerMeters;
import io.odradek.server.net.NetworkServer;
import io.odradek.server.net.socket.Transport;
import io.odradek.server.zookeeper.ZooKeeperCoordinationStore;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Meters;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker as a program. It prints one line when it serves. Exit status: 1 if it cannot start, with one line on standard
 * error, or if its last log folder fails; 143 after SIGTERM and 130 after SIGINT, as a JVM has it, after a graceful stop.
 */
public final class BrokerMain {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerMain.class);
    private static final int FAILED = 1;

    private BrokerMain() {}

    /** @param arguments see {@link CommandLine#USAGE} */
    public static void main(String[] arguments) {
        int status = run(arguments, System.out, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    private static int run(String[] arguments, PrintStream out, PrintStream err) {
        try {
            CommandLine commandLine = CommandLine.read(arguments);
            switch (commandLine.request()) {
                case HELP -> out.print(CommandLine.USAGE);
                case VERSION -> out.println(version());
                default -> {
                    if (commandLine.file() != null) {
                        SecretFiles.warnings(commandLine.file(), commandLine.settings())
                                .forEach(LOG::warn);
                    }
                    serve(BrokerConfig.of(commandLine.settings()), out);
                }
            }
            return 0;
        } catch (ConfigException | IOException refused) {
            LOG.info("The broker cannot start: {}", refused.getMessage());
            err.println(refused.getMessage());
            return FAILED;
        }
    }

    /** Starts the broker and says so. {@return the broker, which the end of the JVM stops} */
    static Broker serve(BrokerConfig config, PrintStream out) throws IOException {
        if (config.isSet(AdminListener.SETTING)) {
            RecentWarnings.keep();
        }
        if (config.zooKeeperConnect() != null) {
            ZooKeeperCoordinationStore.prepareProcess(config);
        }
        PidFile pidFile = new PidFile(System.getProperty("odradek.pid.file"));
        report(config);
        Clock clock = new SystemClock();
        BrokerRegistry registry = config.flag("odradek.metrics.enable") ? new BrokerRegistry(clock) : null;
        Meters meters = registry == null ? Meters.NONE : MicrometerMeters.of(registry);
        Broker broker = Broker.start(
                config,
                new BrokerOptions(
                        Transport.best(),
                        false,
                        meters,
                        InProcessHome.journalled(JournalSettings.DURABLE),
                        (folder, cause) -> lastFolderFailed(pidFile, folder, cause),
                        DescriptorShares.limitOfProcess()),
                new BrokerHost() {
                    @Override
                    public BrokerLoggers loggers() {
                        return new ProcessLoggers();
                    }
                });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(broker, pidFile), "odradek-stop"));
        String line = describe(broker, ProcessAge.millis());
        out.println(line);
        out.flush();
        warn(config, broker);
        pidFile.write();
        LOG.info(line);
        LogLevels.watch();
        ServiceManager.tellReady(System.getenv("NOTIFY_SOCKET"));
        if (registry != null) {
            GroupMeters.show(broker, meters, clock);
            JmxView.of(registry);
        }
        return broker;
    }

    private static void report(BrokerConfig config) {
        MemoryAccount memory =
                MemoryAccount.of(config, Runtime.getRuntime().maxMemory(), NetworkServer.mostDirectBytes());
        for (String line : StartReport.lines(config, memory, version())) {
            LOG.info(line);
        }
    }

    /** What cannot work is said when the rest does: who is refused has one line to read. */
    private static void warn(BrokerConfig config, Broker broker) {
        long requestBytes = NetworkServer.largestRequestHeldBytes(config, broker.memory());
        for (String line : WhatCannotWork.of(
                config,
                Runtime.getRuntime().maxMemory(),
                NetworkServer.mostDirectBytes(),
                requestBytes,
                broker.metadata().topics().keySet())) {
            LOG.warn(line);
        }
    }

    private static String describe(Broker broker, long ageMs) {
        StringBuilder line =
                new StringBuilder("Broker ").append(broker.brokerId()).append(" serves");
        for (Map.Entry<String, Endpoint> listener : broker.advertised().entrySet()) {
            line.append(' ').append(listener.getKey()).append("://");
            line.append(listener.getValue().hostAndPort());
        }
        line.append(", data in");
        for (Path folder : broker.logFolders()) {
            line.append(' ').append(folder);
        }
        return line.append(", started in ").append(ageMs).append(" ms").toString();
    }

    private static void stop(Broker broker, PidFile pidFile) {
        pidFile.remove();
        try {
            broker.close();
            LOG.info("The broker has stopped");
        } catch (IOException | RuntimeException failure) {
            LOG.error("The broker could not stop in good order", failure);
        }
    }

    /**
     * Ends the process at once: a graceful stop would have nothing to write to, and may hang on the disk that has failed.
     */
    private static void lastFolderFailed(PidFile pidFile, Path folder, IOException cause) {
        String line = "The broker ends: log folder " + folder + " was the last one online, and has failed: "
                + cause.getMessage();
        LOG.error(line);
        System.err.println(line);
        pidFile.remove();
        Runtime.getRuntime().halt(FAILED);
    }

    private static String version() {
        String version = BrokerMain.class.getPackage().getImplementationVersion();
        return "odradek " + (version == null ? "(not from a jar)" : version);
    }
}
