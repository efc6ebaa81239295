package io.odradek.server.tools.doctor;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.core.config.Listener;
import io.odradek.server.env.DistributionHome;
import io.odradek.server.tools.PropertiesFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.Node;

/**
 * Looks at the machine that a broker runs, or is to run, on.
 *
 * @param file the broker's configuration
 * @param met what the running cluster has said, if it was asked
 */
record MachineLook(String file, Optional<Introduction> met, Consumer<Finding> found) {
    private static final long FEW_DESCRIPTORS = 10_000;
    private static final Path LIMITS = Path.of("/proc/self/limits");

    void look() {
        Map<String, String> settings = new TreeMap<>(PropertiesFile.read(file));
        for (String folders : List.of("log.dirs", "log.dir")) {
            settings.computeIfPresent(folders, (name, given) -> DistributionHome.folders(Path.of(file), given));
        }
        BrokerConfig config;
        try {
            config = BrokerConfig.of(settings);
            config.requireServed();
        } catch (ConfigException refused) {
            found.accept(Finding.fail("configuration", refused.getMessage(), "Mend it in " + file));
            return;
        }
        found.accept(Finding.ok("configuration", file + " can be used"));
        boolean runs = met.isPresent() && isAmong(met.get().brokers(), config);
        config.listeners().listeners().forEach(listener -> found.accept(port(listener, runs)));
        new FolderLook(config, met.map(Introduction::clusterId), found).look();
        descriptors().ifPresent(found);
    }

    /** {@return whether the broker runs} One listener tells only of itself, and of no others: one of the ports is enough. */
    static boolean isAmong(Collection<Node> brokers, BrokerConfig config) {
        Set<Integer> ports = new HashSet<>();
        config.listeners().listeners().forEach(listener -> ports.add(listener.port()));
        config.listeners().advertised().forEach(listener -> ports.add(listener.port()));
        return brokers.stream()
                .anyMatch(broker ->
                        ports.contains(broker.port()) && (config.brokerId() < 0 || config.brokerId() == broker.id()));
    }

    private static Finding port(Listener listener, boolean runs) {
        String about = "port of " + listener.name();
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            boolean all = listener.host() == null || listener.host().isEmpty();
            socket.bind(
                    all
                            ? new InetSocketAddress(listener.port())
                            : new InetSocketAddress(InetAddress.getByName(listener.host()), listener.port()));
            return Finding.ok(about, listener.port() + " is free");
        } catch (IOException taken) {
            return runs
                    ? Finding.ok(about, "the broker runs, and has " + listener.port())
                    : Finding.fail(
                            about,
                            listener.port() + " cannot be had: " + taken.getMessage(),
                            "Stop what listens there (ss -ltnp), or give listeners another address");
        }
    }

    private static Optional<Finding> descriptors() {
        try {
            return Files.readAllLines(LIMITS).stream()
                    .filter(line -> line.startsWith("Max open files"))
                    .map(line -> descriptors(line.split("\\s+")[3]))
                    .findFirst();
        } catch (IOException notLinux) {
            return Optional.empty();
        }
    }

    /** {@return what is to be said of a limit of open files} @param limit a number, or "unlimited" */
    static Finding descriptors(String limit) {
        boolean few = limit.matches("\\d{1,18}") && Long.parseLong(limit) < FEW_DESCRIPTORS;
        return few
                ? Finding.warn(
                        "open files",
                        "at most " + limit + " in a process; each segment and each connection takes some",
                        "Start the broker with more: ulimit -n 100000, or LimitNOFILE=100000 in its systemd unit")
                : Finding.ok("open files", "at most " + limit + " in a process");
    }
}
