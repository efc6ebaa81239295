package io.odradek.storage.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NioLogFileSystemTest extends LogFileSystemContract {
    private final NioLogFileSystem disk = new NioLogFileSystem(MAX_SPARE_FILES);

    @TempDir
    private Path root;

    @Test
    void aFileThatIsHeldOrNotForcedIsNotGivenUp() throws IOException {
        List<NioLogFile> files = new ArrayList<>();
        for (int i = 0; i < 3 * MAX_SPARE_FILES; i++) {
            files.add((NioLogFile) disk.open(root.resolve("a" + i)));
        }
        NioLogFile held = files.get(0);
        NioLogFile unforced = files.get(1);
        unforced.append(ByteBuffer.allocate(1));
        FileChannel channel = held.hold();
        files.forEach(file -> file.handle(LogFile.Handle.SPARE_ONCE_FORCED));
        useEach(files.subList(2, files.size()));
        assertThat(channel.isOpen()).isTrue();
        FileChannel ofUnforced = unforced.hold();
        unforced.letGo();
        assertThat(ofUnforced.isOpen()).isTrue();
        held.letGo();
        unforced.force();
        useEach(files.subList(2, files.size()));
        assertThat(channel.isOpen()).isFalse();
        assertThat(ofUnforced.isOpen()).isFalse();
        assertThat(held.hold().isOpen()).isTrue();
        held.letGo();
        for (NioLogFile file : files) {
            file.close();
        }
    }

    @Test
    void filesThatAreKeptWhileTheyAreFewAreGivenUpWhenTheyAreMany() throws IOException {
        NioLogFileSystem few = new NioLogFileSystem(MAX_SPARE_FILES, MAX_SPARE_FILES);
        List<NioLogFile> files = new ArrayList<>();
        List<FileChannel> channels = new ArrayList<>();
        for (int i = 0; i < 3 * MAX_SPARE_FILES; i++) {
            NioLogFile file = (NioLogFile) few.open(root.resolve("a" + i));
            file.append(ByteBuffer.allocate(1 + i));
            channels.add(file.hold());
            file.letGo();
            file.handle(LogFile.Handle.KEPT_WHILE_FEW);
            files.add(file);
        }
        assertThat(channels).filteredOn(FileChannel::isOpen).hasSizeLessThanOrEqualTo(MAX_SPARE_FILES + 1);
        for (int i = 0; i < files.size(); i++) {
            files.get(i).append(ByteBuffer.allocate(1));
            files.get(i).force();
            assertThat(files.get(i).sizeBytes()).isEqualTo(2 + i);
            assertThat(few.sizeBytes(root.resolve("a" + i))).isEqualTo(2 + i);
            files.get(i).close();
        }
    }

    private static void useEach(List<NioLogFile> files) throws IOException {
        for (int round = 0; round < 3; round++) {
            for (NioLogFile file : files) {
                file.read(ByteBuffer.allocate(1), 0);
            }
        }
    }

    @Override
    LogFileSystem disk() {
        return disk;
    }

    @Override
    Path root() {
        return root;
    }
}
