package io.odradek.server.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The commands of the README that call our tools, in its order, against one broker. */
class ReadmeToolsTest {
    private static final Path README = Path.of("../README.md");

    /** Those that are piped something print it first. */
    private static final Pattern PIPED = Pattern.compile("printf '([^']*)' \\| (.*)");

    private record Call(String input, String[] arguments) {}

    @Test
    void theyDoWhatTheySay() throws Exception {
        List<Call> calls = calls();
        assertThat(calls.size()).isGreaterThan(5);
        try (EmbeddedBroker broker =
                EmbeddedBroker.builder().topic("greetings", 1).start()) {
            broker.produce("greetings", "key", "one");
            for (Call call : calls) {
                boolean speaks = !call.arguments[0].startsWith("-");
                String[] arguments = speaks ? ToolCall.with(broker, call.arguments) : call.arguments;
                ToolCall done = ToolCall.typed(call.input, 0, arguments);
                assertThat(done.status())
                        .as(String.join(" ", call.arguments) + "\n" + done)
                        .isZero();
            }
            assertThat(ToolCall.at(broker, "topics", "--list").output()).contains("greetings\norders\n");
        }
    }

    /** {@return what each calls {@code odradek} with} Not the dump of a folder, which is a test of its own ({@code DumpScriptIT}). */
    private static List<Call> calls() throws Exception {
        List<Call> calls = new ArrayList<>();
        for (String line : Files.readAllLines(README)) {
            Matcher piped = PIPED.matcher(line);
            boolean isPiped = piped.matches();
            String input = isPiped ? piped.group(1).replace("\\n", "\n") : "";
            String[] words = (isPiped ? piped.group(2) : line).split(" +");
            for (Tools.Entry tool : Tools.all()) {
                if (words[0].equals("bin/" + tool.script()) && !tool.name().equals("dump-log")) {
                    words[0] = tool.name();
                    calls.add(new Call(input, words));
                }
            }
            if (words[0].equals("bin/odradek")) {
                calls.add(new Call(input, Arrays.copyOfRange(words, 1, words.length)));
            }
        }
        return calls;
    }
}
