package io.odradek.server.tools.dump;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.server.tools.ToolCall;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/** Calls the dump tool, which is a program of its own. */
public final class DumpCall {
    private DumpCall() {}

    /** {@return a new one, its options not set} */
    public static Object tool() {
        return new DumpLogTool();
    }

    /** {@return what it does with these arguments} */
    public static ToolCall of(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = DumpLogTool.run(arguments, out, new PrintStream(err, true, UTF_8));
        return new ToolCall(status, out.toString(UTF_8), err.toString(UTF_8));
    }
}
