package io.odradek.storage.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link LogFileSystem} does; run on the operating system's disk and on the double. */
abstract class LogFileSystemContract {
    /** How many spare handles the disk under test leaves open. */
    static final int MAX_SPARE_FILES = 2;

    /** {@return the disk under test with so many spare handles, the same in all calls of one test} */
    abstract LogFileSystem disk();

    /** {@return an existing empty folder} */
    abstract Path root();

    @Test
    void aNewFileIsEmptyAndStaysAfterItIsClosed() throws IOException {
        Path path = root().resolve("a.log");
        try (LogFile file = disk().open(path)) {
            assertThat(file.sizeBytes()).isZero();
            assertThat(file.path()).isEqualTo(path);
        }
        assertThat(disk().exists(path)).isTrue();
        assertThat(disk().isFolder(path)).isFalse();
    }

    @Test
    void appendsGatherAllBuffersInOrderAtTheEnd() throws IOException {
        try (LogFile file = disk().open(root().resolve("a.log"))) {
            file.append(bytes("one "), bytes(""), bytes("two "));
            file.append(bytes("three"));
            assertThat(file.sizeBytes()).isEqualTo(13);
            assertThat(text(file)).isEqualTo("one two three");
        }
    }

    @Test
    void appendsGoOnWhereAnEarlierOpeningEnded() throws IOException {
        write("a.log", "one ");
        try (LogFile file = disk().open(root().resolve("a.log"))) {
            assertThat(file.sizeBytes()).isEqualTo(4);
            file.append(bytes("two"));
            assertThat(text(file)).isEqualTo("one two");
        }
    }

    @Test
    void onlyWhatIsBetweenPositionAndLimitIsAppendedAndItIsConsumed() throws IOException {
        ByteBuffer buffer = bytes("[middle]").position(1).limit(7);
        try (LogFile file = disk().open(root().resolve("a.log"))) {
            file.append(buffer);
            assertThat(text(file)).isEqualTo("middle");
            assertThat(buffer.hasRemaining()).isFalse();
        }
    }

    @Test
    void aReadFillsTheBufferOrEndsWithTheFile() throws IOException {
        try (LogFile file = disk().open(root().resolve("a.log"))) {
            file.append(bytes("0123456789"));
            ByteBuffer into = ByteBuffer.allocate(4);
            assertThat(file.read(into, 2)).isEqualTo(4);
            assertThat(StandardCharsets.UTF_8.decode(into.flip()).toString()).isEqualTo("2345");
            assertThat(file.read(into.clear(), 8)).isEqualTo(2);
            assertThat(file.read(into.clear(), 10)).isZero();
            assertThat(file.read(into.clear(), 99)).isZero();
        }
    }

    @Test
    void aWriteAtAPositionReplacesAndExtendsAndAppendsGoAfterIt() throws IOException {
        try (LogFile file = disk().open(root().resolve("a.log"))) {
            file.append(bytes("abcdef"));
            file.write(bytes("XY"), 1);
            assertThat(text(file)).isEqualTo("aXYdef");
            file.write(bytes("Z"), 8);
            assertThat(file.sizeBytes()).isEqualTo(9);
            file.append(bytes("!"));
            assertThat(text(file)).isEqualTo("aXYdef\0\0Z!");
        }
    }

    @Test
    void aTruncatedFileEndsThereAndGrowsAgainFromThere() throws IOException {
        try (LogFile file = disk().open(root().resolve("a.log"))) {
            file.append(bytes("abcdef"));
            file.truncate(2);
            assertThat(file.sizeBytes()).isEqualTo(2);
            file.append(bytes("XY"));
            file.truncate(100);
            assertThat(text(file)).isEqualTo("abXY");
            file.truncate(1);
            file.write(bytes("Z"), 3);
            assertThat(text(file)).isEqualTo("a\0\0Z");
        }
    }

    @Test
    void aTransferHandsOverTheBytesFromAPositionUpToTheEnd() throws IOException {
        try (LogFile file = disk().open(root().resolve("a.log"))) {
            file.append(bytes("0123456789"));
            ByteArrayOutputStream taken = new ByteArrayOutputStream();
            assertThat(file.transferTo(2, 3, Channels.newChannel(taken))).isEqualTo(3);
            assertThat(taken).hasToString("234");
            assertThat(file.transferTo(8, 100, Channels.newChannel(taken))).isEqualTo(2);
            assertThat(taken).hasToString("23489");
            assertThat(file.transferTo(10, 1, Channels.newChannel(taken))).isZero();
        }
    }

    @Test
    void aFileOpenedForReadingSeesWhatItsWriterAppendsAndRefusesWrites() throws IOException {
        Path path = root().resolve("a.log");
        try (LogFile writer = disk().open(path);
                LogFile reader = disk().openForRead(path)) {
            writer.append(bytes("seen"));
            assertThat(reader.sizeBytes()).isEqualTo(4);
            assertThat(text(reader)).isEqualTo("seen");
            assertThatThrownBy(() -> reader.append(bytes("x"))).isInstanceOf(Exception.class);
            assertThat(text(reader)).isEqualTo("seen");
        }
    }

    @Test
    void openingAMissingFileForReadingFailsAndNamesIt() {
        Path path = root().resolve("missing.log");
        assertThatThrownBy(() -> disk().openForRead(path))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(path.toString());
    }

    @Test
    void openingAFileInAMissingFolderFailsAndNamesIt() {
        Path path = root().resolve("missing").resolve("a.log");
        assertThatThrownBy(() -> disk().open(path)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk().list(path.getParent())).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk().forceFolder(path.getParent())).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk().lock(path.getParent())).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aClosedFileRefusesToWorkAndMayBeClosedAgain() throws IOException {
        LogFile file = disk().open(root().resolve("a.log"));
        file.close();
        file.close();
        assertThatThrownBy(() -> file.append(bytes("x")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a.log");
        assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1), 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a.log");
    }

    @Test
    void aFolderListsItsNamesSorted() throws IOException {
        write("b", "");
        write("a", "");
        disk().createFolders(root().resolve("c").resolve("d"));
        assertThat(disk().list(root())).containsExactly("a", "b", "c");
        assertThat(disk().isFolder(root().resolve("c").resolve("d"))).isTrue();
        disk().createFolders(root().resolve("c"));
        disk().forceFolder(root());
    }

    @Test
    void aFolderIsNotCreatedOverAFile() throws IOException {
        write("a", "");
        assertThatThrownBy(() -> disk().createFolders(root().resolve("a")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a file of that name");
    }

    @Test
    void aRenameReplacesAFile() throws IOException {
        write("new", "new");
        write("old", "old");
        disk().rename(root().resolve("new"), root().resolve("old"));
        assertThat(disk().list(root())).containsExactly("old");
        assertThat(read("old")).isEqualTo("new");
    }

    @Test
    void aRenameOfWhatIsMissingFailsAndNamesIt() {
        assertThatThrownBy(() -> disk().rename(root().resolve("gone"), root().resolve("b")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("gone");
    }

    @Test
    void anOpenFileFollowsItsOwnRenameAndThatOfItsFolder() throws IOException {
        Path folder = root().resolve("t-0");
        disk().createFolders(folder);
        try (LogFile file = disk().open(folder.resolve("a.log"));
                LogFile other = disk().open(folder.resolve("a.log.1"))) {
            disk().rename(folder.resolve("a.log"), folder.resolve("b.log"));
            assertThat(file.path()).isEqualTo(folder.resolve("b.log"));
            disk().rename(folder, root().resolve("gone"));
            assertThat(file.path()).isEqualTo(root().resolve("gone").resolve("b.log"));
            assertThat(other.path()).isEqualTo(root().resolve("gone").resolve("a.log.1"));
            file.append(bytes("still here"));
            assertThat(text(file)).isEqualTo("still here");
        }
        assertThat(read("gone/b.log")).isEqualTo("still here");
    }

    @Test
    void aDeletedFileCanBeReadWhileItIsOpen() throws IOException {
        Path path = root().resolve("a.log");
        try (LogFile file = disk().open(path)) {
            file.append(bytes("still here"));
            disk().delete(path);
            assertThat(disk().exists(path)).isFalse();
            assertThat(text(file)).isEqualTo("still here");
        }
    }

    @Test
    void deletingWhatIsMissingDoesNothingAndAFullFolderIsNotDeleted() throws IOException {
        Path folder = root().resolve("t-0");
        disk().delete(folder);
        disk().createFolders(folder);
        write("t-0/a.log", "");
        assertThatThrownBy(() -> disk().delete(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not empty");
        disk().delete(folder.resolve("a.log"));
        disk().delete(folder);
        assertThat(disk().exists(folder)).isFalse();
    }

    @Test
    void aFolderIsLockedOnceUntilTheLockIsGivenUp() throws Exception {
        try (LogFileSystem.FolderLock held = disk().lock(root())) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> disk().lock(root()))
                    .isInstanceOf(FolderLockedException.class)
                    .hasMessageContaining(root().toString())
                    .hasMessageContaining("another broker");
        }
        LogFileSystem.FolderLock again = disk().lock(root());
        again.close();
        again.close();
        assertThat(disk().exists(root().resolve(".lock"))).isTrue();
    }

    @Test
    void filesWithSpareHandlesGoOnWhereverTheyAreMoved() throws IOException {
        Path folder = root().resolve("t-0");
        disk().createFolders(folder);
        List<LogFile> files = new ArrayList<>();
        for (int i = 0; i < 3 * MAX_SPARE_FILES; i++) {
            LogFile file = disk().open(folder.resolve("a" + i));
            file.append(bytes("of " + i));
            file.handle(LogFile.Handle.SPARE);
            files.add(file);
        }
        disk().rename(folder.resolve("a0"), folder.resolve("b0"));
        disk().rename(folder.resolve("a1"), folder.resolve("a0"));
        disk().rename(folder, root().resolve("t-1"));
        for (int i = 0; i < files.size(); i++) {
            assertThat(text(files.get(i))).isEqualTo("of " + i);
            assertThat(files.get(i).sizeBytes()).isEqualTo(4);
        }
        for (LogFile file : files) {
            file.append(bytes("!"));
            file.write(bytes("O"), 0);
        }
        for (int i = 0; i < files.size(); i++) {
            assertThat(text(files.get(i))).isEqualTo("Of " + i + "!");
            files.get(i).truncate(2);
        }
        for (LogFile file : files) {
            file.append(bytes("?"));
            file.force();
            file.close();
            assertThatThrownBy(() -> text(file)).isInstanceOf(IOException.class);
        }
        assertThat(read("t-1/b0")).isEqualTo("Of?");
    }

    @Test
    void aKeptFileCanBeReadWhenItIsDeletedWhileSpareOnesAreGivenUp() throws IOException {
        Path path = root().resolve("a.log");
        try (LogFile kept = disk().open(path)) {
            kept.append(bytes("kept"));
            kept.handle(LogFile.Handle.SPARE);
            kept.handle(LogFile.Handle.KEPT);
            assertThat(text(kept)).isEqualTo("kept");
            for (int i = 0; i < 3 * MAX_SPARE_FILES; i++) {
                try (LogFile other = disk().open(root().resolve("b" + i))) {
                    other.handle(LogFile.Handle.SPARE);
                }
            }
            disk().delete(path);
            assertThat(text(kept)).isEqualTo("kept");
        }
    }

    private void write(String name, String content) throws IOException {
        try (LogFile file = disk().open(root().resolve(name))) {
            file.append(bytes(content));
            file.force();
        }
    }

    private String read(String name) throws IOException {
        try (LogFile file = disk().openForRead(root().resolve(name))) {
            return text(file);
        }
    }

    private static String text(LogFile file) throws IOException {
        ByteBuffer into = ByteBuffer.allocate((int) file.sizeBytes() + 1);
        file.read(into, 0);
        return StandardCharsets.UTF_8.decode(into.flip()).toString();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
