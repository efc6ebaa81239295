package io.odradek.server.cluster;

import java.util.Arrays;

/** The numbers of the records at the offsets of one partition, as somebody knows them. */
final class OffsetColumn {
    /** Stands where no record is known. */
    static final long NONE = -1;

    private long[] numbers = new long[0];
    private long end;

    /** {@return what was known at the offset before, {@link #NONE} for nothing} */
    synchronized long put(long offset, long number) {
        int index = Math.toIntExact(offset);
        if (index >= numbers.length) {
            int length = numbers.length;
            numbers = Arrays.copyOf(numbers, Math.max(index + 1, length * 2));
            Arrays.fill(numbers, length, numbers.length, NONE);
        }
        long before = numbers[index];
        numbers[index] = number;
        end = Math.max(end, offset + 1);
        return before;
    }

    /** {@return the number at the offset, {@link #NONE} if none is known} */
    synchronized long at(long offset) {
        return offset < end ? numbers[Math.toIntExact(offset)] : NONE;
    }

    /** {@return the offset behind the last one that is known} */
    synchronized long end() {
        return end;
    }
}
