package io.odradek.storage.io;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

/** The bytes of one file, twice: as the operating system has them, and as the disk has them. */
final class SimulatedFile {
    private static final int PAGE_BYTES = 4096;

    private byte[] bytes = new byte[0];
    private int sizeBytes;
    private byte[] diskBytes = new byte[0];
    private int diskSizeBytes;
    private final BitSet dirtyPages = new BitSet();
    private long modifiedMs;

    long modifiedMs() {
        return modifiedMs;
    }

    /** Says when it was written. */
    void modifiedAt(long nowMs) {
        modifiedMs = nowMs;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    int read(ByteBuffer into, long position) {
        if (position >= sizeBytes) {
            return 0;
        }
        int count = (int) Math.min(into.remaining(), sizeBytes - position);
        into.put(bytes, (int) position, count);
        return count;
    }

    void write(ByteBuffer from, long position, int count) {
        int start = Math.toIntExact(position);
        int end = Math.addExact(start, count);
        grow(end);
        from.get(bytes, start, count);
        markDirty(Math.min(start, sizeBytes), end);
        sizeBytes = Math.max(sizeBytes, end);
    }

    void truncate(long newSizeBytes) {
        if (newSizeBytes < sizeBytes) {
            Arrays.fill(bytes, (int) newSizeBytes, sizeBytes, (byte) 0);
            markDirty((int) newSizeBytes, sizeBytes);
            sizeBytes = (int) newSizeBytes;
        }
    }

    void force() {
        if (diskBytes.length < bytes.length) {
            diskBytes = Arrays.copyOf(diskBytes, bytes.length);
        }
        for (int page = dirtyPages.nextSetBit(0); page >= 0; page = dirtyPages.nextSetBit(page + 1)) {
            int start = page * PAGE_BYTES;
            System.arraycopy(bytes, start, diskBytes, start, Math.min(PAGE_BYTES, bytes.length - start));
        }
        diskSizeBytes = sizeBytes;
        dirtyPages.clear();
    }

    /** What a force that failed leaves: the system takes the pages for written, and they are not. */
    void dropUnforced() {
        dirtyPages.clear();
    }

    /** Each page that was not forced is kept, lost, or torn at any byte; the length is the old, the new, or between. */
    void losePower(Random random) {
        int shorter = Math.min(sizeBytes, diskSizeBytes);
        int longer = Math.max(sizeBytes, diskSizeBytes);
        int[] lengths = {sizeBytes, diskSizeBytes, shorter + random.nextInt(longer - shorter + 1)};
        int newSizeBytes = lengths[random.nextInt(lengths.length)];
        grow(longer);
        diskBytes = Arrays.copyOf(diskBytes, Math.max(diskBytes.length, bytes.length));
        for (int page = dirtyPages.nextSetBit(0); page >= 0; page = dirtyPages.nextSetBit(page + 1)) {
            int start = page * PAGE_BYTES;
            int pageBytes = Math.min(PAGE_BYTES, bytes.length - start);
            int[] written = {0, pageBytes, random.nextInt(pageBytes + 1)};
            System.arraycopy(bytes, start, diskBytes, start, written[random.nextInt(written.length)]);
        }
        Arrays.fill(diskBytes, newSizeBytes, diskBytes.length, (byte) 0);
        bytes = diskBytes.clone();
        sizeBytes = newSizeBytes;
        diskSizeBytes = newSizeBytes;
        dirtyPages.clear();
    }

    private void grow(int neededBytes) {
        if (neededBytes > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(neededBytes, bytes.length * 2));
        }
    }

    private void markDirty(int start, int end) {
        if (end > start) {
            dirtyPages.set(start / PAGE_BYTES, (end - 1) / PAGE_BYTES + 1);
        }
    }
}
