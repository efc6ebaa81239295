package io.odradek.storage.log;

import io.odradek.storage.io.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads the entries of index files, as they stand in the file and whatever they are: nothing is checked. For tools; a log
 * reads its own indexes by other means. Of a file that a running Kafka has left, the entries after the last are zeros.
 */
public final class IndexEntries {
    private static final int ENTRIES_AT_ONCE = 1024;

    private IndexEntries() {}

    /** Is given the entries of an offset index. */
    public interface OffsetVisitor {
        /**
         * One entry.
         *
         * @param offset the last offset of a batch
         * @param position where the batch begins in the segment, in bytes
         * @return whether to go on
         */
        boolean entry(long offset, int position) throws IOException;
    }

    /** Is given the entries of a time index. */
    public interface TimeVisitor {
        /**
         * One entry.
         *
         * @param timestampMs the largest timestamp of the segment's batches so far
         * @param offset the last offset of the batch that has it
         * @return whether to go on
         */
        boolean entry(long timestampMs, long offset) throws IOException;
    }

    private interface RawVisitor {
        boolean entry(ByteBuffer bytes, int at) throws IOException;
    }

    /**
     * Visits the entries of an {@code .index} file.
     *
     * @param baseOffset the segment's base offset, which the file's name tells
     * @return the bytes after the last whole entry: 0 unless the file was cut
     */
    public static int visitOffsets(LogFile file, long baseOffset, OffsetVisitor visitor) throws IOException {
        return visit(
                file,
                OffsetIndex.ENTRY_SIZE,
                (bytes, at) -> visitor.entry(baseOffset + bytes.getInt(at), bytes.getInt(at + 4)));
    }

    /**
     * Visits the entries of a {@code .timeindex} file.
     *
     * @param baseOffset the segment's base offset, which the file's name tells
     * @return the bytes after the last whole entry: 0 unless the file was cut
     */
    public static int visitTimes(LogFile file, long baseOffset, TimeVisitor visitor) throws IOException {
        return visit(
                file,
                TimeIndex.ENTRY_SIZE,
                (bytes, at) -> visitor.entry(bytes.getLong(at), baseOffset + bytes.getInt(at + 8)));
    }

    private static int visit(LogFile file, int entrySize, RawVisitor visitor) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(entrySize * ENTRIES_AT_ONCE);
        long size = file.sizeBytes();
        for (long position = 0; position < size; position += bytes.capacity()) {
            bytes.clear();
            file.read(bytes, position);
            for (int at = 0; at + entrySize <= bytes.position(); at += entrySize) {
                if (!visitor.entry(bytes, at)) {
                    return (int) (size % entrySize);
                }
            }
        }
        return (int) (size % entrySize);
    }
}
