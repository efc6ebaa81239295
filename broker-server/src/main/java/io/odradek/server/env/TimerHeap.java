package io.odradek.server.env;

import io.odradek.storage.env.EventLoop.Timeout;
import java.util.Arrays;

/** Timeouts by deadline, in a binary heap whose entries know their place, so that cancelling frees them at once. One thread at a time. */
final class TimerHeap {
    private static final int NOT_IN_HEAP = -1;

    private Entry[] entries = new Entry[16];
    private int size;
    private long sequence;

    /** {@return the deadline of the earliest timeout, or {@code Long.MAX_VALUE} if there is none} */
    long earliestDeadlineNs() {
        return size == 0 ? Long.MAX_VALUE : entries[0].deadlineNs;
    }

    /** {@return how many timeouts wait} */
    int size() {
        return size;
    }

    /** Adds a timeout made by {@link #entry}, unless it has been cancelled. */
    void add(Entry entry) {
        if (entry.cancelled) {
            return;
        }
        if (size == entries.length) {
            entries = Arrays.copyOf(entries, size * 2);
        }
        entry.sequence = sequence++;
        place(entry, size);
        size++;
        siftUp(entry.index);
    }

    /** {@return a timeout that is not in the heap yet} */
    Entry entry(long deadlineNs, Runnable task) {
        return new Entry(deadlineNs, task);
    }

    /** {@return the task of the earliest timeout that is due, which leaves the heap, or null} */
    Runnable pollDue(long nowNs) {
        if (size == 0 || entries[0].deadlineNs > nowNs) {
            return null;
        }
        Entry due = entries[0];
        remove(due);
        return due.task;
    }

    private void remove(Entry entry) {
        int hole = entry.index;
        entry.index = NOT_IN_HEAP;
        size--;
        Entry last = entries[size];
        entries[size] = null;
        if (last != entry) {
            place(last, hole);
            siftUp(hole);
            siftDown(last.index);
        }
    }

    private void siftUp(int from) {
        int index = from;
        Entry entry = entries[index];
        while (index > 0 && entry.isBefore(entries[(index - 1) / 2])) {
            int parent = (index - 1) / 2;
            place(entries[parent], index);
            index = parent;
        }
        place(entry, index);
    }

    private void siftDown(int from) {
        int index = from;
        Entry entry = entries[index];
        while (true) {
            int child = 2 * index + 1;
            if (child + 1 < size && entries[child + 1].isBefore(entries[child])) {
                child++;
            }
            if (child >= size || !entries[child].isBefore(entry)) {
                break;
            }
            place(entries[child], index);
            index = child;
        }
        place(entry, index);
    }

    private void place(Entry entry, int index) {
        entries[index] = entry;
        entry.index = index;
    }

    /** A timeout. */
    final class Entry implements Timeout {
        private final long deadlineNs;
        private final Runnable task;
        private long sequence;
        private int index = NOT_IN_HEAP;
        private boolean cancelled;

        private Entry(long deadlineNs, Runnable task) {
            this.deadlineNs = deadlineNs;
            this.task = task;
        }

        @Override
        public void cancel() {
            cancelled = true;
            if (index != NOT_IN_HEAP) {
                remove(this);
            }
        }

        private boolean isBefore(Entry other) {
            return deadlineNs < other.deadlineNs || deadlineNs == other.deadlineNs && sequence < other.sequence;
        }
    }
}
