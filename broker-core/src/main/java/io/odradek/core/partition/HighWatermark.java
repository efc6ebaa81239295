package io.odradek.core.partition;

import java.util.Collection;

/**
 * The offset below which every in-sync replica has the partition's records; consumers see nothing at or beyond it. It only
 * grows while the partition has one leader. Belongs to the owner's loop.
 */
public final class HighWatermark {
    private long offset;

    /** @param offset where it stands, from the checkpoint */
    public HighWatermark(long offset) {
        this.offset = offset;
    }

    /** {@return the first offset that is not yet on every in-sync replica} */
    public long offset() {
        return offset;
    }

    /** Moves it forward; never back. {@return whether it moved} */
    public boolean advanceTo(long candidate) {
        if (candidate <= offset) {
            return false;
        }
        offset = candidate;
        return true;
    }

    /** Cuts it to the end of a log that was truncated. */
    public void limitTo(long endOffset) {
        offset = Math.min(offset, endOffset);
    }

    /**
     * Where the high watermark may stand: the smallest end offset among the in-sync replicas.
     *
     * @param leaderEndOffset the leader's own end
     * @param isr the in-sync replicas
     * @param followers what the leader knows of the others
     * @return that offset, or {@link Replica#UNKNOWN_OFFSET} while a follower in sync has not fetched
     */
    public static long candidate(long leaderEndOffset, Isr isr, Collection<Replica> followers) {
        long smallest = leaderEndOffset;
        for (Replica follower : followers) {
            if (isr.contains(follower.brokerId())) {
                smallest = Math.min(smallest, follower.endOffset());
            }
        }
        return smallest;
    }
}
