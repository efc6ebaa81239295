package io.odradek.storage.log;

import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Where batches lie in a segment, for one batch in every {@code index.interval.bytes}. An entry is the batch's last offset
 * less the segment's base offset (int32) and the batch's position (int32), as Kafka writes them.
 */
final class OffsetIndex extends IndexFile {
    static final int ENTRY_SIZE = 8;

    private final long baseOffset;
    private final long segmentBytes;

    /** @param segmentBytes the size of the segment when it is opened: no entry of the file may point beyond it */
    OffsetIndex(LogFileSystem files, Path path, IndexBlock block, long baseOffset, long segmentBytes, boolean fresh) {
        super(files, path, ENTRY_SIZE, block, fresh);
        this.baseOffset = baseOffset;
        this.segmentBytes = segmentBytes;
    }

    @Override
    long keyAt(ByteBuffer bytes, int at) {
        return bytes.getInt(at);
    }

    @Override
    boolean plausible(ByteBuffer bytes, int at, int slot) {
        int relativeOffset = bytes.getInt(at);
        int position = bytes.getInt(at + 4);
        return position >= 0 && position < segmentBytes && relativeOffset >= slot && (slot == 0 || position > 0);
    }

    /** Adds an entry; offset and position must be above those of the last one. */
    void append(long lastOffset, int position) throws IOException {
        nextEntry().putInt((int) (lastOffset - baseOffset)).putInt(position);
    }

    /** {@return the last slot whose offset is not above the one given, or -1} */
    int floorSlotOf(long offset) throws IOException {
        return floorSlot(relative(offset));
    }

    /** {@return the position of an entry} */
    int position(int slot) throws IOException {
        ByteBuffer bytes = bytesOf(slot);
        return bytes.getInt(at(slot) + 4);
    }

    /** {@return the offset of the last entry, below the segment's base offset if there is none} */
    long lastOffset() throws IOException {
        int entries = entries();
        return entries == 0 ? baseOffset - 1 : baseOffset + key(entries - 1);
    }

    /** {@return the offset of the last entry of the file if its position is beyond the segment's end, else -1} */
    long lostUpTo() throws IOException {
        int entries = entries();
        return entries > 0 && position(entries - 1) >= segmentBytes ? lastOffset() : -1;
    }

    /** Cuts the entries of batches that end at or after an offset. */
    void truncateTo(long offset) throws IOException {
        truncateEntries(floorSlot(relative(offset) - 1) + 1);
    }

    private long relative(long offset) {
        return Math.min(offset - baseOffset, Integer.MAX_VALUE);
    }
}
