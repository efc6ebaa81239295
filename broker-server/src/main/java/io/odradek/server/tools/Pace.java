package io.odradek.server.tools;

import java.util.concurrent.TimeUnit;

/** Holds up who sends faster than was asked for. */
public final class Pace {
    private final double perSecond;
    private final long startNanos = System.nanoTime();

    /** @param perSecond how many a second; none is held up if it is below 0 @throws UsageException if it is 0 */
    public Pace(double perSecond) {
        UsageException.when(perSecond == 0, "The --throughput must be above 0, or -1 for as fast as it goes");
        this.perSecond = perSecond;
    }

    /** Waits until the next may be sent. @param sent how many have been */
    public void keep(long sent) throws InterruptedException {
        if (perSecond > 0) {
            double aheadNanos = sent / perSecond * TimeUnit.SECONDS.toNanos(1) - (System.nanoTime() - startNanos);
            if (aheadNanos > TimeUnit.MILLISECONDS.toNanos(1)) {
                TimeUnit.NANOSECONDS.sleep((long) aheadNanos);
            }
        }
    }
}
