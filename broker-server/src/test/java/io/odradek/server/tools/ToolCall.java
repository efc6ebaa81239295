package io.odradek.server.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.server.embedded.EmbeddedBroker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a tool did when it was called, in this process.
 *
 * @param status its exit status
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
public record ToolCall(int status, String out, String err) {
    /** {@return what {@code odradek} does with these arguments} */
    public static ToolCall of(String... arguments) {
        return typed("", 0, arguments);
    }

    /** {@return what {@code odradek} does with these arguments, and with a broker as its {@code --bootstrap-server}} */
    public static ToolCall at(EmbeddedBroker broker, String... arguments) {
        return of(with(broker, arguments));
    }

    /**
     * {@return what {@code odradek} does with these arguments}
     *
     * @param input what is typed or piped in
     * @param columns the width of the terminal; 0 for none
     */
    public static ToolCall typed(String input, int columns, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input.getBytes(UTF_8)),
                new PrintStream(out, false, UTF_8),
                new PrintStream(err, false, UTF_8),
                columns);
        int status = Odradek.run(terminal, arguments);
        terminal.out().flush();
        terminal.err().flush();
        return new ToolCall(status, out.toString(UTF_8), err.toString(UTF_8));
    }

    /** {@return what {@code odradek} does in a process of its own, which has no other clients in it} What it says is short. */
    public static ToolCall inAProcess(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Odradek.class.getName()));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
        return new ToolCall(process.waitFor(), out, err);
    }

    /** {@return arguments that name a broker, too} */
    public static String[] with(EmbeddedBroker broker, String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--bootstrap-server", broker.bootstrapServers()));
        return all.toArray(String[]::new);
    }

    /** {@return the one line that it failed with} @throws AssertionError if it did not fail, or said anything else */
    public String failure() {
        List<String> lines = err.lines().toList();
        if (status != 1 || lines.size() != 1 || err.contains("\tat ")) {
            throw new AssertionError("Not one line and status 1: " + this);
        }
        return lines.get(0);
    }

    /** {@return standard output} @throws AssertionError if it failed, or wrote anything to standard error */
    public String output() {
        if (status != 0 || !err.isEmpty()) {
            throw new AssertionError("It failed: " + this);
        }
        return out;
    }
}
