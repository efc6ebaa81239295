package io.odradek.server.tools.apis;

import io.odradek.server.json.Json;
import io.odradek.server.tools.Brokers;
import io.odradek.server.tools.Connection;
import io.odradek.server.tools.Failures;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.ToolException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.ApiException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows which APIs brokers serve, in which versions; speaks like Kafka's {@code kafka-broker-api-versions}. */
@Command(
        description = {
            "Shows which APIs each broker serves, in which versions, and which version a client of today would use.",
            "A broker that cannot be asked is told of on standard error."
        },
        footer = {
            "  ${COMMAND-NAME}",
            "  ${COMMAND-NAME} --bootstrap-server localhost:9092 --json",
        })
public final class ApiVersionsTool implements Tool {
    @Mixin
    private Connection connection;

    @Option(names = "--json", description = "one JSON object a line, for each broker")
    private boolean json;

    /** Filled by picocli. */
    public ApiVersionsTool() {}

    @Override
    public int run(Terminal terminal) throws Exception {
        Map<String, Object> settings = connection.settings();
        int status = DONE;
        try (VersionProbe probe = new VersionProbe(settings)) {
            for (Node broker : brokers(settings)) {
                try {
                    print(terminal, broker, ServedApi.of(probe.ask(broker).apiKeys()));
                } catch (IOException | ApiException | ToolException failure) {
                    terminal.out().flush();
                    terminal.err().println(name(broker) + " -> ERROR: " + Failures.line(failure, connection));
                    status = FAILED;
                }
            }
        }
        return status;
    }

    private static Collection<Node> brokers(Map<String, Object> settings) throws Exception {
        try (Admin admin = Admin.create(settings)) {
            return Brokers.known(admin).values();
        }
    }

    private void print(Terminal terminal, Node broker, List<ServedApi> apis) {
        if (json) {
            terminal.line(Json.text(Json.object(
                    "broker",
                    broker.id(),
                    "host",
                    broker.host(),
                    "port",
                    broker.port(),
                    "rack",
                    broker.rack(),
                    "apis",
                    apis.stream().map(ServedApi::object).toList())));
            return;
        }
        terminal.line(apis.stream()
                .map(ServedApi::text)
                .collect(Collectors.joining(",\n\t", name(broker) + " -> (\n\t", "\n)")));
    }

    /** {@return a broker as Kafka 3.9 has it} */
    private static String name(Node broker) {
        return broker.host() + ":" + broker.port() + " (id: " + broker.idString() + " rack: " + broker.rack() + ")";
    }
}
