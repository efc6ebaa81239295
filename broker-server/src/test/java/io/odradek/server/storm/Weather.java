package io.odradek.server.storm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Fills the disk and frees it again, and lets one folder fail late in the storm. Remembers when the disk was full. */
final class Weather {
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int LONGEST_DRY_MS = 6_000;
    private static final int LONGEST_FULL_MS = 2_500;
    private static final int SHORTEST_MS = 500;
    private static final int FOLDER_FAILS_AT_PERCENT = 70;

    private final StormDisk disk;
    private final Random random;
    private final List<long[]> fullTimes = new ArrayList<>();

    Weather(StormDisk disk, Random random) {
        this.disk = disk;
        this.random = random;
    }

    /** Goes on for so long; afterwards there is room. */
    void run(long seconds, Path failingFolder) throws InterruptedException {
        long startNs = System.nanoTime();
        long endNs = startNs + TimeUnit.SECONDS.toNanos(seconds);
        long failNs = startNs + TimeUnit.SECONDS.toNanos(seconds) / 100 * FOLDER_FAILS_AT_PERCENT;
        boolean failed = false;
        while (System.nanoTime() < endNs) {
            pause(LONGEST_DRY_MS);
            if (!failed && System.nanoTime() > failNs) {
                disk.fail(failingFolder);
                failed = true;
            }
            fill();
            pause(LONGEST_FULL_MS);
            free();
        }
        if (!failed) {
            disk.fail(failingFolder);
        }
    }

    private void pause(int longestMs) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(SHORTEST_MS + random.nextInt(longestMs - SHORTEST_MS));
    }

    private synchronized void fill() {
        fullTimes.add(new long[] {System.nanoTime(), Long.MAX_VALUE});
        disk.full(true);
    }

    private synchronized void free() {
        disk.full(false);
        // What was begun on the full disk may take a moment to be answered.
        fullTimes.get(fullTimes.size() - 1)[1] = System.nanoTime() + GRACE_NS;
    }

    /** {@return how often the disk was full} */
    synchronized int fillings() {
        return fullTimes.size();
    }

    /** {@return how much of the time from a moment to now there was room, in milliseconds} */
    synchronized long dryMsSince(long fromNs) {
        long nowNs = System.nanoTime();
        long dryNs = nowNs - fromNs;
        for (long[] full : fullTimes) {
            dryNs -= Math.max(0, Math.min(nowNs, full[1]) - Math.max(fromNs, full[0]));
        }
        return TimeUnit.NANOSECONDS.toMillis(Math.max(0, dryNs));
    }

    /** {@return whether the disk was full at any moment since} */
    synchronized boolean fullSince(long fromNs) {
        for (long[] full : fullTimes) {
            if (full[1] > fromNs) {
                return true;
            }
        }
        return false;
    }
}
