package io.odradek.server.tools.dump;

import static io.odradek.server.tools.dump.DumpFolder.change;
import static io.odradek.server.tools.dump.DumpFolder.dump;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.tools.dump.DumpFolder.Change;
import io.odradek.server.tools.dump.DumpFolder.Result;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is damaged is said with file, place and advice, and by the exit status; whatever it is. */
@Timeout(60)
class DumpDamageTest {
    private static final int ROUNDS = 120;
    private static final List<String> FILES = List.of(
            "topic-0/00000000000000000000.log",
            "topic-0/00000000000000000000.index",
            "topic-0/00000000000000000000.timeindex",
            "topic-0/00000000000000000000.txnindex",
            "topic-0/00000000000000000009.snapshot",
            "topic-0/leader-epoch-checkpoint",
            "topic-0/partition.metadata",
            "meta.properties",
            "recovery-point-offset-checkpoint");

    @TempDir
    Path temporary;

    private DumpFolder folder;

    @BeforeEach
    void write() throws IOException {
        folder = new DumpFolder(temporary.resolve("data"));
    }

    @Test
    void aByteThatChangedInABatch() {
        change(folder.file(".log"), flip(folder.position(2) + 63));

        Result result = assertProblem(
                folder.file(".log"), "at position " + folder.position(2), "offset 5 has a wrong checksum");

        assertThat(result.output()).contains("isvalid: false").contains("baseOffset: 7 ");
    }

    @Test
    void aBatchThatIsCut() {
        change(folder.file(".log"), bytes -> Arrays.copyOf(bytes, bytes.length - 5));

        assertProblem(folder.file(".log"), "at position " + folder.position(4), "invalid bytes at the end", "is cut");
    }

    @Test
    void zerosWhereThePowerWent() {
        change(folder.file(".log"), bytes -> Arrays.copyOf(bytes, bytes.length + 100_000));

        assertProblem(folder.file(".log"), "Found 100000 invalid bytes at the end", "zeros");
    }

    @Test
    void aBatchOfAnotherFormat() {
        change(folder.file(".log"), set(folder.position(1) + 16, 1));

        assertProblem(folder.file(".log"), "at position " + folder.position(1), "magic 1");
    }

    @Test
    void offsetsThatGoBack() {
        change(folder.file(".log"), set(folder.position(4) + 7, 3));

        assertProblem(folder.file(".log"), "at position " + folder.position(4), "offset 3 comes after offset 6");
    }

    @Test
    void anIndexThatPointsElsewhere() {
        change(folder.file(".index"), set(3, 5));
        assertProblem(folder.file(".index"), "entry 1", "a batch that ends at offset 4");

        change(folder.file(".index"), set(7, 1));
        assertProblem(folder.file(".index"), "entry 1", "where the log has no batch");
    }

    @Test
    void aTimeIndexThatTellsAnotherTime() {
        change(folder.file(".timeindex"), flip(7));
        assertProblem(folder.file(".timeindex"), "entry 1", "of offset 4 is 1004 in the log");

        change(folder.file(".timeindex"), set(11, 3));
        assertProblem(folder.file(".timeindex"), "entry 1", "offset 3 is not where a batch of the log ends");
    }

    @Test
    void anAbortedTransactionWithoutMarker() {
        change(folder.file(".txnindex"), set(25, 8));

        assertProblem(folder.file(".txnindex"), "no marker of producer 7 at offset 8");
    }

    @Test
    void indexesThatAreCut() {
        for (String suffix : List.of(".index", ".timeindex", ".txnindex")) {
            change(folder.file(suffix), bytes -> Arrays.copyOf(bytes, bytes.length - 3));
            assertProblem(folder.file(suffix), "can be deleted");
            assertThat(dump("--index-sanity-check", folder.file(suffix)).status())
                    .isEqualTo(1);
        }
    }

    @Test
    void anIndexWhoseLogIsGone() throws IOException {
        Files.delete(folder.file(".log"));

        for (String suffix : List.of(".index", ".timeindex", ".txnindex")) {
            Result result = dump("--verify-index-only", folder.file(suffix));

            assertThat(result.status()).isEqualTo(1);
            assertThat(result.output()).contains("the log of this index is missing");
        }
    }

    @Test
    void aSnapshotAndCheckpointsThatAreNotWhole() throws IOException {
        Path snapshot = folder.partition().resolve("00000000000000000009.snapshot");
        change(snapshot, flip(20));
        assertProblem(snapshot, "its checksum is wrong");
        Files.writeString(folder.partition().resolve("leader-epoch-checkpoint"), "0\n2\n4 0\n");
        assertProblem(folder.partition().resolve("leader-epoch-checkpoint"), "2 entries promised");
        Files.writeString(folder.partition().resolve("partition.metadata"), "version: 0\n");
        assertProblem(folder.partition().resolve("partition.metadata"), "it names no topic");
        Files.writeString(folder.root().resolve("meta.properties"), "version=9\n");
        assertProblem(folder.root().resolve("meta.properties"), "version \"9\" is not known");
        Files.writeString(folder.root().resolve("recovery-point-offset-checkpoint"), "0\n1\ntopic 0 x\n");
        assertProblem(folder.root().resolve("recovery-point-offset-checkpoint"), "line 3");
    }

    @Test
    void anIndexOfNothingButNoiseIsNotShownProblemByProblem() throws IOException {
        byte[] noise = new byte[120_000];
        new Random(1).nextBytes(noise);
        for (String suffix : List.of(".index", ".timeindex")) {
            Files.write(folder.file(suffix), noise);

            assertThat(dump("--verify-index-only", folder.file(suffix)).problems())
                    .hasSize(21);
        }
    }

    @Test
    void whateverHappenedToAFileThereIsAnAnswer() throws IOException {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.out.println("DumpDamageTest: -Dseed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Path file = folder.root().resolve(FILES.get(random.nextInt(FILES.size())));
            byte[] sound = Files.readAllBytes(file);
            change(file, bytes -> damaged(bytes, random));
            for (String options : List.of("--json", "--offsets-decoder", "--verify-index-only")) {
                Result result = options.equals("--json")
                        ? dump("--json", "--print-data-log", folder.root())
                        : dump(options, folder.root());

                assertThat(result.status()).as(options + " " + file).isBetween(0, 1);
                assertThat(result.output()).doesNotContain("Exception");
                if (options.equals("--json")) {
                    assertThat(result.objects().stream()
                                    .anyMatch(object -> object.stringAt("type").equals("problem")))
                            .isEqualTo(result.status() == 1);
                }
            }
            Files.write(file, sound);
        }
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        byte[] damaged = random.nextBoolean() ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length * 2));
        for (int i = random.nextInt(4); i >= 0 && damaged.length > 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        return damaged;
    }

    private Result assertProblem(Path file, String... words) {
        Result result = dump("--deep-iteration", file);

        assertThat(result.status()).as(result.output()).isEqualTo(1);
        assertThat(result.problems())
                .anySatisfy(line -> assertThat(line).contains(file.toString()).contains(words));
        assertThat(result.errors()).contains("found");
        return result;
    }

    private static Change flip(int position) {
        return bytes -> {
            bytes[position] ^= 1;
            return bytes;
        };
    }

    private static Change set(int position, int value) {
        return bytes -> ByteBuffer.wrap(bytes).put(position, (byte) value).array();
    }
}
