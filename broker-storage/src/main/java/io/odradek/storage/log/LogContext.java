package io.odradek.storage.log;

import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Guests;
import io.odradek.storage.env.Randoms;
import io.odradek.storage.io.LogFileSystem;

/**
 * What the logs of a broker share.
 *
 * @param files the disk
 * @param guests time, for the age of segments at load (appends are handed theirs); chance, for the jitter of rolls; counting
 * @param events is told what a log wants done on another loop
 * @param producers the bounds of producer state
 * @param recovery how logs are recovered
 * @param lostPasts which partitions had another log before
 */
public record LogContext(
        LogFileSystem files,
        Guests guests,
        LogEvents events,
        ProducerLimits producers,
        Recovery recovery,
        LostPasts lostPasts) {
    /** As the canonical one, with that default, and nothing counted. */
    public LogContext(LogFileSystem files, Clock clock, Randoms randoms, LogEvents events, ProducerLimits producers) {
        this(files, new Guests(clock, randoms), events, producers, Recovery.DEFAULT, new LostPasts());
    }

    /** {@return time} */
    Clock clock() {
        return guests.clock();
    }

    /** {@return chance} */
    Randoms randoms() {
        return guests.randoms();
    }

    /** Bounds of the producer state of one log. How long a producer is kept may change at any time; thread-safe. */
    public static final class ProducerLimits {
        private final int maxCount;
        private volatile long expirationMs;

        /**
         * @param expirationMs {@code producer.id.expiration.ms}: a producer that has not written for so long is forgotten
         * @param maxCount {@code max.producer.ids.per.partition}: beyond it the one that wrote longest ago is forgotten
         */
        public ProducerLimits(long expirationMs, int maxCount) {
            this.expirationMs = expirationMs;
            this.maxCount = maxCount;
        }

        /** {@return Kafka's expiry of a day, and a bound of ours} */
        public static ProducerLimits standard() {
            return new ProducerLimits(86_400_000L, 100_000);
        }

        /** {@return {@code producer.id.expiration.ms}} */
        public long expirationMs() {
            return expirationMs;
        }

        /** {@return {@code max.producer.ids.per.partition}} */
        public int maxCount() {
            return maxCount;
        }

        /** Keeps producers for another time from now on. */
        public void expireAfterMs(long ms) {
            expirationMs = ms;
        }
    }

    /**
     * How a log is recovered after an unclean stop.
     *
     * @param maxLeftOut {@code odradek.recovery.left.out.max}: how many recoveries of a log may leave files that are kept aside
     * @param onlyCopies whether nobody else can have what the logs have: then a missing segment does not end its log, as it
     *     does where the rest can be copied again from a leader
     */
    public record Recovery(int maxLeftOut, boolean onlyCopies) {
        /** The default of the setting, where others may have copies. */
        public static final Recovery DEFAULT = new Recovery(10, false);
    }
}
