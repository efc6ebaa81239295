package io.odradek.server.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Writes the script that completes {@code odradek} in bash and zsh; run by the build. */
public final class Completion {
    /** Has the tools as its subcommands, which at run time are found without loading all of them. */
    @Command(mixinStandardHelpOptions = true)
    private static final class All {}

    private Completion() {}

    /** @param arguments the file to write */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, script());
    }

    /** {@return the script} */
    static String script() {
        CommandLine all = new CommandLine(new All());
        all.setCommandName("odradek");
        for (Tools.Entry entry : Tools.all()) {
            all.addSubcommand(entry.name(), ToolRun.commandLine(entry.open(), entry.name()));
        }
        return AutoComplete.bash("odradek", all);
    }
}
