package io.odradek.core.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One named part of the memory that clients can make a broker use: what is taken of it is counted, and bounded by its
 * setting. Thread-safe; nothing here waits.
 */
public final class MemoryShare {
    private final String setting;
    private final long limitBytes;
    private final AtomicLong usedBytes = new AtomicLong();

    /**
     * @param setting the setting that bounds it, for messages
     * @param limitBytes the bound
     */
    public MemoryShare(String setting, long limitBytes) {
        this.setting = setting;
        this.limitBytes = limitBytes;
    }

    /** {@return the setting that bounds it} */
    public String setting() {
        return setting;
    }

    /** {@return its bound} */
    public long limitBytes() {
        return limitBytes;
    }

    /** {@return what is taken now; above the bound where somebody had to take more} */
    public long usedBytes() {
        return usedBytes.get();
    }

    /** {@return whether nothing is left} */
    public boolean isExhausted() {
        return usedBytes.get() >= limitBytes;
    }

    /** Takes some bytes if they are left. {@return whether they were} */
    public boolean tryTake(long bytes) {
        long before = usedBytes.get();
        while (before + bytes <= limitBytes) {
            if (usedBytes.compareAndSet(before, before + bytes)) {
                return true;
            }
            before = usedBytes.get();
        }
        return false;
    }

    /** Takes some bytes whether or not they are left: of what is there already and cannot be refused. */
    public void take(long bytes) {
        usedBytes.addAndGet(bytes);
    }

    /** Gives back what was taken. */
    public void giveBack(long bytes) {
        usedBytes.addAndGet(-bytes);
    }
}
