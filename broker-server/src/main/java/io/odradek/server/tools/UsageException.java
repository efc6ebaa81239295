package io.odradek.server.tools;

/** A tool was called wrongly; the line that the user sees goes on with where its use is shown. */
public final class UsageException extends ToolException {
    /** @param line what is wrong with the arguments */
    public UsageException(String line) {
        super(line);
    }

    /**
     * Refuses a call in which not exactly one of several things is asked for.
     *
     * @param names what could be asked for, in the order of the help
     * @param asked which of them are
     * @throws UsageException if that is none or more than one
     */
    public static void unlessOne(String names, boolean... asked) {
        int count = 0;
        for (boolean each : asked) {
            count += each ? 1 : 0;
        }
        if (count != 1) {
            throw new UsageException("Give exactly one of " + names);
        }
    }

    /** @throws UsageException with the line, if the condition holds */
    public static void when(boolean wrong, String line) {
        if (wrong) {
            throw new UsageException(line);
        }
    }
}
