package io.odradek.server.tools;

/**
 * What one command does. Its options are fields that picocli reads; {@link ToolRun} parses them, adds {@code --help} and
 * {@code --version}, and makes one line of what {@link #run} throws.
 */
public interface Tool {
    /** The exit status of a command that has done what it was asked. */
    int DONE = 0;
    /** The exit status of one that could not, or was called wrongly. */
    int FAILED = 1;

    /**
     * Does what the options ask.
     *
     * @param terminal what to read from, and write to: results to {@code out}, and to {@code err} what is no result
     * @return the exit status
     * @throws UsageException if the options do not go together
     * @throws ToolException if it cannot be done, with the line to be shown
     * @throws Exception of the client: {@link Failures} says it in a line
     */
    int run(Terminal terminal) throws Exception;

    /** {@return the exit status if it was called wrongly} It is that of any failure, but of a tool to which that means more. */
    default int misused() {
        return FAILED;
    }
}
