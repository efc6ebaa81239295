package io.odradek.server.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who decides about the options of the JVM that {@code bin/broker-start.sh} starts. */
@DisabledOnOs(OS.WINDOWS)
class JavaOptionsIT {
    private static final String NAMED =
            "-XX:+UseParallelGC -Xmx128m -XX:TieredStopAtLevel=1 -Xshare:off -XX:+PrintFlagsFinal";

    /** A blank in the name, on purpose. */
    @TempDir(factory = BlankInTheName.class)
    private Path folder;

    private String flags(Map<String, String> environment) throws Exception {
        Scripts.Result result = new Scripts(folder, environment).run("broker-start.sh", "--version");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("odradek ");
        return result.output();
    }

    private static void assertFlag(String flags, String name, String value) {
        assertThat(flags).containsPattern(name + " += " + value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BROKER_OPTS",
                "KAFKA_OPTS",
                "KAFKA_JVM_PERFORMANCE_OPTS",
                "JAVA_TOOL_OPTIONS",
                "JDK_JAVA_OPTIONS"
            })
    void whoeverNamesAHeapACollectorACompilerOrAnArchiveGetsIt(String variable) throws Exception {
        String flags = flags(Map.of(variable, NAMED));

        assertFlag(flags, "UseParallelGC", "true");
        assertFlag(flags, "UseSerialGC", "false");
        assertFlag(flags, "MaxHeapSize", "134217728 ");
        assertThat(flags).doesNotContain("classes-");
        // The script's own thresholds are four times as high.
        assertFlag(flags, "Tier4InvocationThreshold", "5000 ");
    }

    @Test
    void optionsWithBlanksComeFromAFileAndCountLikeAllOthers() throws Exception {
        Path file = folder.resolve("options of mine");
        Files.writeString(file, """
                # A name with blanks.
                "-XX:ErrorFile=/nowhere/the errors"
                "-XX:+UseParallelGC"
                -XX:+PrintFlagsFinal
                """);

        String flags = flags(Map.of("BROKER_OPTS_FILE", file.toString()));

        assertFlag(flags, "ErrorFile", "/nowhere/the errors ");
        assertFlag(flags, "UseParallelGC", "true");
        assertFlag(flags, "MaxHeapSize", "1073741824 ");
    }

    @Test
    void whatKafkaWouldHeedAndNobodyDoesHereIsSaid() throws Exception {
        String output = flags(Map.of("KAFKA_LOG4J_OPTS", "-Dlog4j.configuration=file:/etc/kafka/log4j.properties"));

        assertThat(output).contains("KAFKA_LOG4J_OPTS is not heeded").contains("config/logging.properties");
    }
}
