package io.odradek.storage.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.checkpoint.TopicSettingsFile.Content;
import io.odradek.storage.checkpoint.TopicSettingsFile.Settings;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicSettingsFileTest {
    private static final Path FOLDER = Path.of("/data");

    private final FaultingFileSystem files = new FaultingFileSystem(1);
    private final TopicSettingsFile file = new TopicSettingsFile(files, FOLDER);
    private final Content content = new Content(
            1_764_356_712_345L,
            77,
            new TreeMap<>(Map.of(
                    "plain",
                    new Settings(Uuid.ZERO, new TreeMap<>()),
                    "orders",
                    new Settings(
                            new Uuid(3, 4),
                            new TreeMap<>(Map.of("retention.ms", "-1", "odd", " 100% = a\nb\r", "empty", ""))))));

    @BeforeEach
    void open() throws IOException {
        files.createFolders(FOLDER);
    }

    @AfterEach
    void close() {
        files.close();
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        assertThat(file.read()).isEmpty();
        file.write(content);
        assertThat(file.read()).contains(content);
        file.write(new Content(1, -1, new TreeMap<>()));
        assertThat(file.read()).contains(new Content(1, -1, new TreeMap<>()));
    }

    @Test
    void aFileThatWasCutOrChangedAnywhereIsMalformed() throws IOException {
        file.write(content);
        try (LogFile raw = files.open(file.path())) {
            long size = raw.sizeBytes();
            ByteBuffer whole = ByteBuffer.allocate((int) size);
            raw.read(whole, 0);
            for (int at = 0; at < size; at++) {
                raw.write(ByteBuffer.wrap(new byte[] {(byte) (whole.get(at) ^ 2)}), at);
                assertThatThrownBy(file::read).as("byte %d", at).isInstanceOf(MalformedFileException.class);
                raw.write(ByteBuffer.wrap(new byte[] {whole.get(at)}), at);
            }
            for (long cut = size - 1; cut >= 0; cut--) {
                raw.truncate(cut);
                assertThatThrownBy(file::read).as("cut at %d", cut).isInstanceOf(MalformedFileException.class);
            }
        }
    }

    @Test
    void aDamagedFileIsPutAside() throws IOException {
        file.write(content);
        assertThat(file.putAside()).isEqualTo(FOLDER.resolve("topic-settings.damaged"));
        assertThat(file.read()).isEmpty();
        assertThat(files.exists(FOLDER.resolve("topic-settings.damaged"))).isTrue();
    }
}
