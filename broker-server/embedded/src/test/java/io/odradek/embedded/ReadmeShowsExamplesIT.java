package io.odradek.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the README shows under a link to a file of an example is what that file says: {@link ExamplesIT} runs it. */
class ReadmeShowsExamplesIT {
    private static final Pattern SHOWN = Pattern.compile(
            "]\\(broker-server/embedded/src/(examples/[^)]+[.]java)\\):\n```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void theReadmeShowsWhatTheExamplesSay() throws Exception {
        Matcher shown = SHOWN.matcher(Files.readString(OneJar.readme(), UTF_8));
        int seen = 0;
        while (shown.find()) {
            String example = Files.readString(OneJar.sources().resolve(shown.group(1)), UTF_8);
            assertThat(withoutIndent(example)).as(shown.group(1)).contains(withoutIndent(shown.group(2)));
            seen++;
        }
        assertThat(seen).isEqualTo(4);
    }

    private static String withoutIndent(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n"));
    }
}
