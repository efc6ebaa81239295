package io.odradek.server.tools.dump;

import static io.odradek.server.tools.dump.DumpFolder.change;
import static io.odradek.server.tools.dump.DumpFolder.dump;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.server.tools.dump.DumpFolder.Result;
import io.odradek.storage.io.NioLogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is damaged is cut out, and what is whole stays; nothing is deleted, and without a word nothing is changed. */
@Timeout(60)
class RepairTest {
    private static final int ROUNDS = 150;
    private static final int LENGTH_AT = 8;

    @TempDir
    Path temporary;

    private DumpFolder folder;
    private List<byte[]> batches;

    @BeforeEach
    void write() throws IOException {
        folder = new DumpFolder(temporary.resolve("data"));
        batches = batches(Files.readAllBytes(folder.file(".log")));
    }

    @Test
    void aSoundFolderNeedsNothing() {
        Result result = dump("--repair", folder.root());

        assertThat(result.status()).isZero();
        assertThat(result.output()).isEqualTo("Nothing is to be repaired.\n");
    }

    @Test
    void withoutAWordItOnlySaysWhatItWouldDo() throws IOException {
        changeLengthOfThird();
        SortedMap<String, String> before = contents();

        Result result = dump("--repair", folder.root());

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains(folder.file(".log") + ":\n")
                .contains("  bytes " + folder.position(2) + " to " + (folder.position(3) - 1) + ": ")
                .contains("offsets 5 to 5 are lost")
                .contains("Nothing has been changed. Add --execute");
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void aDamagedBatchIsCutOutAndTheOldFilesStayBeside() throws IOException {
        changeLengthOfThird();
        byte[] damaged = Files.readAllBytes(folder.file(".log"));

        Result result = dump("--repair", "--execute", folder.partition());

        assertThat(result.status()).isZero();
        assertThat(result.output()).contains("done: the old file is 00000000000000000000.log.left-out.1");
        List<byte[]> left = batches(Files.readAllBytes(folder.file(".log")));
        assertThat(left).containsExactly(batches.get(0), batches.get(1), batches.get(3), batches.get(4));
        assertThat(folder.file(".log.left-out.1")).hasBinaryContent(damaged);
        assertThat(folder.file(".index")).doesNotExist();
        assertThat(folder.file(".index.left-out.1")).exists();
        assertThat(folder.file(".timeindex.left-out.1")).exists();
        assertThat(dump("--repair", folder.root()).status()).isZero();
    }

    @Test
    void aTornEndIsCut() throws IOException {
        change(folder.file(".log"), bytes -> Arrays.copyOf(bytes, bytes.length - 5));

        assertThat(dump("--repair", "--execute", folder.root()).status()).isZero();

        assertThat(batches(Files.readAllBytes(folder.file(".log")))).containsExactlyElementsOf(batches.subList(0, 4));
    }

    @Test
    void aBatchWithAnOffsetThatOthersHaveIsCutOut() throws IOException {
        change(folder.file(".log"), bytes -> {
            bytes[folder.position(1) + 7] += 4;
            return bytes;
        });

        assertThat(dump("--repair", "--execute", folder.root()).status()).isZero();

        assertThat(batches(Files.readAllBytes(folder.file(".log"))))
                .containsExactly(batches.get(0), batches.get(2), batches.get(3), batches.get(4));
    }

    @Test
    void aFileWithoutAWholeBatchIsRenamed() throws IOException {
        change(folder.file(".log"), bytes -> new byte[bytes.length]);

        assertThat(dump("--repair", "--execute", folder.root()).status()).isZero();

        assertThat(folder.file(".log")).doesNotExist();
        assertThat(folder.file(".log.left-out.1")).exists();
    }

    @Test
    void smallFilesThatCannotBeUnderstoodAreRenamed() throws IOException {
        Path checkpoint = folder.root().resolve("recovery-point-offset-checkpoint");
        Path epochs = folder.partition().resolve("leader-epoch-checkpoint");
        Path snapshot = folder.partition().resolve("00000000000000000009.snapshot");
        for (Path path : List.of(checkpoint, epochs, snapshot)) {
            change(path, bytes -> Arrays.copyOf(bytes, bytes.length - 4));
        }

        Result result = dump("--repair", "--execute", folder.root());

        assertThat(result.output()).contains("3 files repaired");
        assertThat(checkpoint).doesNotExist();
        assertThat(epochs).doesNotExist();
        assertThat(snapshot).doesNotExist();
        assertThat(checkpoint.resolveSibling(checkpoint.getFileName() + ".left-out.1"))
                .exists();
    }

    @Test
    void nothingIsRepairedUnderABroker() throws IOException {
        changeLengthOfThird();
        SortedMap<String, String> before = contents();
        try (var lock = new NioLogFileSystem().lock(folder.root())) {
            assertThat(lock).isNotNull();
            for (Path path : List.of(folder.root(), folder.partition())) {
                Result result = dump("--repair", "--execute", path);
                assertThat(result.status()).isEqualTo(2);
                assertThat(result.errors()).contains("A broker uses " + folder.root());
            }
            assertThat(dump("--repair", folder.root()).status()).isEqualTo(1);
        }
        SortedMap<String, String> after = contents();
        after.remove(".lock");
        assertThat(after).isEqualTo(before);
    }

    @Test
    void itIsSaidWhenItIsCalledWrongly() {
        assertThat(dump("--execute", folder.root()).errors()).contains("--execute goes with --repair");
        assertThat(dump("--repair", folder.file(".log")).errors()).contains("is no folder");
    }

    @Test
    void whateverIsDamagedAllThatIsWholeStays() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("RepairTest: seed " + seed);
        Random random = new Random(seed);
        byte[] whole = Files.readAllBytes(folder.file(".log"));
        for (int round = 0; round < ROUNDS; round++) {
            folder = new DumpFolder(temporary.resolve("round" + round));
            int from = random.nextInt(whole.length);
            int to = Math.min(whole.length, from + 1 + random.nextInt(round % 2 == 0 ? 1 : 200));
            byte[] damaged = whole.clone();
            for (int i = from; i < to; i++) {
                damaged[i] ^= (byte) (1 + random.nextInt(255));
            }
            Files.write(folder.file(".log"), damaged);

            Result result = dump("--repair", "--execute", folder.root());

            assertThat(result.status()).as(result.errors()).isZero();
            List<byte[]> left =
                    Files.exists(folder.file(".log")) ? batches(Files.readAllBytes(folder.file(".log"))) : List.of();
            for (int i = 0; i < batches.size(); i++) {
                int begins = folder.position(i);
                boolean untouched = to <= begins || from >= begins + batches.get(i).length;
                byte[] batch = batches.get(i);
                assertThat(!untouched || left.stream().anyMatch(found -> Arrays.equals(found, batch)))
                        .as("batch %d, bytes %d to %d were changed", i, from, to)
                        .isTrue();
            }
            assertThat(contents()).containsValue(new String(damaged, StandardCharsets.ISO_8859_1));
            assertThat(dump("--repair", folder.root()).status()).isZero();
        }
    }

    private void changeLengthOfThird() {
        change(folder.file(".log"), bytes -> {
            bytes[folder.position(2) + LENGTH_AT + 1] = 0x40;
            return bytes;
        });
    }

    private static List<byte[]> batches(byte[] log) {
        ByteBuffer buffer = ByteBuffer.wrap(log);
        List<byte[]> batches = new ArrayList<>();
        for (int at = 0; at < log.length; at += RecordBatch.sizeBytes(buffer, at)) {
            batches.add(Arrays.copyOfRange(log, at, at + RecordBatch.sizeBytes(buffer, at)));
        }
        return batches;
    }

    private SortedMap<String, String> contents() throws IOException {
        SortedMap<String, String> contents = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder.root())) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                contents.put(
                        folder.root().relativize(path).toString(),
                        new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }
}
