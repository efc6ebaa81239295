package io.odradek.storage.log;

import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A file of fixed-size entries whose first field grows, with the newest entries in memory until a page of them is full, the
 * segment is rolled, or the log is closed. What a crash loses of them, recovery writes again: indexes are never trusted
 * past the recovery point. The file is opened when it is first needed. Belongs to the log's owner, but for {@link #force}.
 */
abstract class IndexFile {
    private static final int FIRST_TAIL_BYTES = 256;

    private final LogFileSystem files;
    private final IndexBlock block;
    private final int entrySize;
    private Path path;
    private volatile LogFile file;
    private int storedEntries;
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
        int low = 0;
        int high = entries() - 1;
        if (high < 0) {
            return -1;
        }
        if (tailEntries() > 0 && keyAt(tail, 0) <= key) {
            low = storedEntries;
        } else if (storedEntries > 0 && block.holds(this, block.firstSlot())) {
            int first = block.firstSlot();
            int last = block.lastSlot();
            if (key(first) <= key && key(last) >= key) {
                low = first;
                high = last;
            }
        }
        int found = -1;
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
            int read = openFile().read(bytes, (long) first * entrySize);
            if (read < count * entrySize) {
                throw new IOException(path + " ends before entry " + (first + count));
            }
            block.filled(count);
        }
        return block.bytes();
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
            openFile().write(tail.duplicate().flip(), (long) storedEntries * entrySize);
            storedEntries += count;
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
        openFile().truncate((long) count * entrySize);
        storedEntries = count;
        if (tail != null) {
            tail.clear();
        }
        block.forget(this);
    }

    /** Empties the index whatever the file holds, to be built again. */
    final void reset() throws IOException {
        block.forget(this);
        storedEntries = 0;
        if (tail != null) {
            tail.clear();
        }
        if (file != null || files.exists(path)) {
            openFile().truncate(0);
        }
        loaded = true;
    }

    /** Forces the file of a sealed index to the disk. May be called from any thread. */
    final void force() throws IOException {
        LogFile open = file;
        if (open != null) {
            open.force();
        }
    }

    private LogFile openFile() throws IOException {
        if (file == null) {
            file = files.open(path);
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
