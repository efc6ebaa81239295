package io.odradek.server.tools.doctor;

import io.odradek.server.json.Json;
import io.odradek.server.tools.Answers;
import io.odradek.server.tools.Connection;
import io.odradek.server.tools.Failures;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks for the classic mistakes in a cluster and on a broker's machine, and says what to do. */
@Command(
        description = {
            "Looks for the classic mistakes, and says what to do about each.",
            "Exit status: 0 if nothing has failed, 1 if something has."
        },
        footer = {
            "  ${COMMAND-NAME}",
            "  ${COMMAND-NAME} --bootstrap-server localhost:9092 --seconds 1 --json",
            "  ${COMMAND-NAME} --config config/broker.properties"
        })
public final class DoctorTool implements Tool {
    private static final int LONGEST_LOOK_SECONDS = 3600;

    @Mixin
    private Connection connection;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "a broker's configuration: look at its ports, folders and limits on this machine, too")
    private String config;

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "between two looks at groups that are behind (default: 5)")
    private int seconds;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    /** Filled by picocli. */
    public DoctorTool() {}

    @Override
    public int run(Terminal terminal) throws Exception {
        UsageException.when(
                seconds < 1 || seconds > LONGEST_LOOK_SECONDS, "--seconds must be from 1 to " + LONGEST_LOOK_SECONDS);
        List<Finding> findings = new ArrayList<>();
        Consumer<Finding> found = finding -> {
            findings.add(finding);
            print(terminal, finding);
        };
        Optional<Introduction> met = lookAtCluster(found);
        if (config != null) {
            new MachineLook(config, met, found).look();
        }
        boolean failed = findings.stream().anyMatch(finding -> finding.level() == Finding.Level.FAIL);
        return failed ? FAILED : DONE;
    }

    /** {@return what a broker said of its cluster, if one could be asked} */
    private Optional<Introduction> lookAtCluster(Consumer<Finding> found) throws Exception {
        String about = "bootstrap server";
        Map<String, Object> settings;
        try {
            settings = connection.settings();
        } catch (UsageException wrong) {
            throw wrong;
        } catch (ToolException unreachable) {
            found.accept(Finding.fail(
                    about,
                    unreachable.getMessage(),
                    "Start the broker, or give the host and port of its listeners with --bootstrap-server"));
            return Optional.empty();
        }
        Optional<Introduction> met = Optional.empty();
        try {
            if (Introduction.isPossible(settings)) {
                met = Optional.of(Introduction.ask(connection.servers()));
                met.get().look(found);
                if (!met.get().anyReachable()) {
                    return met;
                }
            }
            try (Admin admin = Admin.create(settings)) {
                Answers.of(admin.describeCluster().nodes());
                found.accept(Finding.ok(about, connection.servers() + " answers"));
                new ClusterLook(admin, found).look();
                new GroupLook(admin, found, seconds).look();
            }
        } catch (Exception failed) {
            found.accept(
                    Finding.fail(
                            about,
                            Failures.line(failed, connection),
                            "See that it is the port of a broker's listener, and its security.protocol that of --command-config"));
        }
        return met;
    }

    private void print(Terminal terminal, Finding finding) {
        terminal.line(
                json
                        ? Json.text(Json.object(
                                "level",
                                finding.level(),
                                "about",
                                finding.about(),
                                "text",
                                finding.text(),
                                "advice",
                                finding.advice().isEmpty() ? null : finding.advice()))
                        : finding.toString());
        terminal.out().flush();
    }
}
