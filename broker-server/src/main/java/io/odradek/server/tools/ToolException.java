package io.odradek.server.tools;

/** A tool cannot do what it was asked. The message is the line that the user sees: what, where, and what can be done. */
public class ToolException extends RuntimeException {
    /** @param line what the user sees */
    public ToolException(String line) {
        super(line);
    }

    /**
     * @param line what the user sees
     * @param cause shown with {@code --debug} only
     */
    public ToolException(String line, Throwable cause) {
        super(line, cause);
    }
}
