package io.odradek.server.damage;

import io.odradek.protocol.record.RecordBatch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What may happen to the file of one closed segment. */
enum SegmentFault {
    DELETED,
    EMPTIED,
    CUT_IN_A_BATCH,
    LENGTH_RAISED,
    LENGTH_LOWERED,
    LENGTH_ZERO,
    MAGIC_CHANGED,
    OFFSET_CHANGED,
    OFFSET_DELTA_CHANGED,
    BODY_CHANGED,
    ZEROED_BLOCK;

    private static final int LENGTH_AT = 8;
    private static final int MAGIC_AT = 16;
    private static final int DELTA_AT = 23;
    private static final int BLOCK_BYTES = 4096;

    /** {@return whether it takes no more than a batch or a block of the file} */
    boolean isOfOneBlock() {
        return this != DELETED && this != EMPTIED && this != CUT_IN_A_BATCH;
    }

    /** Strikes a segment of a partition, in the middle of it. */
    void strike(Path partition, int segment) throws IOException {
        Path log = segments(partition).get(segment);
        if (this == DELETED) {
            Files.delete(log);
            return;
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            int at = middle(log);
            switch (this) {
                case EMPTIED -> file.setLength(0);
                case CUT_IN_A_BATCH -> file.setLength(at + RecordBatch.HEADER_SIZE + 7L);
                case LENGTH_RAISED -> flip(file, at + LENGTH_AT + 1, 0x40);
                case LENGTH_LOWERED -> flip(file, at + LENGTH_AT + 2, 0x02);
                case LENGTH_ZERO -> write(file, at + LENGTH_AT, new byte[Integer.BYTES]);
                case MAGIC_CHANGED -> flip(file, at + MAGIC_AT, 0x10);
                case OFFSET_CHANGED -> flip(file, at + 5, 0x08);
                case OFFSET_DELTA_CHANGED -> flip(file, at + DELTA_AT + 2, 0x40);
                case BODY_CHANGED -> flip(file, at + RecordBatch.HEADER_SIZE + 5, 0x04);
                case ZEROED_BLOCK -> write(file, at - at % BLOCK_BYTES, new byte[BLOCK_BYTES]);
                default -> throw new IllegalStateException(name());
            }
        }
    }

    /** {@return the segments of a partition, oldest first} */
    static List<Path> segments(Path partition) throws IOException {
        try (Stream<Path> files = Files.list(partition)) {
            return files.filter(path -> path.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    private static int middle(Path log) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(log));
        List<Integer> batches = new ArrayList<>();
        for (int at = 0; at < bytes.capacity(); at += RecordBatch.sizeBytes(bytes, at)) {
            batches.add(at);
        }
        return batches.get(batches.size() / 2);
    }

    private static void flip(RandomAccessFile file, long at, int bits) throws IOException {
        file.seek(at);
        int before = file.read();
        write(file, at, new byte[] {(byte) (before ^ bits)});
    }

    private static void write(RandomAccessFile file, long at, byte[] bytes) throws IOException {
        file.seek(at);
        file.write(bytes);
    }
}
