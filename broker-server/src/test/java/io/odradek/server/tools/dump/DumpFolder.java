package io.odradek.server.tools.dump;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordHeader;
import io.odradek.server.tools.ToolCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A log folder with one partition, written byte by byte: a segment of five batches with offsets 0 to 8, one of them the
 * ABORT marker, its indexes, a snapshot, and the small files.
 */
final class DumpFolder {
    static final String SEGMENT = "00000000000000000000";
    static final byte[] BINARY = {(byte) 0xff, 0, 1};

    private final Path root;
    private final ByteBuffer log = ByteBuffer.allocate(1 << 16);
    private final int[] positions = new int[5];

    DumpFolder(Path root) throws IOException {
        this.root = root;
        Files.createDirectories(partition());
        append(
                0,
                0,
                new BatchBuilder(4096)
                        .producer(7, (short) 1, 0)
                        .append(1000, text("k"), text("first\nline"), List.of(RecordHeader.of("h", BINARY)))
                        .append(1001, null, null)
                        .build());
        append(
                1,
                2,
                new BatchBuilder(4096)
                        .codec(CompressionCodec.ZSTD)
                        .append(1002, text("k"), ByteBuffer.wrap(BINARY))
                        .append(1003, text("\u00e9"), text("\"quoted\\\" \u2028 \u0007"))
                        .append(1004, text("z"), text("z"))
                        .build());
        append(
                2,
                5,
                new BatchBuilder(4096)
                        .producer(7, (short) 1, 2)
                        .transactional()
                        .append(1005, text("t"), text("t"))
                        .build());
        append(3, 6, new ControlRecord(ControlRecord.Type.ABORT, 3).toBatch(7, (short) 1, 1006));
        append(
                4,
                7,
                new BatchBuilder(4096)
                        .append(1007, text("a"), text("b"))
                        .append(1008, text("c"), text("d"))
                        .build());
        Files.write(file(".log"), bytes(log.flip()));
        writeIndexes();
        writeSmallFiles();
    }

    private void append(int slot, long baseOffset, ByteBuffer batch) {
        positions[slot] = log.position();
        RecordBatch.setBaseOffset(batch, 0, baseOffset);
        RecordBatch.setLeaderEpoch(batch, 0, 4);
        log.put(batch);
    }

    private void writeIndexes() throws IOException {
        Files.write(
                file(".index"),
                bytes(ByteBuffer.allocate(16)
                        .putInt(4)
                        .putInt(positions[1])
                        .putInt(8)
                        .putInt(positions[4])
                        .flip()));
        Files.write(
                file(".timeindex"),
                bytes(ByteBuffer.allocate(24)
                        .putLong(1004)
                        .putInt(4)
                        .putLong(1008)
                        .putInt(8)
                        .flip()));
        Files.write(
                file(".txnindex"),
                bytes(ByteBuffer.allocate(34)
                        .putShort((short) 0)
                        .putLong(7)
                        .putLong(5)
                        .putLong(6)
                        .putLong(7)
                        .flip()));
        ByteBuffer snapshot = ByteBuffer.allocate(56);
        snapshot.putShort((short) 1).putInt(0).putInt(1);
        snapshot.putLong(7)
                .putShort((short) 1)
                .putInt(2)
                .putLong(5)
                .putInt(0)
                .putLong(1006)
                .putInt(3)
                .putLong(-1);
        CRC32C crc = new CRC32C();
        crc.update(snapshot.duplicate().flip().position(6));
        snapshot.putInt(2, (int) crc.getValue());
        Files.write(partition().resolve("00000000000000000009.snapshot"), bytes(snapshot.flip()));
    }

    private void writeSmallFiles() throws IOException {
        Files.writeString(partition().resolve("leader-epoch-checkpoint"), "0\n1\n4 0\n");
        Files.writeString(partition().resolve("partition.metadata"), "version: 0\ntopic_id: C8PldR5wTYeO-_o50H0lLA\n");
        Files.writeString(root.resolve("meta.properties"), "version=0\nbroker.id=3\ncluster.id=abc\n");
        Files.writeString(root.resolve("recovery-point-offset-checkpoint"), "0\n1\ntopic 0 9\n");
        Files.writeString(root.resolve("cleaner-offset-checkpoint"), "");
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    Path root() {
        return root;
    }

    Path partition() {
        return root.resolve("topic-0");
    }

    Path file(String suffix) {
        return partition().resolve(SEGMENT + suffix);
    }

    /** {@return where a batch begins in the log} */
    int position(int batch) {
        return positions[batch];
    }

    /** Changes bytes of a file. */
    static void change(Path file, Change change) {
        try {
            Files.write(file, change.of(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is done to a file's bytes. */
    interface Change {
        byte[] of(byte[] bytes);
    }

    /**
     * What a run of the tool came to.
     *
     * @param status its exit status
     * @param output what it showed
     * @param errors what it said besides
     */
    record Result(int status, String output, String errors) {
        List<JsonObject> objects() {
            return output.lines()
                    .map(line -> JsonReader.readObject(line.getBytes(UTF_8)))
                    .toList();
        }

        List<String> problems() {
            return output.lines().filter(line -> line.startsWith("PROBLEM: ")).toList();
        }
    }

    static Result dump(Object... arguments) {
        String[] texts = new String[arguments.length + 1];
        texts[0] = "dump-log";
        for (int i = 0; i < arguments.length; i++) {
            texts[i + 1] = arguments[i].toString();
        }
        ToolCall call = ToolCall.of(texts);
        return new Result(call.status(), call.out(), call.err());
    }
}
