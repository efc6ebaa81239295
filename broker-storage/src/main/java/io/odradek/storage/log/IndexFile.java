package io.odradek.storage.log;

import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file of fixed-size entries whose first field grows, with the newest entries in memory until a page of them is full, the
 * segment is rolled, or the log is closed. The file is opened when it is needed, and may be closed again between two uses.
 * Belongs to the log's owner.
 */
abstract class IndexFile {
    private static final int FIRST_TAIL_BYTES = 256;
    private static final int MOST_GUESSES = 4;
    private static final long UNKNOWN = Long.MIN_VALUE;

    private final LogFileSystem files;
    private final IndexBlock block;
    private final int entrySize;
    private Path path;
    private LogFile file;
    private int storedEntries;
    /** Of the entries in the file; read when needed, and again after each change. */
    private long firstKey = UNKNOWN;

    private long lastKey = UNKNOWN;
    private ByteBuffer tail;
    private boolean loaded;

    /** @param fresh whether the segment is new, so that there is nothing to be read */
    IndexFile(LogFileSystem files, Path path, int entrySize, IndexBlock block, boolean fresh) {
        this.files = files;
        this.path = path;
        this.entrySize = entrySize;
        this.block = block;
        this.loaded = fresh;
    }

    /** {@return the first field of the entry at an index of a buffer} */
    abstract long keyAt(ByteBuffer bytes, int at);

    /** {@return whether an entry, the last one of a file that was just opened, can be} */
    abstract boolean plausible(ByteBuffer bytes, int at, int slot);

    /** {@return whether the file exists, has whole entries, and ends in one that can be; opens it} */
    final boolean sane() throws IOException {
        if (loaded) {
            return true;
        }
        if (!files.exists(path)) {
            return false;
        }
        LogFile opened = openFile();
        long size = opened.sizeBytes();
        if (size % entrySize != 0 || size > Integer.MAX_VALUE) {
            return false;
        }
        storedEntries = (int) (size / entrySize);
        loaded = true;
        if (storedEntries > 0) {
            int last = storedEntries - 1;
            ByteBuffer bytes = bytesOf(last);
            loaded = plausible(bytes, at(last), last);
            lastKey = keyAt(bytes, at(last));
        }
        return loaded;
    }

    /** {@return how many entries there are} */
    final int entries() {
        return storedEntries + tailEntries();
    }

    private int tailEntries() {
        return tail == null ? 0 : tail.position() / entrySize;
    }

    /** {@return the last slot whose key is not above the one given, or -1} */
    final int floorSlot(long key) throws IOException {
        int high = entries() - 1;
        if (high < 0) {
            return -1;
        }
        if (tailEntries() > 0 && keyAt(tail, 0) <= key) {
            return floorSlot(key, storedEntries, high, storedEntries - 1);
        }
        high = Math.min(high, storedEntries - 1);
        if (high < 0) {
            return -1;
        }
        if (block.holds(this, block.firstSlot()) && key(block.firstSlot()) <= key && key(block.lastSlot()) >= key) {
            return floorSlot(key, block.firstSlot(), block.lastSlot(), -1);
        }
        return floorSlotByBlocks(key, high);
    }

    /**
     * The keys of an index grow rather evenly, so the block that holds one can be guessed from the first and the last key of
     * the file; after some wrong guesses the rest is halved. A cold look-up costs two or three reads.
     */
    private int floorSlotByBlocks(long key, int lastSlot) throws IOException {
        int low = 0;
        int high = lastSlot;
        if (lastKey == UNKNOWN) {
            lastKey = key(high);
        }
        if (lastKey <= key) {
            return high;
        }
        if (firstKey == UNKNOWN) {
            firstKey = key(0);
        }
        long lowKey = firstKey;
        long highKey = lastKey;
        for (int guesses = 0; low <= high; guesses++) {
            int guess = guesses < MOST_GUESSES ? guess(key, low, high, lowKey, highKey) : (low + high) >>> 1;
            bytesOf(guess);
            int first = Math.max(low, block.firstSlot());
            int last = Math.min(high, block.lastSlot());
            if (key(first) > key) {
                high = first - 1;
                highKey = key(first);
            } else if (key(last) <= key && last < high) {
                low = last + 1;
                lowKey = key(last);
            } else {
                return floorSlot(key, first, last, first - 1);
            }
        }
        return high;
    }

    private static int guess(long key, int low, int high, long lowKey, long highKey) {
        double share = highKey > lowKey ? (double) (key - lowKey) / (double) (highKey - lowKey) : 0.5;
        return low + (int) (Math.min(Math.max(share, 0), 1) * (high - low));
    }

    private int floorSlot(long key, int from, int to, int ifNone) throws IOException {
        int low = from;
        int high = to;
        int found = ifNone;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (key(middle) <= key) {
                found = middle;
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return found;
    }

    /** {@return the first field of an entry} */
    final long key(int slot) throws IOException {
        ByteBuffer bytes = bytesOf(slot);
        return keyAt(bytes, at(slot));
    }

    /** {@return the buffer that holds an entry, at {@link #at}; valid until the next call} */
    final ByteBuffer bytesOf(int slot) throws IOException {
        if (slot >= storedEntries) {
            return tail;
        }
        if (!block.holds(this, slot)) {
            int perBlock = IndexBlock.SIZE_BYTES / entrySize;
            int first = slot - slot % perBlock;
            int count = Math.min(perBlock, storedEntries - first);
            ByteBuffer bytes = block.refill(this, first).limit(count * entrySize);
            readEntries(bytes, first, count);
            block.filled(count);
        }
        return block.bytes();
    }

    private void readEntries(ByteBuffer into, int first, int count) throws IOException {
        NoSuchFileException cause = null;
        try {
            if (openFile().read(into, (long) first * entrySize) >= count * entrySize) {
                return;
            }
        } catch (NoSuchFileException e) {
            cause = e;
        }
        block.forget(this);
        throw new LostIndexException(path + (cause == null ? " has lost its end" : " is missing"), cause);
    }

    /** {@return where an entry lies in the buffer that {@link #bytesOf} gave for it} */
    final int at(int slot) {
        return (slot >= storedEntries ? slot - storedEntries : slot - block.firstSlot()) * entrySize;
    }

    /** {@return where to put the next entry} */
    final ByteBuffer nextEntry() throws IOException {
        if (tail == null) {
            tail = ByteBuffer.allocate(FIRST_TAIL_BYTES);
        } else if (tail.remaining() < entrySize) {
            if (tail.capacity() < IndexBlock.SIZE_BYTES) {
                tail = ByteBuffer.allocate(tail.capacity() * 2).put(tail.flip());
            } else {
                writeTail();
            }
        }
        return tail;
    }

    /** Writes the entries that are in memory only. */
    final void writeTail() throws IOException {
        if (tailEntries() > 0) {
            int count = tailEntries();
            try {
                openFile().write(tail.duplicate().flip(), (long) storedEntries * entrySize);
            } catch (NoSuchFileException e) {
                throw new LostIndexException(path + " is missing", e);
            }
            storedEntries += count;
            lastKey = UNKNOWN;
            tail.clear();
        }
    }

    /** Writes what is in memory and gives the memory back, as the segment takes no more. */
    final void seal() throws IOException {
        writeTail();
        openFile();
        tail = null;
    }

    /** Cuts the entries from a slot on. */
    final void truncateEntries(int count) throws IOException {
        if (count >= storedEntries) {
            if (tail != null) {
                tail.position((count - storedEntries) * entrySize);
            }
            return;
        }
        try {
            openFile().truncate((long) count * entrySize);
        } catch (NoSuchFileException e) {
            throw new LostIndexException(path + " is missing", e);
        }
        storedEntries = count;
        firstKey = UNKNOWN;
        lastKey = UNKNOWN;
        if (tail != null) {
            tail.clear();
        }
        block.forget(this);
    }

    /** Empties the index whatever the file holds, to be built again. */
    final void reset() throws IOException {
        block.forget(this);
        storedEntries = 0;
        firstKey = UNKNOWN;
        lastKey = UNKNOWN;
        if (tail != null) {
            tail.clear();
        }
        // A handle may be of a file that somebody has deleted.
        close();
        if (files.exists(path)) {
            openFile().truncate(0);
        }
        loaded = true;
    }

    /** Writes everything and forces the file to the disk. */
    final void force() throws IOException {
        writeTail();
        openFile().force();
    }

    /** Closes the file if all entries are in it; it is opened again when one is needed. */
    final void release() throws IOException {
        LogFile open = file;
        if (open != null && tailEntries() == 0) {
            file = null;
            open.close();
        }
    }

    private LogFile openFile() throws IOException {
        if (file == null) {
            file = files.open(path);
            // What is lost by a handle that is closed is found out when it is looked at.
            file.handle(LogFile.Handle.SPARE);
        }
        return file;
    }

    /** {@return the path} */
    final Path path() {
        return path;
    }

    /** Says where the file has been moved to. */
    final void movedTo(Path newPath) {
        path = newPath;
    }

    /** Closes the file if it is open, writing nothing. */
    final void close() throws IOException {
        block.forget(this);
        LogFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }

    /** Closes and deletes the file. */
    final void delete() throws IOException {
        close();
        files.delete(path);
    }
}
