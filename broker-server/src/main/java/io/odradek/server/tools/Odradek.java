package io.odradek.server.tools;

import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The one command that all tools are part of: {@code odradek TOOL [OPTION]...}; the scripts of {@code bin} call it with their tool's
 * name. Exit status: 0 if it has done what it was asked, 1 if not, with one line on standard error.
 */
public final class Odradek {
    /** Under which name a script was called, if it was a tool's own. */
    static final String CALLED_AS = "odradek.tool.called";

    private Odradek() {}

    /** @param arguments the tool's name and its arguments */
    public static void main(String[] arguments) {
        // What the client library logs is no result, and what matters of it comes as a failure too.
        Logger root = Logger.getLogger("");
        root.setLevel(Arrays.asList(arguments).contains(Connection.DEBUG) ? Level.INFO : Level.OFF);
        StandardOutput standard = new StandardOutput();
        Terminal terminal = Terminal.ofProcess(standard);
        int status = run(terminal, arguments);
        terminal.out().flush();
        String loss = standard.loss();
        if (loss != null) {
            terminal.note("Standard output cannot be written: " + loss);
        }
        terminal.err().flush();
        System.exit(loss == null ? status : Tool.FAILED);
    }

    /**
     * As the program, but for its end.
     *
     * @param terminal what to read from and write to
     * @param arguments the tool's name and its arguments
     * @return the exit status
     */
    public static int run(Terminal terminal, String... arguments) {
        String first = arguments.length == 0 ? "" : arguments[0];
        switch (first) {
            case "" -> {
                terminal.err().print(usage());
                return Tool.FAILED;
            }
            case "-h", "--help", "help" -> {
                terminal.out().print(usage());
                return Tool.DONE;
            }
            case "-V", "--version" -> {
                terminal.line(ToolVersion.text());
                return Tool.DONE;
            }
            default -> {
                return runTool(terminal, first, Arrays.copyOfRange(arguments, 1, arguments.length));
            }
        }
    }

    private static int runTool(Terminal terminal, String name, String[] arguments) {
        Tools.Entry entry = Tools.named(name).orElse(null);
        if (entry == null) {
            terminal.err().println("There is no tool \"" + name + "\" (odradek --help names them all)");
            return Tool.FAILED;
        }
        String calledAs = System.getProperty(CALLED_AS, "odradek " + name);
        return ToolRun.run(entry.open(), calledAs, terminal, arguments);
    }

    private static String usage() {
        StringBuilder usage = new StringBuilder("Usage: odradek TOOL [OPTION]...\n\nTools:\n");
        for (Tools.Entry entry : Tools.all()) {
            usage.append(String.format("  %-20s %s%n", entry.name(), entry.purpose()));
        }
        return usage.append("\nodradek TOOL --help tells what each can do; bin/broker-*.sh are the same tools.\n")
                .toString();
    }
}
