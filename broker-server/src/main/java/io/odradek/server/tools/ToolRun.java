package io.odradek.server.tools;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Runs one tool with its arguments: options, help, the exit status, and failures in one line. */
public final class ToolRun {
    private static final int HELP_COLUMNS = 120;

    private ToolRun() {}

    /**
     * Runs a tool to its end.
     *
     * @param tool a new one
     * @param calledAs the name that its help has: that of its script, or of the command with its subcommand
     * @param terminal what to read from and write to
     * @param arguments as typed
     * @return the exit status
     */
    public static int run(Tool tool, String calledAs, Terminal terminal, String... arguments) {
        CommandLine commandLine = commandLine(tool, calledAs);
        try {
            ParseResult parsed = commandLine.parseArgs(arguments);
            if (parsed.isUsageHelpRequested()) {
                PrintWriter writer = new PrintWriter(terminal.out());
                commandLine.usage(writer, CommandLine.Help.Ansi.OFF);
                writer.flush();
                return Tool.DONE;
            }
            if (parsed.isVersionHelpRequested()) {
                terminal.line(ToolVersion.text());
                return Tool.DONE;
            }
            return tool.run(terminal);
        } catch (ParameterException | UsageException wrong) {
            terminal.out().flush();
            terminal.err().println(Failures.oneLine(wrong.getMessage()) + " (--help shows how it is used)");
            return tool.misused();
        } catch (Exception | OutOfMemoryError failure) {
            Connection connection = connectionOf(commandLine.getCommandSpec());
            terminal.out().flush();
            terminal.err().println(Failures.line(failure, connection));
            if (connection != null && connection.debugs()) {
                failure.printStackTrace(terminal.err());
            }
            return Tool.FAILED;
        }
    }

    /**
     * {@return how a tool's arguments are read}
     *
     * @param tool what the options are set in
     * @param calledAs the name that its help has
     */
    public static CommandLine commandLine(Tool tool, String calledAs) {
        CommandLine commandLine = new CommandLine(tool);
        commandLine.setCommandName(calledAs);
        commandLine.setAbbreviatedOptionsAllowed(true);
        // A name may begin with an @, and means no file then.
        commandLine.setExpandAtFiles(false);
        commandLine.setUsageHelpWidth(HELP_COLUMNS);
        CommandSpec spec = commandLine.getCommandSpec();
        spec.mixinStandardHelpOptions(true);
        spec.usageMessage()
                .sortOptions(false)
                .abbreviateSynopsis(true)
                .descriptionHeading("%n")
                .optionListHeading("%nOptions:%n")
                .footerHeading("%nExamples:%n");
        return commandLine;
    }

    private static Connection connectionOf(CommandSpec spec) {
        for (CommandSpec mixin : spec.mixins().values()) {
            if (mixin.userObject() instanceof Connection connection) {
                return connection;
            }
        }
        return null;
    }
}
