package io.odradek.storage.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the faulting disk keeps and loses. */
class DurabilityTest {
    private static final int RUNS = 300;

    private final Path folder = Path.of("/logs");
    private final Path path = folder.resolve("a.log");
    private FaultingFileSystem disk;

    @BeforeEach
    void freshDisk() throws IOException {
        disk = new FaultingFileSystem(7);
        disk.createFolders(folder);
        disk.forceFolder(folder.getParent());
    }

    @Test
    void aKillKeepsWhatWasWrittenAndEndsHandlesAndLocks() throws IOException {
        LogFile file = disk.open(path);
        file.append(bytes(10, 1));
        disk.lock(folder);
        disk.kill();
        assertThatThrownBy(() -> file.append(bytes(1, 1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a.log");
        disk.lock(folder).close();
        assertThat(content(path)).isEqualTo("1".repeat(10));
        disk.close();
    }

    @Test
    void whatWasForcedInFileAndFolderSurvivesEveryPowerLoss() throws IOException {
        for (int run = 0; run < RUNS; run++) {
            freshDisk();
            LogFile file = disk.open(path);
            file.append(bytes(5000, 1));
            file.force();
            disk.forceFolder(folder);
            file.append(bytes(5000, 2));
            disk.powerLoss(new Random(run));
            assertThat(content(path)).startsWith("1".repeat(5000));
        }
    }

    @Test
    void bytesThatWereNotForcedAreKeptLostTornOrReordered() throws IOException {
        Set<String> outcomes = new TreeSet<>();
        for (int run = 0; run < RUNS; run++) {
            freshDisk();
            LogFile file = disk.open(path);
            file.force();
            disk.forceFolder(folder);
            file.append(bytes(3 * 4096, 1));
            disk.powerLoss(new Random(run));
            outcomes.add(outcome(content(path)));
        }
        assertThat(outcomes).containsExactly("kept", "lost", "reordered", "torn");
    }

    private static String outcome(String content) {
        int kept = content.indexOf('\0') < 0 ? content.length() : content.indexOf('\0');
        if (content.indexOf('1', kept) >= 0) {
            return "reordered";
        }
        return kept == 3 * 4096 ? "kept" : kept == 0 ? "lost" : "torn";
    }

    @Test
    void aNameThatWasNotForcedMayBeLostThoughItsBytesWereForced() throws IOException {
        Set<Boolean> outcomes = new TreeSet<>();
        for (int run = 0; run < RUNS; run++) {
            freshDisk();
            disk.open(path).force();
            disk.powerLoss(new Random(run));
            outcomes.add(disk.exists(path));
        }
        assertThat(outcomes).containsExactly(false, true);
    }

    @Test
    void anUnforcedRenameIsAllOrNothingAndAnUnforcedDeleteMayBeUndone() throws IOException {
        Set<String> renamed = new TreeSet<>();
        Set<String> deleted = new TreeSet<>();
        for (int run = 0; run < RUNS; run++) {
            freshDisk();
            disk.open(path).close();
            disk.open(folder.resolve("gone")).close();
            disk.forceFolder(folder);
            disk.rename(path, folder.resolve("b.log"));
            disk.delete(folder.resolve("gone"));
            disk.powerLoss(new Random(run));
            renamed.add(disk.exists(path) + " " + disk.exists(folder.resolve("b.log")));
            deleted.add(disk.exists(folder.resolve("gone")) + "");
        }
        assertThat(renamed).containsExactly("false true", "true false");
        assertThat(deleted).containsExactly("false", "true");
    }

    @Test
    void aLaterNameMayComeEarly() throws IOException {
        Set<String> outcomes = new TreeSet<>();
        for (int run = 0; run < RUNS; run++) {
            freshDisk();
            disk.open(path).close();
            disk.open(folder.resolve("b.log")).close();
            disk.powerLoss(new Random(run));
            outcomes.add(disk.list(folder).toString());
        }
        assertThat(outcomes).containsExactly("[]", "[a.log, b.log]", "[a.log]", "[b.log]");
    }

    @Test
    void theSameSeedLosesTheSame() throws IOException {
        disk.open(path).append(bytes(100_000, 1));
        disk.forceFolder(folder);
        disk.powerLoss(new Random(5));
        String first = content(path);
        freshDisk();
        disk.open(path).append(bytes(100_000, 1));
        disk.forceFolder(folder);
        disk.powerLoss(new Random(5));
        assertThat(content(path)).isEqualTo(first);
    }

    @Test
    void aChosenOperationFailsOnce() throws IOException {
        disk.failOperation(2);
        try (LogFile file = disk.open(path)) {
            assertThatThrownBy(() -> file.append(bytes(100, 1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("a.log");
            assertThat(file.sizeBytes()).isLessThanOrEqualTo(100);
            file.truncate(0);
            file.append(bytes(3, 2));
            assertThat(content(path)).isEqualTo("222");
        }
    }

    @Test
    void aHaltedMachineDoesNothingMoreUntilItStartsAgain() throws IOException {
        LogFile file = disk.open(path);
        disk.haltAfter(1);
        file.append(bytes(3, 1));
        assertThatThrownBy(() -> file.append(bytes(3, 2))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> disk.list(folder)).isInstanceOf(IOException.class);
        disk.kill();
        assertThat(content(path)).startsWith("111").hasSizeLessThanOrEqualTo(6);
    }

    @Test
    void aFullDiskTakesWhatFitsAndRefusesTheRest() throws IOException {
        disk.diskFullAfter(5);
        try (LogFile file = disk.open(path)) {
            file.append(bytes(3, 1));
            assertThatThrownBy(() -> file.append(bytes(3, 2)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left");
            assertThat(file.sizeBytes()).isEqualTo(5);
            disk.freeSpace();
            file.append(bytes(1, 3));
            assertThat(content(path)).isEqualTo("111223");
        }
    }

    @Test
    void whatIsLeftOpenFailsTheTest() throws Exception {
        LogFile file = disk.open(path);
        assertThatThrownBy(disk::close).isInstanceOf(AssertionError.class).hasMessageContaining("a.log");
        file.close();
        LogFileSystem.FolderLock lock = disk.lock(folder);
        assertThatThrownBy(disk::close).isInstanceOf(AssertionError.class).hasMessageContaining("logs");
        lock.close();
        disk.close();
    }

    private String content(Path file) throws IOException {
        try (LogFile open = disk.openForRead(file)) {
            ByteBuffer into = ByteBuffer.allocate((int) open.sizeBytes());
            open.read(into, 0);
            return new String(into.array(), java.nio.charset.StandardCharsets.ISO_8859_1);
        }
    }

    private static ByteBuffer bytes(int count, int digit) {
        byte[] bytes = new byte[count];
        java.util.Arrays.fill(bytes, (byte) ('0' + digit));
        return ByteBuffer.wrap(bytes);
    }
}
