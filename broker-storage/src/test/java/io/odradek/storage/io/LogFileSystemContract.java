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
    void a_new_file_is_empty_and_stays_after_it_is_closed() throws IOException {
        Path path = root().resolve("a.log");
        try (LogFile file = disk().open(path)) {
            assertThat(file.sizeBytes()).isZero();
            assertThat(file.path()).isEqualTo(path);
        }
        assertThat(disk().exists(path)).isTrue();
        assertThat(disk().isFolder(path)).isFalse();
    }

    @Test
    void appends_gather_all_buffers_in_order_at_the_end() throws IOException {
        try (LogFile file = disk().open(root().resolve("a.log"))) {
            file.append(bytes("one "), bytes(""), bytes("two "));
            file.append(bytes("three"));
            assertThat(file.sizeBytes()).isEqualTo(13);
            assertThat(text(file)).isEqualTo("one two three");
        }
    }

    @Test
    void appends_go_on_where_an_earlier_opening_ended() throws IOException {
        write("a.log", "one ");
        try (LogFile file = disk().open(root().resolve("a.log"))) {
            assertThat(file.sizeBytes()).isEqualTo(4);
            file.append(bytes("two"));
            assertThat(text(file)).isEqualTo("one two");
        }
    }

    @Test
    void only_what_is_between_position_and_limit_is_appended_and_it_is_consumed() throws IOException {
        ByteBuffer buffer = bytes("[middle]").position(1).limit(7);
        try (LogFile file = disk().open(root().resolve("a.log"))) {
            file.append(buffer);
            assertThat(text(file)).isEqualTo("middle");
            assertThat(buffer.hasRemaining()).isFalse();
        }
    }

    @Test
    void a_read_fills_the_buffer_or_ends_with_the_file() throws IOException {
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
    void a_write_at_a_position_replaces_and_extends_and_appends_go_after_it() throws IOException {
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
    void a_truncated_file_ends_there_and_grows_again_from_there() throws IOException {
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
    void a_transfer_hands_over_the_bytes_from_a_position_up_to_the_end() throws IOException {
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
    void a_file_opened_for_reading_sees_what_its_writer_appends_and_refuses_writes() throws IOException {
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
    void opening_a_missing_file_for_reading_fails_and_names_it() {
        Path path = root().resolve("missing.log");
        assertThatThrownBy(() -> disk().openForRead(path))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(path.toString());
    }

    @Test
    void opening_a_file_in_a_missing_folder_fails_and_names_it() {
        Path path = root().resolve("missing").resolve("a.log");
        assertThatThrownBy(() -> disk().open(path)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk().list(path.getParent())).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk().forceFolder(path.getParent())).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk().lock(path.getParent())).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void a_closed_file_refuses_to_work_and_may_be_closed_again() throws IOException {
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
    void a_folder_lists_its_names_sorted() throws IOException {
        write("b", "");
        write("a", "");
        disk().createFolders(root().resolve("c").resolve("d"));
        assertThat(disk().list(root())).containsExactly("a", "b", "c");
        assertThat(disk().isFolder(root().resolve("c").resolve("d"))).isTrue();
        disk().createFolders(root().resolve("c"));
        disk().forceFolder(root());
    }

    @Test
    void a_folder_is_not_created_over_a_file() throws IOException {
        write("a", "");
        assertThatThrownBy(() -> disk().createFolders(root().resolve("a")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a file of that name");
    }

    @Test
    void a_rename_replaces_a_file() throws IOException {
        write("new", "new");
        write("old", "old");
        disk().rename(root().resolve("new"), root().resolve("old"));
        assertThat(disk().list(root())).containsExactly("old");
        assertThat(read("old")).isEqualTo("new");
    }

    @Test
    void a_rename_of_what_is_missing_fails_and_names_it() {
        assertThatThrownBy(() -> disk().rename(root().resolve("gone"), root().resolve("b")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("gone");
    }

    @Test
    void an_open_file_follows_its_own_rename_and_that_of_its_folder() throws IOException {
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
    void a_deleted_file_can_be_read_while_it_is_open() throws IOException {
        Path path = root().resolve("a.log");
        try (LogFile file = disk().open(path)) {
            file.append(bytes("still here"));
            disk().delete(path);
            assertThat(disk().exists(path)).isFalse();
            assertThat(text(file)).isEqualTo("still here");
        }
    }

    @Test
    void deleting_what_is_missing_does_nothing_and_a_full_folder_is_not_deleted() throws IOException {
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
    void a_folder_is_locked_once_until_the_lock_is_given_up() throws Exception {
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
    void files_with_spare_handles_go_on_wherever_they_are_moved() throws IOException {
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
    void a_kept_file_can_be_read_when_it_is_deleted_while_spare_ones_are_given_up() throws IOException {
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
