package io.odradek.server.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The commands of the README that call our tools, in its order, against one broker. */
class ReadmeToolsTest {
    private static final Path README = Path.of("../README.md");

    @Test
    void theyDoWhatTheySay() throws Exception {
        List<String[]> calls = calls();
        assertThat(calls.size()).isGreaterThan(5);
        try (EmbeddedBroker broker =
                EmbeddedBroker.builder().topic("greetings", 1).start()) {
            broker.produce("greetings", "key", "one");
            for (String[] call : calls) {
                ToolCall done = call[0].startsWith("-") ? ToolCall.of(call) : ToolCall.at(broker, call);
                assertThat(done.status())
                        .as(String.join(" ", call) + "\n" + done)
                        .isZero();
            }
            assertThat(ToolCall.at(broker, "topics", "--list").output()).contains("greetings\norders\n");
        }
    }

    /** {@return what each calls {@code odradek} with}; tools that wait to be ended are left to tests of their own. */
    private static List<String[]> calls() throws Exception {
        List<String[]> calls = new ArrayList<>();
        for (String line : Files.readAllLines(README)) {
            String[] words = line.split(" +");
            for (Tools.Entry tool : Tools.all()) {
                if (words[0].equals("bin/" + tool.script())
                        && !tool.name().contains("produce")
                        && !tool.name().contains("consume")) {
                    words[0] = tool.name();
                    calls.add(words);
                }
            }
            if (words[0].equals("bin/odradek")) {
                calls.add(Arrays.copyOfRange(words, 1, words.length));
            }
        }
        return calls;
    }
}
