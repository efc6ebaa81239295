package io.odradek.server.tools;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds up who sends faster than was asked for, until it is told to stop. */
public final class Pace {
    private final double perSecond;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private long startNanos;

    /** @param perSecond how many a second; none is held up if it is below 0 @throws UsageException if it is 0 */
    public Pace(double perSecond) {
        UsageException.when(perSecond == 0, "The --throughput must be above 0, or -1 for as fast as it goes");
        this.perSecond = perSecond;
    }

    /**
     * Waits until the next may be sent. The time begins with the first.
     *
     * @param sent how many have been; 0 at first
     * @return whether to go on
     */
    public boolean keep(long sent) throws InterruptedException {
        if (perSecond > 0) {
            long nowNanos = System.nanoTime();
            startNanos = sent == 0 ? nowNanos : startNanos;
            double aheadNanos = sent / perSecond * TimeUnit.SECONDS.toNanos(1) - (nowNanos - startNanos);
            if (aheadNanos > TimeUnit.MILLISECONDS.toNanos(1)) {
                return !stopped.await((long) aheadNanos, TimeUnit.NANOSECONDS);
            }
        }
        return goesOn();
    }

    /** {@return whether it has not been told to stop} */
    public boolean goesOn() {
        return stopped.getCount() > 0;
    }

    /** Has whoever is held up go on, to be told to stop; of any thread. */
    public void stop() {
        stopped.countDown();
    }
}
