package io.odradek.storage.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/** Counts the operations of a {@link FaultingFileSystem} and decides which of them fail. */
final class FaultPlan {
    private static final long NEVER = Long.MAX_VALUE;

    private final Random random;
    private long operations;
    private long failAt = NEVER;
    private boolean failsAsFull;
    private long haltAfter = NEVER;
    private final ToLongFunction<Path> used;
    private final Map<Path, Long> capacities = new TreeMap<>();
    private final Set<Path> broken = new TreeSet<>();
    private long freeBytes = Long.MAX_VALUE;
    private long descriptors = Long.MAX_VALUE;

    private final Map<Path, Long> forced = new TreeMap<>();
    private String failForceOf;
    private Runnable afterForce = () -> {};

    /** @param used how many bytes lie in a folder and below */
    FaultPlan(Random random, ToLongFunction<Path> used) {
        this.random = random;
        this.used = used;
    }

    long operations() {
        return operations;
    }

    void failOperation(long fromNow, boolean asFull) {
        failAt = operations + fromNow;
        failsAsFull = asFull;
    }

    private IOException failure(String message) {
        return failsAsFull ? new DiskFullException(message + ": No space left on device") : new IOException(message);
    }

    void haltAfter(long moreOperations) {
        haltAfter = operations + moreOperations;
    }

    void freeBytes(long bytes) {
        freeBytes = bytes;
    }

    /** {@return how many times files were forced whose names end so} */
    long forces(String suffix) {
        return forced.entrySet().stream()
                .filter(file -> file.getKey().toString().endsWith(suffix))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    void failForceOf(String suffix) {
        failForceOf = suffix;
    }

    void afterForce(Runnable hook) {
        afterForce = hook;
    }

    Runnable afterForce() {
        return afterForce;
    }

    /** Counts a force. {@return whether it fails, as one that the system tells of once does} */
    boolean forceFails(Path path) {
        forced.merge(path, 1L, Long::sum);
        boolean fails = failForceOf != null && path.toString().endsWith(failForceOf);
        failForceOf = fails ? null : failForceOf;
        return fails;
    }

    /** Lets a folder be a disk of its own, with so many bytes. */
    void capacity(Path below, long bytes) {
        capacities.put(below, bytes);
    }

    void breakBelow(Path folder) {
        broken.add(folder);
    }

    void mend() {
        broken.clear();
    }

    /** {@return the room that is left on the disk of a file} */
    private long room(Path path) {
        long room = freeBytes;
        for (Map.Entry<Path, Long> disk : capacities.entrySet()) {
            if (path.startsWith(disk.getKey())) {
                room = Math.min(room, Math.max(0, disk.getValue() - used.applyAsLong(disk.getKey())));
            }
        }
        return room;
    }

    private void checkSound(String doing, Path path) throws IOException {
        for (Path folder : broken) {
            if (path.startsWith(folder)) {
                throw new IOException("Cannot " + doing + " " + path + ": the simulated disk is broken");
            }
        }
    }

    /** Fails if there is no room for a new name. */
    void beforeCreation(Path path) throws IOException {
        if (room(path) == 0) {
            throw new DiskFullException("Cannot create " + path + ": No space left on device");
        }
    }

    void resume() {
        failAt = NEVER;
        haltAfter = NEVER;
    }

    boolean halted() {
        return operations > haltAfter;
    }

    /** Lets so many files be open at a time. */
    void descriptors(long most) {
        descriptors = most;
    }

    /** Counts an operation that opens something, if only for its own time. */
    void beforeOpening(String doing, Path path, long open) throws IOException {
        before(doing, path);
        if (open >= descriptors) {
            throw new OutOfDescriptorsException("Cannot " + doing + " " + path + ": Too many open files");
        }
    }

    /** Counts an operation. */
    void before(String doing, Path path) throws IOException {
        operations++;
        if (halted()) {
            throw new IOException("Cannot " + doing + " " + path + ": the simulated machine has stopped");
        }
        if (operations == failAt) {
            throw failure("Cannot " + doing + " " + path + ": simulated failure");
        }
        checkSound(doing, path);
    }

    /**
     * Counts a write. {@return how many of its bytes reach the file: fewer than asked for if it fails, which
     * {@link #afterWrite} then says}
     *
     * @param growth how many of them lie beyond the file's end
     */
    int beforeWrite(int wantedBytes, int growth, Path path) throws IOException {
        boolean wasHalted = halted();
        operations++;
        if (wasHalted) {
            throw stopped(path);
        }
        checkSound("write to", path);
        int storedBytes = (int) Math.min(wantedBytes, wantedBytes - growth + Math.min(growth, room(path)));
        if (halted() || operations == failAt) {
            storedBytes = random.nextInt(storedBytes + 1);
        }
        // What is written over takes no room.
        freeBytes -= freeBytes == Long.MAX_VALUE ? 0 : Math.max(0, storedBytes - (wantedBytes - growth));
        return storedBytes;
    }

    void afterWrite(int wantedBytes, int storedBytes, Path path) throws IOException {
        if (halted()) {
            throw stopped(path);
        }
        if (operations == failAt) {
            throw failure("Cannot write to " + path + ": simulated failure after " + storedBytes + " of " + wantedBytes
                    + " bytes");
        }
        if (storedBytes < wantedBytes) {
            throw new DiskFullException("Cannot write to " + path + ": No space left on device");
        }
    }

    private static IOException stopped(Path path) {
        return new IOException("Cannot write to " + path + ": the simulated machine has stopped");
    }
}
