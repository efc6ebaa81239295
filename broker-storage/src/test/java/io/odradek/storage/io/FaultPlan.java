package io.odradek.storage.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Counts the operations of a {@link FaultingFileSystem} and decides which of them fail. */
final class FaultPlan {
    private static final long NEVER = Long.MAX_VALUE;

    private final Random random;
    private long operations;
    private long failAt = NEVER;
    private long haltAfter = NEVER;
    private long freeBytes = Long.MAX_VALUE;

    private final List<Path> forced = new ArrayList<>();
    private String failForceOf;
    private Runnable afterForce = () -> {};

    FaultPlan(Random random) {
        this.random = random;
    }

    long operations() {
        return operations;
    }

    void failOperation(long fromNow) {
        failAt = operations + fromNow;
    }

    void haltAfter(long moreOperations) {
        haltAfter = operations + moreOperations;
    }

    void freeBytes(long bytes) {
        freeBytes = bytes;
    }

    /** {@return how many times files were forced whose names end so} */
    long forces(String suffix) {
        return forced.stream().filter(path -> path.toString().endsWith(suffix)).count();
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
        forced.add(path);
        boolean fails = failForceOf != null && path.toString().endsWith(failForceOf);
        failForceOf = fails ? null : failForceOf;
        return fails;
    }

    void resume() {
        failAt = NEVER;
        haltAfter = NEVER;
    }

    boolean halted() {
        return operations > haltAfter;
    }

    /** Counts an operation. */
    void before(String doing, Path path) throws IOException {
        operations++;
        if (halted()) {
            throw new IOException("Cannot " + doing + " " + path + ": the simulated machine has stopped");
        }
        if (operations == failAt) {
            throw new IOException("Cannot " + doing + " " + path + ": simulated failure");
        }
    }

    /**
     * Counts a write. {@return how many of its bytes reach the file: fewer than asked for if it fails, which
     * {@link #afterWrite} then says}
     */
    int beforeWrite(int wantedBytes, Path path) throws IOException {
        boolean wasHalted = halted();
        operations++;
        if (wasHalted) {
            throw stopped(path);
        }
        int storedBytes = (int) Math.min(wantedBytes, freeBytes);
        if (halted() || operations == failAt) {
            storedBytes = random.nextInt(storedBytes + 1);
        }
        freeBytes -= freeBytes == Long.MAX_VALUE ? 0 : storedBytes;
        return storedBytes;
    }

    void afterWrite(int wantedBytes, int storedBytes, Path path) throws IOException {
        if (halted()) {
            throw stopped(path);
        }
        if (operations == failAt) {
            throw new IOException("Cannot write to " + path + ": simulated failure after " + storedBytes + " of "
                    + wantedBytes + " bytes");
        }
        if (storedBytes < wantedBytes) {
            throw new IOException("Cannot write to " + path + ": No space left on device");
        }
    }

    private static IOException stopped(Path path) {
        return new IOException("Cannot write to " + path + ": the simulated machine has stopped");
    }
}
