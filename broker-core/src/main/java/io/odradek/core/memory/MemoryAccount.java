package io.odradek.core.memory;

import io.odradek.core.config.BrokerConfig;
import io.odradek.storage.env.Meters;

/**
 * All memory that clients can make a broker use, by what for. Whatever a client can make large is taken from one of the
 * shares before it is made, and given back when it is gone.
 *
 * @param frames direct memory of requests as they arrive, whole or in part
 * @param requests heap of decoded requests, in work or waiting
 * @param answers encoded answers that clients have not taken yet
 * @param groups heap of the members and positions of consumer groups
 * @param fetchSessions heap of the partitions in fetch sessions
 * @param transactions heap of the transactional ids and their transactions
 * @param heapBytes all the heap there is
 */
public record MemoryAccount(
        MemoryShare frames,
        MemoryShare requests,
        MemoryShare answers,
        MemoryShare groups,
        MemoryShare fetchSessions,
        MemoryShare transactions,
        long heapBytes) {
    private static final int FRAMES_OF_DIRECT = 2;
    private static final int REQUESTS_OF_HEAP = 5;
    private static final int ANSWERS_OF_DIRECT = 4;
    private static final int GROUPS_OF_HEAP = 8;
    private static final int FETCH_SESSIONS_OF_HEAP = 16;
    private static final int TRANSACTIONS_OF_HEAP = 16;
    private static final int OFFSET_MAPS_OF_HEAP = 5;
    private static final int CLEANER_BUFFERS_OF_HEAP = 32;
    private static final int CONVERSIONS_OF_HEAP = 32;
    private static final int PARTITIONS_OF_HEAP = 2;

    /** Of one that is only there, alone in its topic, with its part of the metadata: less than 7,000 by a class histogram. */
    private static final int PARTITION_BYTES = 8_192;

    /**
     * {@return the shares as configured, or as parts of the memory there is}
     *
     * @param heapBytes the most heap that this JVM uses
     * @param directBytes the most direct memory
     */
    public static MemoryAccount of(BrokerConfig config, long heapBytes, long directBytes) {
        return new MemoryAccount(
                share(config, "odradek.memory.frames.bytes", directBytes / FRAMES_OF_DIRECT),
                share(config, "odradek.memory.requests.bytes", heapBytes / REQUESTS_OF_HEAP),
                share(config, "odradek.memory.answers.bytes", directBytes / ANSWERS_OF_DIRECT),
                share(config, "odradek.memory.groups.bytes", heapBytes / GROUPS_OF_HEAP),
                share(config, "odradek.memory.fetch.sessions.bytes", heapBytes / FETCH_SESSIONS_OF_HEAP),
                share(config, "odradek.memory.transactions.bytes", heapBytes / TRANSACTIONS_OF_HEAP),
                heapBytes);
    }

    /** {@return {@code log.cleaner.dedupe.buffer.size}, as far as the heap allows: the memory for the cleaners' offset maps} */
    public long offsetMapBytes(BrokerConfig config) {
        return Math.min(config.int64("log.cleaner.dedupe.buffer.size"), heapBytes / OFFSET_MAPS_OF_HEAP);
    }

    /** {@return {@code log.cleaner.io.buffer.size}, as far as the heap allows: the memory that the cleaners read and write in} */
    public int cleanerBufferBytes(BrokerConfig config) {
        return (int) Math.min(config.int32("log.cleaner.io.buffer.size"), heapBytes / CLEANER_BUFFERS_OF_HEAP);
    }

    /**
     * {@return {@code odradek.records.max.inflated.bytes}, as far as the heap allows: what is held at a time of records that are
     * converted for clients that know no batches}
     */
    public int convertedBytes(BrokerConfig config) {
        return (int) Math.min(config.int32("odradek.records.max.inflated.bytes"), heapBytes / CONVERSIONS_OF_HEAP);
    }

    /** {@return {@code odradek.broker.max.partitions}, or as many as half of the heap holds with nothing in them} */
    public int mostPartitions(BrokerConfig config) {
        int given = config.int32("odradek.broker.max.partitions");
        return given >= 0 ? given : (int) Math.min(Integer.MAX_VALUE, heapBytes / PARTITIONS_OF_HEAP / PARTITION_BYTES);
    }

    /** Shows what is used of each share, and its bound, as {@code memory.used} and {@code memory.limit}. */
    public void show(Meters meters) {
        if (meters.kept()) {
            show(meters, "frames", frames);
            show(meters, "requests", requests);
            show(meters, "answers", answers);
            show(meters, "groups", groups);
            show(meters, "fetch.sessions", fetchSessions);
            show(meters, "transactions", transactions);
        }
    }

    private static void show(Meters meters, String name, MemoryShare share) {
        meters.gauge("memory.used", share::usedBytes, "share", name);
        meters.gauge("memory.limit", share::limitBytes, "share", name);
    }

    /** {@return shares without bounds, for parts of a broker that stand alone} */
    public static MemoryAccount unbounded() {
        long none = Long.MAX_VALUE / 2;
        MemoryShare[] shares = new MemoryShare[6];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = new MemoryShare("none", none);
        }
        return new MemoryAccount(shares[0], shares[1], shares[2], shares[3], shares[4], shares[5], none);
    }

    private static MemoryShare share(BrokerConfig config, String setting, long derivedBytes) {
        long given = config.int64(setting);
        return new MemoryShare(setting, given < 0 ? derivedBytes : given);
    }
}
