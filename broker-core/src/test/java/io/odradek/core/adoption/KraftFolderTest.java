package io.odradek.core.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.adoption.OldTopics.OldTopic;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.protocol.wire.WireWriter;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Metadata of KRaft clusters, made by hand; those of a real one are read in {@code KraftFoldersTest}. */
class KraftFolderTest {
    private static final Path FOLDER = Path.of("/data/__cluster_metadata-0");
    private static final Path LOG = FOLDER.resolve("00000000000000000000.log");
    private static final Uuid ONE = new Uuid(1, 1);
    private static final Uuid TWO = new Uuid(2, 2);
    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;

    private final FaultingFileSystem files = new FaultingFileSystem(1);

    @BeforeEach
    void open() throws IOException {
        files.createFolders(FOLDER);
    }

    @AfterEach
    void close() {
        files.close();
    }

    private static ByteBuffer record(int kind, Consumer<WireWriter> fields) {
        WireWriter out = WireWriter.heap(64);
        out.writeUnsignedVarint(1);
        out.writeUnsignedVarint(kind);
        out.writeUnsignedVarint(0);
        fields.accept(out);
        out.writeUnsignedVarint(0);
        return out.finishUnframed();
    }

    private static ByteBuffer topic(String name, Uuid id) {
        return record(2, out -> {
            out.writeString(name, true);
            out.writeUuid(id);
        });
    }

    private static ByteBuffer partition(Uuid id, int partition) {
        return record(3, out -> {
            out.writeInt32(partition);
            out.writeUuid(id);
        });
    }

    private static ByteBuffer setting(byte type, String resource, String name, String value) {
        return record(4, out -> {
            out.writeInt8(type);
            out.writeString(resource, true);
            out.writeString(name, true);
            out.writeNullableString(value, true);
        });
    }

    private static ByteBuffer removal(Uuid id) {
        return record(9, out -> out.writeUuid(id));
    }

    private static ByteBuffer mark(int kind) {
        return record(kind, out -> {});
    }

    /** A batch of its own for each record. */
    private static ByteBuffer batches(long firstOffset, ByteBuffer... records) {
        ByteBuffer all = ByteBuffer.allocate(10_000);
        for (int i = 0; i < records.length; i++) {
            ByteBuffer batch =
                    new BatchBuilder(1_000).append(5, null, records[i]).build();
            RecordBatch.setBaseOffset(batch, 0, firstOffset + i);
            all.put(batch);
        }
        return all.flip();
    }

    private static ByteBuffer footer(long offset) {
        ByteBuffer key =
                ByteBuffer.allocate(4).putShort((short) 0).putShort((short) 4).flip();
        ByteBuffer batch = new BatchBuilder(1_000)
                .control()
                .append(5, key, ByteBuffer.allocate(3))
                .build();
        RecordBatch.setBaseOffset(batch, 0, offset);
        return batch;
    }

    private void write(Path path, ByteBuffer... content) throws IOException {
        try (LogFile file = files.open(path)) {
            for (ByteBuffer part : content) {
                file.append(part);
            }
        }
    }

    private OldTopics read() throws IOException {
        return new KraftFolder(files, FOLDER).read(7);
    }

    private static OldTopic known(Uuid id, int partitions, Map<String, String> overrides) {
        return new OldTopic(id, partitions, new TreeMap<>(overrides));
    }

    @Test
    void settingsAreThoseThatWereSetLastAndNotRemoved() throws IOException {
        write(
                LOG,
                batches(
                        0,
                        topic("t", ONE),
                        partition(ONE, 1),
                        partition(ONE, 0),
                        setting(TOPIC, "t", "retention.ms", "5"),
                        setting(TOPIC, "t", "segment.bytes", "1000"),
                        setting(TOPIC, "t", "retention.ms", "-1"),
                        setting(TOPIC, "t", "segment.bytes", null),
                        setting(BROKER, "", "log.retention.ms", "9"),
                        setting(BROKER, "7", "log.retention.bytes", "8"),
                        setting(BROKER, "6", "log.retention.bytes", "6")));
        assertThat(read().whole()).isTrue();
        assertThat(read().topics()).containsExactly(Map.entry("t", known(ONE, 2, Map.of("retention.ms", "-1"))));
        assertThat(read().brokerSettings())
                .containsExactly(Map.entry("log.retention.bytes", "8"), Map.entry("log.retention.ms", "9"));
    }

    @Test
    void aTopicThatWasDeletedIsNotKnownAndOneThatWasMadeAgainIsKnownByItsNewIdentifier() throws IOException {
        write(
                LOG,
                batches(
                        0,
                        topic("gone", ONE),
                        setting(TOPIC, "gone", "retention.ms", "5"),
                        removal(ONE),
                        topic("again", ONE),
                        setting(TOPIC, "again", "retention.ms", "5"),
                        removal(ONE),
                        topic("again", TWO),
                        setting(TOPIC, "again", "cleanup.policy", "compact")));
        assertThat(read().topics())
                .containsExactly(Map.entry("again", known(TWO, 0, Map.of("cleanup.policy", "compact"))));
    }

    @Test
    void theLogGoesOnAfterTheNewestSnapshot() throws IOException {
        write(FOLDER.resolve("00000000000000000001-0000000001.checkpoint"), batches(0, topic("older", ONE)), footer(1));
        write(
                FOLDER.resolve("00000000000000000003-0000000002.checkpoint"),
                batches(0, topic("t", ONE), setting(TOPIC, "t", "retention.ms", "5")),
                footer(2));
        write(LOG, batches(0, topic("before", TWO), mark(20), mark(20), setting(TOPIC, "t", "retention.ms", "6")));
        assertThat(read().whole()).isTrue();
        assertThat(read().topics()).containsExactly(Map.entry("t", known(ONE, 0, Map.of("retention.ms", "6"))));
    }

    @Test
    void whatATransactionSaysHoldsFromItsEnd() throws IOException {
        write(
                LOG,
                batches(
                        0,
                        mark(23),
                        topic("done", ONE),
                        mark(24),
                        mark(23),
                        topic("aborted", TWO),
                        mark(25),
                        mark(23),
                        topic("open", TWO)));
        assertThat(read().topics()).containsOnlyKeys("done");
    }

    @Test
    void whatIsHalfWrittenBrokenOrMissingIsNotTheLastWord() throws IOException {
        ByteBuffer content = batches(0, topic("t", ONE), setting(TOPIC, "t", "retention.ms", "5"));
        for (Consumer<LogFile> damage : List.<Consumer<LogFile>>of(
                file -> unchecked(() -> file.truncate(file.sizeBytes() - 3)),
                file -> unchecked(() -> file.write(ByteBuffer.wrap(new byte[] {9}), file.sizeBytes() - 4)),
                file -> unchecked(() -> file.append(batches(5, topic("later", TWO)))),
                file -> unchecked(() -> file.append(ByteBuffer.allocate(100))))) {
            write(LOG, content.duplicate());
            try (LogFile file = files.open(LOG)) {
                damage.accept(file);
            }
            assertThat(read().whole()).isFalse();
            assertThat(read().topics()).containsOnlyKeys("t");
            files.delete(LOG);
        }
        assertThat(read().whole()).as("no log").isFalse();
        write(FOLDER.resolve("00000000000000000001-0000000001.checkpoint"), batches(0, topic("t", ONE)));
        write(LOG, content.duplicate());
        assertThat(read().whole()).as("no footer").isFalse();
        files.delete(FOLDER.resolve("00000000000000000001-0000000001.checkpoint"));
        files.delete(LOG);
        write(FOLDER.resolve("00000000000000000007.log"), batches(7, topic("t", ONE)));
        assertThat(read().whole()).as("no beginning").isFalse();
    }

    private interface Damage {
        void run() throws IOException;
    }

    private static void unchecked(Damage damage) {
        try {
            damage.run();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
