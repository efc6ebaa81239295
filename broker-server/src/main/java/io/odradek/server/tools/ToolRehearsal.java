package io.odradek.server.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.server.embedded.EmbeddedBroker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Has a JVM use the tools as they are used most, so that it sees the classes that they need, and can write them to an archive:
 * {@code bin/tool.sh} runs it once for each build. The JVM is one of its own, as the broker that the tools speak with is no part of
 * the archive. Arguments: the command that starts it, up to the class; the exit status is its own.
 */
public final class ToolRehearsal {
    private static final String[][] CALLS = {
        {"topics", "--create", "--topic", "rehearsal", "--partitions", "2", "--config", "retention.ms=1000"},
        {"produce", "--topic", "rehearsal"},
        {"consume", "--topic", "rehearsal", "--from-beginning", "--max-messages", "1"},
        {"topics", "--list"},
        {"topics", "--describe"},
        {"topics", "--help"},
        {
            "groups",
            "--reset-offsets",
            "--group",
            "rehearsal",
            "--topic",
            "rehearsal",
            "--to-latest",
            "--execute",
            "--json"
        },
        {"groups", "--list"},
        {"groups", "--describe", "--group", "rehearsal"},
        {"configs", "--describe", "--topic", "rehearsal"},
        {"configs", "--alter", "--topic", "rehearsal", "--add-config", "retention.ms=2000"},
        {"offsets", "--topic", "rehearsal"},
        {"transactions", "list"},
        {"reassign-partitions", "--list"},
        {"api-versions"},
        {"topics", "--alter", "--topic", "rehearsal", "--partitions", "3"},
        {"topics", "--delete", "--topic", "rehearsal"}
    };

    private ToolRehearsal() {}

    /** @param command a JVM's command line; in it: {@code --play} and where the broker is */
    public static void main(String[] command) throws IOException, InterruptedException {
        if (command[0].equals("--play")) {
            System.exit(play(command[1]));
        }
        int status;
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            List<String> own = new ArrayList<>(List.of(command));
            own.addAll(List.of(ToolRehearsal.class.getName(), "--play", broker.bootstrapServers()));
            status = new ProcessBuilder(own).inheritIO().start().waitFor();
        }
        System.exit(status);
    }

    private static int play(String servers) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
        int status = Tool.DONE;
        for (String[] call : CALLS) {
            Terminal terminal = new Terminal(new ByteArrayInputStream("a line\n".getBytes(UTF_8)), nowhere, nowhere, 0);
            List<String> arguments = new ArrayList<>(List.of(call));
            arguments.addAll(List.of("--bootstrap-server", servers));
            int done = Odradek.run(terminal, arguments.toArray(String[]::new));
            if (done != Tool.DONE) {
                System.err.println("Has failed: " + String.join(" ", arguments));
                status = done;
            }
        }
        return status;
    }
}
