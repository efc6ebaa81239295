package io.odradek.storage.log;

import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The largest timestamp so far, whenever the offset index got an entry and it had grown. An entry is the timestamp (int64)
 * and the last offset of the batch that has it less the segment's base offset (int32), as Kafka writes them.
 */
final class TimeIndex extends IndexFile {
    static final int ENTRY_SIZE = 12;

    private final long baseOffset;

    TimeIndex(LogFileSystem files, Path path, IndexBlock block, long baseOffset, boolean fresh) {
        super(files, path, ENTRY_SIZE, block, fresh);
        this.baseOffset = baseOffset;
    }

    @Override
    long keyAt(ByteBuffer bytes, int at) {
        return bytes.getLong(at);
    }

    @Override
    boolean plausible(ByteBuffer bytes, int at, int slot) {
        return bytes.getLong(at) >= slot && bytes.getInt(at + 8) >= slot;
    }

    /** Adds an entry if the timestamp is above the last one's. */
    void maybeAppend(long timestampMs, long offset) throws IOException {
        int entries = entries();
        if (timestampMs >= 0 && (entries == 0 || key(entries - 1) < timestampMs)) {
            nextEntry().putLong(timestampMs).putInt((int) (offset - baseOffset));
        }
    }

    /** {@return the offset of an entry} */
    long offset(int slot) throws IOException {
        ByteBuffer bytes = bytesOf(slot);
        return baseOffset + bytes.getInt(at(slot) + 8);
    }

    /** Cuts the entries whose offset is at or after the one given. */
    void truncateTo(long offset) throws IOException {
        int low = 0;
        int high = entries();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (offset(middle) < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        truncateEntries(low);
    }
}
