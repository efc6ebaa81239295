package io.odradek.storage.log;

import io.odradek.storage.checkpoint.MalformedFileException;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.producer.CompletedTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * A transaction that was aborted, as the file {@code .txnindex} of the segment that holds its marker tells of it (KIP-98).
 * In the file: version 0 (int16), then the four fields (int64 each), 34 bytes in all.
 *
 * @param producerId whose transaction it was
 * @param firstOffset the offset of its first record in the partition
 * @param lastOffset the offset of the marker that ended it
 * @param lastStableOffset the offset below which no transaction was open once this one had ended
 */
public record AbortedTransaction(long producerId, long firstOffset, long lastOffset, long lastStableOffset) {
    /** The size of an entry of the file. */
    public static final int SIZE_BYTES = 34;

    private static final short VERSION = 0;
    private static final int PRODUCER_ID = 2;
    private static final int FIRST_OFFSET = 10;
    private static final int LAST_OFFSET = 18;
    private static final int LAST_STABLE_OFFSET = 26;
    private static final int ENTRIES_PER_READ = 120;

    /**
     * Hands out the entries of a {@code .txnindex} file, in its order, which is that of the last offsets.
     *
     * @throws MalformedFileException if the file ends inside an entry, or has one that cannot be; those before it have been
     *     handed out
     */
    public static void readAll(LogFile file, Consumer<AbortedTransaction> each) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(ENTRIES_PER_READ * SIZE_BYTES);
        long position = 0;
        long previousOffset = -1;
        while (file.read(chunk.clear(), position) > 0) {
            chunk.flip();
            int at = 0;
            while (at + SIZE_BYTES <= chunk.limit() && plausible(chunk, at, previousOffset)) {
                each.accept(read(chunk, at));
                previousOffset = lastOffset(chunk, at);
                at += SIZE_BYTES;
            }
            position += at;
            if (at < chunk.limit()) {
                throw new MalformedFileException(file.path(), "there is no aborted transaction at byte " + position);
            }
        }
    }

    /** {@return whether the bytes can be an entry that follows one with this last offset} */
    static boolean plausible(ByteBuffer bytes, int at, long previousOffset) {
        long firstOffset = firstOffset(bytes, at);
        long lastOffset = lastOffset(bytes, at);
        long lastStableOffset = lastStableOffset(bytes, at);
        return bytes.getShort(at) == VERSION
                && bytes.getLong(at + PRODUCER_ID) >= 0
                && firstOffset >= 0
                && lastOffset >= firstOffset
                && lastOffset > previousOffset
                && lastStableOffset >= 0
                && lastStableOffset <= lastOffset + 1;
    }

    /** {@return the entry for a transaction that was aborted} */
    static AbortedTransaction of(CompletedTransaction completed) {
        return new AbortedTransaction(
                completed.producerId(), completed.firstOffset(), completed.lastOffset(), completed.lastStableOffset());
    }

    static AbortedTransaction read(ByteBuffer bytes, int at) {
        return new AbortedTransaction(
                bytes.getLong(at + PRODUCER_ID),
                firstOffset(bytes, at),
                lastOffset(bytes, at),
                lastStableOffset(bytes, at));
    }

    static long firstOffset(ByteBuffer bytes, int at) {
        return bytes.getLong(at + FIRST_OFFSET);
    }

    static long lastOffset(ByteBuffer bytes, int at) {
        return bytes.getLong(at + LAST_OFFSET);
    }

    static long lastStableOffset(ByteBuffer bytes, int at) {
        return bytes.getLong(at + LAST_STABLE_OFFSET);
    }

    /** {@return the entry's bytes} */
    ByteBuffer toBytes() {
        return ByteBuffer.allocate(SIZE_BYTES)
                .putShort(VERSION)
                .putLong(producerId)
                .putLong(firstOffset)
                .putLong(lastOffset)
                .putLong(lastStableOffset)
                .flip();
    }
}
