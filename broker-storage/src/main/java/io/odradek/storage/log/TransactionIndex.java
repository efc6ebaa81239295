package io.odradek.storage.log;

import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The transactions whose ABORT markers lie in a segment, as Kafka keeps them: one {@link AbortedTransaction} after another,
 * by the offset of the marker, and no file where there is none. Entries are written as they come; the file is forced with
 * the other indexes, once the segment is sealed, and never trusted past the recovery point.
 *
 * <p>Of every {@value #BLOCK_ENTRIES} entries three numbers are in memory, so that a look-up reads only those blocks of the
 * file in which there is something to be found. Belongs to the log's owner, but for {@link #force}.
 */
final class TransactionIndex {
    static final int BLOCK_ENTRIES = 120;
    static final int BLOCK_BYTES = BLOCK_ENTRIES * AbortedTransaction.SIZE_BYTES;

    private static final int ENTRY_SIZE = AbortedTransaction.SIZE_BYTES;
    private static final int SUMMARY_LONGS = 3;
    private static final int LEAST_FIRST_OFFSET = 0;
    private static final int LAST_OFFSET = 1;
    private static final int LAST_STABLE_OFFSET = 2;
    private static final long[] NOTHING = {};

    private final LogFileSystem files;
    private final long baseOffset;
    private Path path;
    private LogFile file;
    private LogFile.Handle handle = LogFile.Handle.KEPT;
    private volatile boolean unforced;
    private volatile boolean forcing;
    private int entries;
    private long[] summaries = NOTHING;
    /** Why nothing can be known from it, null if it can. */
    private String damage;

    /** An index without entries, as one that has no file; else {@link #load} or {@link #reset} comes next. */
    TransactionIndex(LogFileSystem files, Path path, long baseOffset) {
        this.files = files;
        this.path = path;
        this.baseOffset = baseOffset;
    }

    /**
     * Reads the file through, if there is one.
     *
     * @return false if the file is not right; the entries before what is wrong have been taken in
     */
    boolean load() throws IOException {
        forgetFrom(0);
        try (LogFile opened = files.openForRead(path)) {
            long size = opened.sizeBytes();
            if (size > Integer.MAX_VALUE) {
                return false;
            }
            ByteBuffer block = ByteBuffer.allocate((int) Math.min(size, BLOCK_BYTES));
            long previousOffset = baseOffset - 1;
            while ((long) (entries + 1) * ENTRY_SIZE <= size) {
                int count = opened.read(block.clear(), (long) entries * ENTRY_SIZE) / ENTRY_SIZE;
                if (count == 0) {
                    return false;
                }
                for (int at = 0; at < count * ENTRY_SIZE; at += ENTRY_SIZE) {
                    if (!AbortedTransaction.plausible(block, at, previousOffset)) {
                        return false;
                    }
                    previousOffset = AbortedTransaction.lastOffset(block, at);
                    summarize(AbortedTransaction.read(block, at));
                }
            }
            return size % ENTRY_SIZE == 0;
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    /** Says that what it has is not to be relied on and cannot be found out: look-ups fail until {@link #reset}. */
    void unusable(String why) {
        damage = why;
    }

    /** {@return whether there is something to be found, or to be feared} */
    boolean mayHaveSome() {
        return entries > 0 || damage != null;
    }

    /** {@return how many aborted transactions there are} */
    int entries() {
        return entries;
    }

    /** Adds a transaction, whose marker lies after all others in the segment. */
    void append(AbortedTransaction aborted) throws IOException {
        if (entries > 0 && aborted.lastOffset() <= summary(block(entries - 1), LAST_OFFSET)) {
            throw new IllegalStateException(path + " already has a marker at or after offset " + aborted.lastOffset());
        }
        openFile().write(aborted.toBytes(), (long) entries * ENTRY_SIZE);
        unforced = true;
        summarize(aborted);
    }

    private void summarize(AbortedTransaction aborted) {
        int from = block(entries) * SUMMARY_LONGS;
        if (entries % BLOCK_ENTRIES == 0) {
            if (from == summaries.length) {
                summaries = Arrays.copyOf(summaries, Math.max(SUMMARY_LONGS, 2 * summaries.length));
            }
            summaries[from + LEAST_FIRST_OFFSET] = Long.MAX_VALUE;
        }
        summaries[from + LEAST_FIRST_OFFSET] = Math.min(summaries[from + LEAST_FIRST_OFFSET], aborted.firstOffset());
        summaries[from + LAST_OFFSET] = aborted.lastOffset();
        summaries[from + LAST_STABLE_OFFSET] = aborted.lastStableOffset();
        entries++;
    }

    private static int block(int slot) {
        return slot / BLOCK_ENTRIES;
    }

    private long summary(int block, int which) {
        return summaries[block * SUMMARY_LONGS + which];
    }

    private int blocks() {
        return (entries + BLOCK_ENTRIES - 1) / BLOCK_ENTRIES;
    }

    /**
     * Finds the transactions that have records, or their end, in a range of offsets.
     *
     * @param fromOffset the first offset of the range: a marker at or after it
     * @param upperOffset the exclusive end of the range: a first record before it
     * @param scratch at least {@value #BLOCK_BYTES} bytes of memory to read into
     * @param found is given them
     * @return whether no later entry, here or in a later segment, can be in the range
     * @throws DamagedSegmentException if the index could not be read, nor built again
     */
    boolean collect(long fromOffset, long upperOffset, ByteBuffer scratch, List<AbortedTransaction> found)
            throws IOException {
        if (damage != null) {
            throw new DamagedSegmentException("Aborted transactions are not known: " + damage);
        }
        int count = blocks();
        for (int block = firstBlock(fromOffset); block < count; block++) {
            if (summary(block, LEAST_FIRST_OFFSET) < upperOffset) {
                readBlock(block, scratch);
                for (int at = 0; at < scratch.limit(); at += ENTRY_SIZE) {
                    if (AbortedTransaction.lastOffset(scratch, at) >= fromOffset
                            && AbortedTransaction.firstOffset(scratch, at) < upperOffset) {
                        found.add(AbortedTransaction.read(scratch, at));
                    }
                }
            }
            if (summary(block, LAST_STABLE_OFFSET) >= upperOffset) {
                return true;
            }
        }
        return false;
    }

    /** {@return the first block that ends at or after an offset} */
    private int firstBlock(long offset) {
        int low = 0;
        int high = blocks();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (summary(middle, LAST_OFFSET) < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void readBlock(int block, ByteBuffer into) throws IOException {
        int count = Math.min(BLOCK_ENTRIES, entries - block * BLOCK_ENTRIES);
        into.clear().limit(count * ENTRY_SIZE);
        read(into, (long) block * BLOCK_BYTES);
        into.flip();
    }

    private void read(ByteBuffer into, long position) throws IOException {
        int wanted = into.remaining();
        try {
            if (openFile().read(into, position) < wanted) {
                throw new DamagedSegmentException(path + " has lost its end");
            }
        } catch (NoSuchFileException e) {
            throw new DamagedSegmentException(path + " is missing", e);
        }
    }

    /** {@return how many entries have their marker before an offset} */
    int entriesBefore(long offset) throws IOException {
        int block = firstBlock(offset);
        if (block == blocks()) {
            return entries;
        }
        ByteBuffer scratch = ByteBuffer.allocate(BLOCK_BYTES);
        readBlock(block, scratch);
        int at = 0;
        while (at < scratch.limit() && AbortedTransaction.lastOffset(scratch, at) < offset) {
            at += ENTRY_SIZE;
        }
        return block * BLOCK_ENTRIES + at / ENTRY_SIZE;
    }

    /** {@return an entry} */
    AbortedTransaction entry(int slot) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(ENTRY_SIZE);
        read(bytes, (long) slot * ENTRY_SIZE);
        return AbortedTransaction.read(bytes, 0);
    }

    /** Cuts the entries whose marker is at or after an offset. */
    void truncateTo(long offset) throws IOException {
        truncateEntries(entriesBefore(offset));
    }

    /** Keeps the first entries only. */
    void truncateEntries(int count) throws IOException {
        if (count >= entries) {
            return;
        }
        openFile().truncate((long) count * ENTRY_SIZE);
        unforced = true;
        int block = block(count);
        int kept = count - block * BLOCK_ENTRIES;
        ByteBuffer scratch = ByteBuffer.allocate(BLOCK_BYTES);
        if (kept > 0) {
            entries = count;
            readBlock(block, scratch);
        }
        forgetFrom(block);
        for (int i = 0; i < kept; i++) {
            summarize(AbortedTransaction.read(scratch, i * ENTRY_SIZE));
        }
    }

    private void forgetFrom(int block) {
        entries = block * BLOCK_ENTRIES;
        if (block == 0) {
            summaries = NOTHING;
        }
    }

    /** Empties the index whatever the file holds. */
    void reset() throws IOException {
        forgetFrom(0);
        damage = null;
        if (files.exists(path)) {
            openFile().truncate(0);
            unforced = true;
        }
    }

    /** Forces to the disk what has changed since the last time. May be called from any thread. */
    void force() throws IOException {
        if (unforced) {
            forcing = true;
            unforced = false;
            boolean forced = false;
            try {
                openFile().force();
                forced = true;
            } finally {
                unforced |= !forced;
                forcing = false;
            }
        }
    }

    /** Closes the file until it is needed again, unless something in it is or must be forced. */
    void release() throws IOException {
        if (!unforced && !forcing) {
            close();
        }
    }

    private synchronized LogFile openFile() throws IOException {
        if (file == null) {
            file = files.open(path);
            file.handle(handle);
        }
        return file;
    }

    /** Says what becomes of the file's handle. */
    synchronized void handle(LogFile.Handle newHandle) {
        handle = newHandle;
        if (file != null) {
            file.handle(newHandle);
        }
    }

    /** Says where the file has been moved to. */
    synchronized void movedTo(Path newPath) {
        path = newPath;
    }

    /** Closes the file if it is open. */
    synchronized void close() throws IOException {
        LogFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }

    /** Closes and deletes the file. */
    void delete() throws IOException {
        unforced = false;
        close();
        files.delete(path);
    }
}
