package io.odradek.server.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The scripts in {@code bin}, on the distribution that this build has made.
 *
 * @param folder where they are run, and their output goes
 * @param environment set for them, beside the Java of this process
 */
record Scripts(Path folder, Map<String, String> environment) {
    static final Path BIN = Path.of("").toAbsolutePath().resolve("../bin").normalize();
    private static final int DONE_WITHIN_SECONDS = 60;

    /** What a script did. */
    record Result(int status, String output) {}

    /** Runs a script of {@code bin} and waits for its end. */
    Result run(String script, String... arguments) throws IOException, InterruptedException {
        return run(BIN.resolve(script), arguments);
    }

    /** Runs a program and waits for its end. */
    Result run(Path program, String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", "");
        Process process =
                command(program, arguments).redirectOutput(output.toFile()).start();
        if (!process.waitFor(DONE_WITHIN_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        return new Result(process.exitValue(), Files.readString(output));
    }

    /** {@return a command line that runs a program} */
    ProcessBuilder command(Path program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }
}
