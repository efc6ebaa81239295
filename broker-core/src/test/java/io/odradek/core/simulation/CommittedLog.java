package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import java.util.Arrays;

/**
 * What a partition has for good: the batches below the greatest high watermark that any leader ever had, each with what its
 * header says of its bytes. Who leads later must have the same.
 */
final class CommittedLog {
    private final TopicPartition id;
    private long[] ends = new long[256];
    private long[] prints = new long[256];
    private int[] epochs = new int[256];
    private int batches;
    private long promised;
    private int promisedIn;

    CommittedLog(TopicPartition id) {
        this.id = id;
    }

    /** {@return the offset after the last batch} */
    long end() {
        return batches == 0 ? 0 : ends[batches - 1];
    }

    /** A leader of an epoch has this high watermark, whether its disk can be read or not. */
    void promise(long highWatermark, int epoch) {
        if (highWatermark > promised) {
            promised = highWatermark;
            promisedIn = epoch;
        }
    }

    /** {@return below which offset records may have been acknowledged: there may be batches that nobody has looked at} */
    long promised() {
        return Math.max(promised, end());
    }

    /** {@return the offset after the last batch that was committed under a leader of an epoch or of an earlier one} */
    long end(int epoch) {
        int last = batches - 1;
        while (last >= 0 && epochs[last] > epoch) {
            last--;
        }
        return last < 0 ? 0 : ends[last];
    }

    /**
     * A batch was found where it is below the high watermark.
     *
     * @param print tells its bytes from others
     * @param broker who has it
     * @param epoch the epoch in which that broker leads and may say what is committed, negative if it does not lead
     */
    void found(long base, long end, long print, Object broker, int epoch) {
        if (base >= end()) {
            Violation.unless(
                    base == end(),
                    "%s has a batch at %d of %s, and what is committed ends at %d",
                    broker,
                    base,
                    id,
                    end());
            // A leader whose disk has broken has said so, and could not be asked for the batch.
            Violation.unless(
                    epoch >= 0 || end <= promised,
                    "%s believes that %s is committed up to %d, which no leader has said",
                    broker,
                    id,
                    end);
            add(end, print, epoch >= 0 ? epoch : promisedIn);
            return;
        }
        int index = Arrays.binarySearch(ends, 0, batches, end);
        Violation.unless(
                index >= 0 && prints[index] == print && (index == 0 ? 0 : ends[index - 1]) == base,
                "%s has another batch from %d to %d of %s than the one that was committed",
                broker,
                base,
                end,
                id);
    }

    private void add(long end, long print, int epoch) {
        if (batches == ends.length) {
            ends = Arrays.copyOf(ends, batches * 2);
            prints = Arrays.copyOf(prints, batches * 2);
            epochs = Arrays.copyOf(epochs, batches * 2);
        }
        ends[batches] = end;
        epochs[batches] = epoch;
        prints[batches++] = print;
    }
}
