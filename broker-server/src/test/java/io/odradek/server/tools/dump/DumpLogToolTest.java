package io.odradek.server.tools.dump;

import static io.odradek.server.tools.dump.DumpFolder.change;
import static io.odradek.server.tools.dump.DumpFolder.dump;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.ToolRun;
import io.odradek.server.tools.dump.DumpFolder.Result;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tool shows of a folder that is sound, and how it may be called. */
class DumpLogToolTest {
    @TempDir
    Path temporary;

    private DumpFolder folder;

    @BeforeEach
    void write() throws IOException {
        folder = new DumpFolder(temporary.resolve("data"));
    }

    @Test
    void ofALogFolderItShowsAllFilesInOrderAndChangesNone() throws IOException {
        Map<String, String> before = contents();

        Result result = dump(folder.root());

        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output().lines().filter(line -> line.startsWith("Dumping ")))
                .map(line -> line.substring(line.lastIndexOf('/') + 1))
                .containsExactly(
                        "meta.properties",
                        "recovery-point-offset-checkpoint",
                        "cleaner-offset-checkpoint",
                        DumpFolder.SEGMENT + ".log",
                        DumpFolder.SEGMENT + ".index",
                        DumpFolder.SEGMENT + ".timeindex",
                        DumpFolder.SEGMENT + ".txnindex",
                        "00000000000000000009.snapshot",
                        "leader-epoch-checkpoint",
                        "partition.metadata");
        assertThat(result.output())
                .contains("version: 0 brokerId: 3 clusterId: abc\n")
                .contains("topic: topic partition: 0 offset: 9\n")
                .contains("offset: 8 position: " + folder.position(4) + "\n")
                .contains("timestamp: 1004 offset: 4\n")
                .contains("version: 0 producerId: 7 firstOffset: 5 lastOffset: 6 lastStableOffset: 7\n")
                .contains(
                        "producerId: 7 producerEpoch: 1 coordinatorEpoch: 3 currentTxnFirstOffset: OptionalLong.empty"
                                + " lastTimestamp: 1006 firstSequence: 2 lastSequence: 2 lastOffset: 5 offsetDelta: 0 timestamp: 1006\n")
                .contains("leaderEpoch: 4 startOffset: 0\n")
                .contains("topicId: C8PldR5wTYeO-_o50H0lLA\n");
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void aRecordKeepsToItsLineWhateverIsInIt() {
        Result result = dump("--print-data-log", folder.file(".log"));

        assertThat(result.output())
                .contains("| offset: 0 CreateTime: 1000 keySize: 1 valueSize: 10 sequence: 0 headerKeys: [h]"
                        + " headerValues: [base64:/wAB] key: k payload: first\\nline\n")
                .contains("| offset: 1 CreateTime: 1001 keySize: -1 valueSize: -1 sequence: 1 headerKeys: []\n")
                .contains(" key: k payload: base64:/wAB\n")
                .contains(" key: \u00e9 payload: \"quoted\\\" \u2028 \\x07\n")
                .contains("| offset: 6 CreateTime: 1006 keySize: 4 valueSize: 6 sequence: -1 headerKeys: []"
                        + " endTxnMarker: ABORT coordinatorEpoch: 3\n");
        assertThat(dump("--print-data-log", "--skip-record-metadata", folder.file(".log"))
                        .output())
                .contains("\n| key: k payload: first\\nline\n");
    }

    @Test
    void asJsonEveryByteComesBack() {
        List<JsonObject> objects =
                dump("--json", "--print-data-log", folder.root()).objects();

        assertThat(objects).allMatch(object -> object.has("type") && object.has("file"));
        List<JsonObject> records = objects.stream()
                .filter(object -> object.stringAt("type").equals("record"))
                .toList();
        assertThat(records).hasSize(8);
        assertThat(records.get(0).stringAt("value")).isEqualTo("first\nline");
        assertThat(records.get(0).stringAt("valueEncoding")).isEqualTo("utf8");
        JsonObject header = (JsonObject) ((List<?>) records.get(0).fields().get("headers")).get(0);
        assertThat(header.stringAt("key")).isEqualTo("h");
        assertThat(Base64.getDecoder().decode(header.stringAt("value"))).isEqualTo(DumpFolder.BINARY);
        assertThat(records.get(1).fields()).containsEntry("key", null).containsEntry("value", null);
        assertThat(records.get(2).stringAt("valueEncoding")).isEqualTo("base64");
        assertThat(Base64.getDecoder().decode(records.get(2).stringAt("value"))).isEqualTo(DumpFolder.BINARY);
        assertThat(records.get(3).stringAt("value")).isEqualTo("\"quoted\\\" \u2028 \u0007");
        assertThat(objects.stream().map(object -> object.stringAt("type")))
                .contains("file", "batch", "control", "offsetIndexEntry", "timeIndexEntry", "abortedTransaction")
                .contains("producer", "leaderEpoch", "offset", "properties");
    }

    @Test
    void indexesThatMatchTheirLogAreNotWorthAWord() {
        assertThat(dump("--verify-index-only", folder.root())).isEqualTo(new Result(0, "", ""));
        assertThat(dump("--index-sanity-check", folder.root())
                        .output()
                        .lines()
                        .filter(line -> line.endsWith(" passed sanity check.")))
                .hasSize(3);
    }

    @Test
    void roomThatKafkaKeepsInIndexesIsNoDamage() {
        for (String suffix : List.of(".index", ".timeindex")) {
            change(folder.file(suffix), bytes -> Arrays.copyOf(bytes, bytes.length + 240));
        }

        assertThat(dump("--verify-index-only", folder.root())).isEqualTo(new Result(0, "", ""));
        assertThat(dump(folder.root()).output())
                .contains("room for 30 more entries")
                .contains("room for 20 more entries");
    }

    @Test
    void readingEndsBeforeTheBatchThatTheLimitCuts() {
        Result result = dump("--max-bytes", folder.position(2) + 10, "--files", folder.file(".log"));

        assertThat(result.status()).isZero();
        assertThat(result.output().lines().filter(line -> line.startsWith("baseOffset: ")))
                .hasSize(2);
    }

    @Test
    void aBatchThatIsTooLargeToBeOpenedIsSaidToBe() {
        Result result = dump("--deep-iteration", "--max-message-size", 100, folder.file(".log"));

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.problems()).isNotEmpty().allMatch(line -> line.contains("--max-message-size"));
    }

    @Test
    void aDecoderThatDoesNotFitIsADoubtAndTheRecordIsShownAsItIs() {
        Result result = dump("--offsets-decoder", folder.file(".log"));

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.problems()).anyMatch(line -> line.contains("Is this a partition of __consumer_offsets?"));
        assertThat(result.output()).contains("key: a payload: b\n");
    }

    @Test
    void afterTheFirstLineThatNobodyReadsItEnds() {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };

        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(closed),
                new PrintStream(OutputStream.nullOutputStream()),
                0);
        int status = ToolRun.run(
                new DumpLogTool(), "dump-log", terminal, folder.root().toString());

        assertThat(status).isZero();
    }

    @Test
    void whatIsAskedWronglyIsOneLineAndStatusTwo() throws IOException {
        Path foreign = Files.writeString(temporary.resolve("notes.txt"), "none of ours");
        assertRefused("Say which files or folders");
        assertRefused("There is no file or folder", folder.root().resolve("nothing"));
        assertRefused("is no file of a broker's log folder", foreign);
        assertRefused("holds no files of a broker's logs", Files.createDirectory(temporary.resolve("empty")));
        assertRefused("Unknown option: '--frobnicate'", "--frobnicate");
        assertRefused("is no index file", "--verify-index-only", folder.file(".log"));
        assertRefused("Give one decoder", "--offsets-decoder", "--transaction-log-decoder", folder.root());
        assertRefused("--max-bytes", "--max-bytes", "many", folder.root());
        assertRefused("--max-bytes", "--max-bytes", "0", folder.root());
    }

    private static void assertRefused(String reason, Object... arguments) {
        Result result = dump(arguments);

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.output()).isEmpty();
        assertThat(result.errors()).contains(reason).contains("--help");
        assertThat(result.errors().strip().lines()).hasSize(1);
    }

    @Test
    void helpHasExamplesAndFitsALine() {
        Result help = dump("--help");

        assertThat(help.status()).isZero();
        assertThat(help.output())
                .contains("Examples:")
                .contains("--verify-index-only data")
                .contains("valueEncoding");
        assertThat(help.output().lines()).allMatch(line -> line.length() <= 120);
        assertThat(dump("--version").output()).startsWith("odradek ");
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder.root())) {
            for (Path path : all.toList()) {
                ByteBuffer bytes = ByteBuffer.wrap(Files.isRegularFile(path) ? Files.readAllBytes(path) : new byte[0]);
                contents.put(path.toString(), Files.getLastModifiedTime(path) + " " + RecordText.base64(bytes));
            }
        }
        return contents;
    }
}
