package io.odradek.server.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;

/**
 * What a tool reads from and writes to, all in UTF-8.
 *
 * @param in what is typed or piped in
 * @param out results; buffered, so whoever shows something while it goes on flushes it
 * @param err what is no result: failures, progress, hints
 * @param columns the width of the terminal that {@code out} is; 0 if it is a file or a pipe, which programs read
 */
public record Terminal(InputStream in, PrintStream out, PrintStream err, int columns) {
    /** Where a script says how wide the terminal is that it has seen. */
    static final String COLUMNS = "odradek.tool.columns";

    /** Set by a script that has seen that standard input is a terminal. */
    static final String TYPED = "odradek.tool.typed";

    /** Set by a script that has seen that standard error is a terminal. */
    static final String FOLLOWED = "odradek.tool.followed";

    /** {@return that of this process} @param standard its standard output */
    static Terminal ofProcess(StandardOutput standard) {
        PrintStream out = new PrintStream(new BufferedOutputStream(standard), false, UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);
        return new Terminal(System.in, out, err, Integer.getInteger(COLUMNS, 0));
    }

    /** {@return whether somebody looks at {@code out}} */
    public boolean isWatched() {
        return columns > 0;
    }

    /** {@return whether somebody types what comes in, and sees what goes out} */
    public boolean isTyped() {
        return isWatched() && Boolean.getBoolean(TYPED);
    }

    /** {@return whether somebody looks at {@code err}, so that a line there can be written over} */
    public boolean isFollowed() {
        return Boolean.getBoolean(FOLLOWED);
    }

    /**
     * Writes one line of results, ended as Unix ends lines. What a terminal would take for a command is harmless: names of
     * groups and clients have any characters.
     */
    public void line(String text) {
        out.print(isWatched() ? harmless(text) : text);
        out.print('\n');
    }

    /** Writes a line of what is no result, behind all results so far. */
    public void note(String text) {
        out.flush();
        err.println(harmless(text));
    }

    /** {@return a text with question marks in the place of control characters, but for the ends of lines and tabulators} */
    static String harmless(String text) {
        StringBuilder harmless = null;
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (Character.isISOControl(each) && each != '\n' && each != '\t') {
                harmless = harmless == null ? new StringBuilder(text) : harmless;
                harmless.setCharAt(i, '?');
            }
        }
        return harmless == null ? text : harmless.toString();
    }
}
