package io.odradek.storage.cleaner;

import java.nio.ByteBuffer;

/**
 * The last offset of each key in the dirty part of a log: 24 bytes an entry, the key's hash of 16 and the offset of 8, in
 * plain arrays without an object per key. It begins small and grows with the keys it really meets, up to its budget. The
 * entries are spread over several tables by their hash, each of which grows by itself, so that growing takes little more
 * memory than what has grown; the budget counts the tables, not the one that is being copied. For one thread at a time.
 */
final class OffsetMap {
    /** The bytes of an entry. */
    static final int ENTRY_BYTES = 24;

    /** The answer for a key that is not there. */
    static final long NONE = -1;

    private static final int MOST_TABLES = 64;
    private static final int LEAST_SLOTS_OF_MANY_TABLES = 1024;
    private static final int FIRST_SLOTS = 64;
    private static final int LONGS = 3;

    private final KeyHash hash;
    private final int slotsPerTable;
    private final double loadFactor;
    private final long[][] tables;
    private final int[] sizes;
    private long latestOffset = NONE;
    private long entries;

    /**
     * @param hash how keys are hashed
     * @param budgetBytes the memory for entries
     * @param loadFactor how full a table may become, above 0 and at most 1
     */
    OffsetMap(KeyHash hash, long budgetBytes, double loadFactor) {
        this.hash = hash;
        this.loadFactor = loadFactor;
        long slots = budgetBytes / ENTRY_BYTES;
        int count = slots >= (long) MOST_TABLES * LEAST_SLOTS_OF_MANY_TABLES ? MOST_TABLES : 1;
        this.slotsPerTable = (int) Math.min(slots / count, Integer.MAX_VALUE / LONGS - 8);
        this.tables = new long[count][];
        this.sizes = new int[count];
    }

    /** {@return how many entries fit in all, as long as they are spread evenly} */
    long capacity() {
        return (long) most(slotsPerTable) * tables.length;
    }

    /** {@return how many entries there are} */
    long size() {
        return entries;
    }

    /** {@return the last offset that the map has seen, {@link #NONE} if there is none} */
    long latestOffset() {
        return latestOffset;
    }

    /** Says that everything up to an offset has been seen. */
    void seenUpTo(long offset) {
        latestOffset = Math.max(latestOffset, offset);
    }

    /**
     * Notes that a key has a record at an offset, above all offsets before.
     *
     * @return false, with nothing changed, if there is no room for another key
     */
    boolean put(ByteBuffer buffer, int keyPosition, int keySize, long offset) {
        hash.hash(buffer, keyPosition, keySize);
        int number = number(hash.first());
        long[] table = tables[number];
        if (table == null) {
            table = grow(number);
        }
        int slot = table.length == 0 ? -1 : find(table, hash.first(), hash.second());
        if (slot < 0 || table[slot + 2] == 0) {
            if (sizes[number] >= most(slots(table))) {
                table = grow(number);
                if (sizes[number] >= most(slots(table))) {
                    return false;
                }
                slot = find(table, hash.first(), hash.second());
            }
            sizes[number]++;
            entries++;
        }
        table[slot] = hash.first();
        table[slot + 1] = hash.second();
        table[slot + 2] = offset + 1;
        latestOffset = offset;
        return true;
    }

    /** {@return the last offset of a key, {@link #NONE} if the map does not know it} */
    long get(ByteBuffer buffer, int keyPosition, int keySize) {
        hash.hash(buffer, keyPosition, keySize);
        long[] table = tables[number(hash.first())];
        if (table == null || table.length == 0) {
            return NONE;
        }
        return table[find(table, hash.first(), hash.second()) + 2] - 1;
    }

    /** {@return how many entries a table may hold: at least one slot stays empty, where searches end} */
    private int most(int slots) {
        return (int) Math.min(slots * loadFactor, slots - 1.0);
    }

    private int number(long first) {
        return (int) (first >>> 32) & (tables.length - 1);
    }

    private static int slots(long[] table) {
        return table.length / LONGS;
    }

    /** {@return where the entry is, or an empty one where it belongs; there always is an empty one} */
    private static int find(long[] table, long first, long second) {
        int slots = slots(table);
        int slot = (int) (((second >>> 32) * slots) >>> 32);
        while (true) {
            int at = slot * LONGS;
            if (table[at + 2] == 0 || (table[at] == first && table[at + 1] == second)) {
                return at;
            }
            slot = slot + 1 == slots ? 0 : slot + 1;
        }
    }

    private long[] grow(int number) {
        long[] before = tables[number];
        int slots = before == null ? FIRST_SLOTS : (int) Math.min(2L * slots(before), Integer.MAX_VALUE);
        if (before != null && slots(before) >= slotsPerTable) {
            return before;
        }
        long[] grown = new long[Math.min(slots, slotsPerTable) * LONGS];
        for (int at = 0; before != null && at < before.length; at += LONGS) {
            if (before[at + 2] != 0) {
                System.arraycopy(before, at, grown, find(grown, before[at], before[at + 1]), LONGS);
            }
        }
        tables[number] = grown;
        return grown;
    }
}
