package io.odradek.server.tools.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.tools.KafkaTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Sessions at a terminal, typed with our tools, with Apache Kafka 3.9.2's and with 4.3.1's, print what their transcripts say:
 * what all print alike is said once, what only some print has their names before it. {@code -Dsessions.record=true} writes down
 * what they print now.
 */
@Timeout(600)
class SessionsTest {
    private static final Path FOLDER = Path.of("src/test/resources/io/odradek/server/tools/session");
    private static final boolean RECORDS = Boolean.getBoolean("sessions.record");

    @TempDir
    private static Path temporary;

    private static KafkaTool older;
    private static KafkaTool newer;
    private static Map<String, Tools> sets;

    @BeforeAll
    static void start() throws Exception {
        older = new KafkaTool("3.9.2", temporary);
        newer = new KafkaTool("4.3.1", temporary);
        sets = new LinkedHashMap<>();
        sets.put("ours", Tools.OURS);
        sets.put("3.9.2", Tools.of(older, false));
        sets.put("4.3.1", Tools.of(newer, true));
    }

    @AfterAll
    static void stop() throws Exception {
        newer.close();
        older.close();
    }

    /** What Kafka's tools say of mistakes is asked by hand only: it depends on nothing of this broker's. */
    @ParameterizedTest
    @CsvSource({"everyday, true", "spellings, true", "settings, true", "clients, true", "acls, true", "mistakes, false"
    })
    void eachSetOfToolsPrintsWhatTheTranscriptSays(String name, boolean withKafkas) throws Exception {
        boolean asksKafka = withKafkas || RECORDS || Boolean.getBoolean("sessions.kafka");
        Path file = FOLDER.resolve(name + ".txt");
        Transcript transcript = Transcript.parse(Files.readString(file));
        Map<String, List<List<String>>> printed = new LinkedHashMap<>();
        SoftAssertions all = new SoftAssertions();
        for (Map.Entry<String, Tools> set : sets.entrySet()) {
            if (!asksKafka && set.getValue() != Tools.OURS) {
                continue;
            }
            Path files = Files.createDirectories(temporary.resolve(name).resolve(set.getKey()));
            List<List<String>> lines = new ArrayList<>();
            try (Replay replay = new Replay(set.getValue(), files)) {
                for (Transcript.Part part : transcript.parts()) {
                    lines.add(replay.type(part.typed()));
                    if (!RECORDS) {
                        check(all, set.getKey(), part, lines.get(lines.size() - 1));
                    }
                }
            }
            printed.put(set.getKey(), lines);
        }
        if (RECORDS) {
            Files.writeString(file, transcript.recorded(printed));
        }
        all.assertAll();
        assertThat(transcript.parts()).isNotEmpty();
    }

    private static void check(SoftAssertions all, String set, Transcript.Part part, List<String> printed) {
        List<String> expected = part.expectedOf(set);
        boolean ordered = !part.isInAnyOrder();
        all.assertThat(ordered ? printed : printed.stream().sorted().toList())
                .as("%s: %s", set, part.typed().text())
                .isEqualTo(ordered ? expected : expected.stream().sorted().toList());
    }
}
