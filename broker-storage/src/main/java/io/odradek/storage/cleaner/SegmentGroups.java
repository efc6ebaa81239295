package io.odradek.storage.cleaner;

import java.util.ArrayList;
import java.util.List;

/** Decides which neighbouring segments become one when they are cleaned. */
final class SegmentGroups {
    /**
     * A segment's sizes.
     *
     * @param baseOffset its base offset
     * @param endOffset the base offset of the next one
     * @param sizeBytes the size of its records
     * @param indexBytes the size of its larger index
     */
    record Sizes(long baseOffset, long endOffset, long sizeBytes, long indexBytes) {}

    private SegmentGroups() {}

    /**
     * {@return the first and the exclusive last index of each group} A group has as many segments as fit, at their size
     * before cleaning, into one of the largest size, with indexes of the largest size and offsets that differ by 32 bits at
     * most; a segment that is larger is a group of its own.
     */
    static List<int[]> of(List<Sizes> segments, long maxBytes, long maxIndexBytes) {
        List<int[]> groups = new ArrayList<>();
        int first = 0;
        while (first < segments.size()) {
            Sizes head = segments.get(first);
            long bytes = head.sizeBytes;
            long indexBytes = head.indexBytes;
            int end = first + 1;
            while (end < segments.size()) {
                Sizes next = segments.get(end);
                bytes += next.sizeBytes;
                indexBytes += next.indexBytes;
                if (bytes > maxBytes
                        || indexBytes > maxIndexBytes
                        || next.endOffset - 1 - head.baseOffset > Integer.MAX_VALUE) {
                    break;
                }
                end++;
            }
            groups.add(new int[] {first, end});
            first = end;
        }
        return groups;
    }
}
