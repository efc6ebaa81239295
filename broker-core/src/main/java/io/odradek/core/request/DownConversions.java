package io.odradek.core.request;

import io.odradek.core.memory.MemoryShare;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Meters;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What converting records for old clients needs. A few fetches are converted at a time, each into memory that is bounded;
 * others wait for that as a fetch waits for records, without a permit. Thread-safe.
 */
public final class DownConversions {
    private final PartitionOwners owners;
    private final Clock clock;
    private final FewAtOnce background;
    private final Bounds bounds;
    private final MemoryShare answers;
    private final Meters.Timer time;
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * @param owners the owners of this broker's partitions
     * @param clock how long fetches have waited
     * @param background where records are converted
     * @param bounds of work and memory
     * @param answers the memory of answers that clients have not taken yet, of which those in the making are taken too
     * @param meters count {@code request.conversion.time}
     */
    public DownConversions(
            PartitionOwners owners,
            Clock clock,
            Executor background,
            Bounds bounds,
            MemoryShare answers,
            Meters meters) {
        this.owners = owners;
        this.answers = answers;
        this.time = meters.timer("request.conversion.time", "api", "FETCH");
        this.clock = clock;
        this.background = new FewAtOnce(background, bounds.atATime(), Integer.MAX_VALUE);
        this.bounds = bounds;
    }

    /**
     * What bounds the work and the memory.
     *
     * @param atATime fetches converted at a time ({@code odradek.fetch.conversions})
     * @param answerBytes what an answer has of converted records, but for one message ({@code odradek.fetch.conversion.max.bytes})
     * @param inflatedBytes what a batch may inflate to ({@code odradek.records.max.inflated.bytes})
     * @param recordBytes what a record of it may have, which is held while it is converted
     */
    public record Bounds(int atATime, int answerBytes, int inflatedBytes, int recordBytes) {
        /** The settings' defaults. */
        public static final Bounds DEFAULTS = new Bounds(2, 8 << 20, 128 << 20);

        /** With as much for one record as for all of a batch. */
        public Bounds(int atATime, int answerBytes, int inflatedBytes) {
            this(atATime, answerBytes, inflatedBytes, inflatedBytes);
        }
    }

    PartitionOwners owners() {
        return owners;
    }

    Bounds bounds() {
        return bounds;
    }

    /** {@return the memory that answers are taken from as they are made, and given back to when the connection has them} */
    MemoryShare answers() {
        return answers;
    }

    /** A fetch has been converted. */
    void took(long nanoseconds) {
        time.took(nanoseconds);
    }

    long nowNs() {
        return clock.monotonicNs();
    }

    /** Converts a fetch, now or later. {@return whether it will be} */
    boolean offer(Runnable conversion) {
        return background.offer(conversion);
    }

    /** {@return which of a fetch's partitions comes first; of no rhythm, as many readers who take turns have one} */
    int nextTurn(int partitions) {
        long mixed = turn.getAndIncrement() * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
        return (int) ((mixed >>> 32) * partitions >>> 32);
    }
}
