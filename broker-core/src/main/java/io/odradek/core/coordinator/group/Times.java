package io.odradek.core.coordinator.group;

/** Sums of times that clients send: they may be anything, and end at the ends of time instead of coming out at the other. */
final class Times {
    private Times() {}

    /** {@return the time so much after another} */
    static long after(long timeMs, long durationMs) {
        long sum = timeMs + durationMs;
        boolean overflown = ((timeMs ^ sum) & (durationMs ^ sum)) < 0;
        return overflown ? (timeMs < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
    }

    /** {@return how much time has passed since another time; negative if it has not come yet} */
    static long since(long timeMs, long nowMs) {
        long difference = nowMs - timeMs;
        boolean overflown = ((nowMs ^ timeMs) & (nowMs ^ difference)) < 0;
        return overflown ? (nowMs < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : difference;
    }
}
