package io.odradek.server.tools;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Option;

/**
 * The options that say which brokers a tool speaks with, and the way to them; a mixin of every tool that has to do with brokers.
 * An unreachable broker is found out before a client is made, which would try again for a minute.
 */
public final class Connection {
    /** Shows what the client logs, and where a failure came from. */
    static final String DEBUG = "--debug";

    private static final String HERE = "localhost:9092";
    private static final int CONNECT_WITHIN_MS = 5_000;
    private static final int ANSWER_WITHIN_MS = 10_000;
    private static final int DONE_WITHIN_MS = 15_000;
    private static final int RETRY_AFTER_MS = 10;

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT[,...]",
            description = "brokers to begin with; one that can be reached is enough (default: " + HERE + ")")
    private String servers;

    /** As older tools of Kafka had it; to some it means ids of brokers. */
    @Option(names = "--broker-list", hidden = true)
    private String brokerList;

    @Option(names = "--bootstrap-servers", hidden = true)
    private String manyServers;

    @Option(names = "--command-config", paramLabel = "FILE", description = "settings of the client, as KEY=VALUE")
    private String settingsFile;

    @Option(names = DEBUG, description = "tell on standard error what the client logs, and where a failure came from")
    private boolean debug;

    @Option(names = "--zookeeper", hidden = true)
    private String zookeeper;

    @Option(names = "--bootstrap-controller", hidden = true)
    private String controller;

    /** {@return the brokers as they were given} */
    public String servers() {
        return servers != null ? servers : manyServers != null ? manyServers : brokerList != null ? brokerList : HERE;
    }

    /**
     * {@return what was given as {@code --broker-list}, which is no address then} For the tool to which that means ids of brokers;
     * null if it was not given.
     */
    public String brokerIds() {
        String ids = brokerList;
        brokerList = null;
        return ids;
    }

    boolean debugs() {
        return debug;
    }

    /**
     * {@return a client for administration, to be closed}
     *
     * @throws ToolException if no broker can be reached
     */
    public Admin open() {
        return open(null);
    }

    /**
     * {@return a client for administration that waits for no answer longer, to be closed}
     *
     * @param timeoutMs how long; null as {@link #open()}
     * @throws ToolException if no broker can be reached
     */
    public Admin open(Integer timeoutMs) {
        Map<String, Object> settings = settings();
        if (timeoutMs != null) {
            UsageException.when(timeoutMs < 1, "The --timeout must be at least 1 ms");
            settings.put("request.timeout.ms", timeoutMs);
            settings.put("default.api.timeout.ms", timeoutMs);
        }
        // A broker that does not know a newer API is asked by an older one, after so long.
        settings.putIfAbsent("retry.backoff.ms", RETRY_AFTER_MS);
        return Admin.create(settings);
    }

    /**
     * {@return the settings of a client of any kind: those of the file, over short time-outs}
     *
     * @throws ToolException if the file cannot be read, or no broker can be reached
     */
    public Map<String, Object> settings() {
        return settings(settingsFile);
    }

    /**
     * {@return the settings of a client of any kind: those of a file, over short time-outs}
     *
     * @param file where they stand, as {@code --command-config}; null for none
     * @throws ToolException if the file cannot be read, or no broker can be reached
     */
    public Map<String, Object> settings(String file) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("socket.connection.setup.timeout.ms", CONNECT_WITHIN_MS);
        settings.put("request.timeout.ms", ANSWER_WITHIN_MS);
        settings.put("default.api.timeout.ms", DONE_WITHIN_MS);
        if (file != null) {
            settings.putAll(PropertiesFile.read(file));
        }
        return complete(settings);
    }

    /**
     * {@return the settings of a client that is measured, which waits as long as it does by itself} Where no brokers are given,
     * they too may be among its settings.
     *
     * @param file where they stand; null for {@code --command-config}
     * @param named what comes before those of the file
     * @throws ToolException if the file cannot be read, or no broker can be reached
     */
    public Map<String, Object> ownSettings(String file, Map<String, String> named) {
        String from = file != null ? file : settingsFile;
        Map<String, Object> settings = new LinkedHashMap<>();
        if (from != null) {
            settings.putAll(PropertiesFile.read(from));
        }
        settings.putAll(named);
        if (servers == null && manyServers == null && brokerList == null && settings.get("bootstrap.servers") != null) {
            servers = settings.get("bootstrap.servers").toString();
        }
        return complete(settings);
    }

    private Map<String, Object> complete(Map<String, Object> settings) {
        UsageException.when(
                zookeeper != null, "Tools speak with brokers, not with ZooKeeper: give --bootstrap-server HOST:PORT");
        UsageException.when(
                controller != null,
                "Brokers pass on what is for the controller: give --bootstrap-server, not --bootstrap-controller");
        settings.putIfAbsent("enable.metrics.push", "false");
        settings.putIfAbsent("metric.reporters", "");
        settings.put("bootstrap.servers", servers());
        reach();
        return settings;
    }

    /** Finds one of the brokers that takes a connection. */
    private void reach() {
        List<String> failures = new ArrayList<>();
        for (String server : servers().split(",", -1)) {
            InetSocketAddress address = address(server.strip());
            try (Socket socket = new Socket()) {
                socket.connect(resolved(address), CONNECT_WITHIN_MS);
                return;
            } catch (IOException unreachable) {
                failures.add("Broker at " + server.strip() + " cannot be reached: " + reason(unreachable));
            }
        }
        throw new ToolException(String.join("; ", failures));
    }

    private static InetSocketAddress resolved(InetSocketAddress address) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(address.getHostString()), address.getPort());
    }

    private static String reason(IOException unreachable) {
        if (unreachable instanceof UnknownHostException) {
            return "there is no such host";
        }
        String message = unreachable.getMessage();
        return message == null
                ? unreachable.getClass().getSimpleName()
                : message.toLowerCase(Locale.ROOT).replace("connect timed out", "no answer within 5 s");
    }

    private static InetSocketAddress address(String server) {
        int colon = server.lastIndexOf(':');
        String port = server.substring(colon + 1);
        String host = colon < 0 ? "" : server.substring(0, colon);
        // A listener's name may stand before the host, as in the settings of a broker.
        host = host.substring(host.indexOf("://") < 0 ? 0 : host.indexOf("://") + 3);
        if (!host.isEmpty() && port.matches("\\d{1,5}") && Integer.parseInt(port) <= 0xffff) {
            String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
            return InetSocketAddress.createUnresolved(bare, Integer.parseInt(port));
        }
        throw new UsageException("\"" + server + "\" is not HOST:PORT");
    }
}
