package io.odradek.server.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeExampleTest {
    @Test
    void theReadmeShowsATestThatRuns() throws Exception {
        String source = Files.readString(Path.of("src/test/java/io/odradek/server/junit/OrdersTest.java"));
        String shown = source.substring(source.indexOf("@OdradekTest"));
        assertThat(Files.readString(Path.of("../README.md"))).contains("```java\n" + shown + "```");
    }
}
