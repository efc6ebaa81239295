package io.odradek.server.oldfolders;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.tools.KafkaTool;
import io.odradek.server.tools.ToolCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages of magic 0 and 1 as our tool and Kafka's show them. */
@Timeout(300)
class OldFoldersDumpTest {
    @TempDir
    Path folder;

    private final List<Path> folders = new ArrayList<>();

    @BeforeEach
    void copy() throws IOException {
        for (OldFolder recorded : OldFolder.ALL) {
            folders.add(recorded.copyTo(folder.resolve(recorded.toString())));
        }
    }

    @Test
    void kafka3ShowsTheSame() throws Exception {
        try (KafkaTool kafka = new KafkaTool("3.9.2", folder.resolve("3.9.2"))) {
            assertSameOf(kafka, "kafka.tools.DumpLogSegments");
        }
    }

    @Test
    void kafka4ShowsTheSame() throws Exception {
        try (KafkaTool kafka = new KafkaTool("4.3.1", folder.resolve("4.3.1"))) {
            assertSameOf(kafka, "org.apache.kafka.tools.DumpLogSegments");
        }
    }

    private void assertSameOf(KafkaTool kafka, String mainClass) throws Exception {
        Predicate<String> ofOffsets = name -> name.contains("__consumer_offsets");
        List<String> logs = files(name -> name.endsWith(".log") && !ofOffsets.test(name));
        assertThat(ours("--deep-iteration", logs)).isEqualTo(theirs(kafka, mainClass, "--deep-iteration", logs));
        List<String> lines = theirs(kafka, mainClass, "--print-data-log", logs);
        assertThat(ours("--print-data-log", logs)).isEqualTo(lines);
        assertThat(lines)
                .anyMatch(line -> line.contains("NoTimestampType: -1 ") && line.contains("magic: 0 compresscodec: lz4"))
                .anyMatch(line -> line.contains("LogAppendTime: ") && line.contains("magic: 1 compresscodec: gzip"))
                .anyMatch(line -> line.contains("magic: 2 "));
        List<String> offsets = files(name -> name.endsWith(".log") && ofOffsets.test(name));
        List<String> decoded = theirs(kafka, mainClass, "--offsets-decoder", offsets);
        assertThat(decoded).anyMatch(line -> line.contains("\"metadata\":\"noted-too\""));
        if (mainClass.startsWith("kafka.")) {
            assertThat(ours("--offsets-decoder", offsets)).isEqualTo(decoded);
        }
    }

    @Test
    void nothingIsWrongWithThemAndNothingToBeRepaired() {
        for (Path data : folders) {
            assertThat(ToolCall.of("dump-log", "--print-data-log", data.toString())
                            .status())
                    .as(data.toString())
                    .isZero();
            ToolCall indexes = ToolCall.of("dump-log", "--verify-index-only", data.toString());
            assertThat(indexes.output()).isEmpty();
            assertThat(indexes.status()).isZero();
            assertThat(ToolCall.of("dump-log", "--repair", data.toString()).status())
                    .isZero();
        }
    }

    @Test
    void whatIsDamagedIsCutOutAndTheRestIsWhole() throws IOException {
        for (Path data : folders) {
            for (String topic : OldFolder.CODECS) {
                Path log = data.resolve(topic + "-0/00000000000000000000.log");
                String before = ToolCall.of("dump-log", "--print-data-log", log.toString())
                        .output();
                damage(log);
                assertThat(ToolCall.of("dump-log", log.toString()).status()).isEqualTo(1);

                assertThat(ToolCall.of(
                                        "dump-log",
                                        "--repair",
                                        "--execute",
                                        log.getParent().toString())
                                .status())
                        .isZero();

                List<String> after = records(ToolCall.of("dump-log", "--print-data-log", log.toString())
                        .output());
                assertThat(after)
                        .as(log.toString())
                        .hasSizeBetween(1, records(before).size() - 1)
                        .isSubsetOf(records(before))
                        .endsWith(last(records(before)));
            }
        }
    }

    /** Zeroes some bytes in the middle. */
    private static void damage(Path log) throws IOException {
        byte[] bytes = Files.readAllBytes(log);
        int middle = bytes.length / 2;
        Arrays.fill(bytes, middle, middle + 100, (byte) 0);
        Files.write(log, bytes);
    }

    private static List<String> records(String dump) {
        return dump.lines().filter(line -> line.startsWith("|")).toList();
    }

    private static String last(List<String> lines) {
        return lines.get(lines.size() - 1);
    }

    private static List<String> theirs(KafkaTool kafka, String mainClass, String option, List<String> files)
            throws Exception {
        ToolCall call = kafka.call(mainClass, option, "--files", String.join(",", files));
        assertThat(call.status()).as(call.err()).isZero();
        // It complains of gaps that cleaning has left, and 3.9.2 closes a brace that it has not opened.
        return call.out()
                .lines()
                .map(line -> line.replaceFirst("( crc: \\d+)\\}", "$1").stripTrailing())
                .toList();
    }

    private static List<String> ours(String option, List<String> files) {
        return ToolCall.of("dump-log", option, "--files", String.join(",", files))
                .output()
                .lines()
                .map(line ->
                        line.replaceFirst(" headerValues: \\[[^\\]]*\\]", "").stripTrailing())
                .toList();
    }

    private List<String> files(Predicate<String> wanted) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path data : folders) {
            try (Stream<Path> all = Files.walk(data)) {
                all.filter(Files::isRegularFile)
                        .map(Path::toString)
                        .filter(wanted)
                        .sorted()
                        .forEach(found::add);
            }
        }
        return found;
    }
}
