package io.odradek.core.purgatory;

import io.odradek.protocol.errors.ErrorCode;
import java.util.List;

/**
 * Appended records that wait on one owner's loop until every in-sync replica has them, which is what acks=all means, or
 * until they have been forced to the disk, where that is asked for. Each wait ends with NONE, with the reason why it cannot be fulfilled any more, or with REQUEST_TIMED_OUT.
 */
public final class DelayedProduce extends DelayedOperation {
    /** One partition's records. */
    public interface Wait {
        /** {@return those who wait for the like in the partition} */
        OffsetWatches watchers();

        /** {@return the offset that is to be reached there} */
        long awaitedOffset();

        /** {@return what became of the records; null while that is open, which it is not when the offset is reached} */
        ErrorCode outcome();

        /** The wait is over. */
        void ended(ErrorCode outcome);
    }

    private final Wait[] waits;
    private final Runnable allEnded;
    private int open;

    private DelayedProduce(List<? extends Wait> waits, Runnable allEnded) {
        this.waits = waits.toArray(new Wait[0]);
        this.allEnded = allEnded;
        this.open = this.waits.length;
    }

    /**
     * Starts to wait.
     *
     * @param waits at least one, none with an outcome
     * @param timeoutMs the longest to wait, in milliseconds; negative for no limit
     * @param allEnded is called once, after the last wait has ended
     * @return what waits
     */
    public static DelayedProduce park(
            Purgatory purgatory, List<? extends Wait> waits, long timeoutMs, Runnable allEnded) {
        DelayedProduce operation = new DelayedProduce(waits, allEnded);
        purgatory.park(operation);
        for (int slot = 0; slot < operation.waits.length; slot++) {
            Wait wait = operation.waits[slot];
            operation.watch(wait.watchers(), slot, wait.awaitedOffset());
        }
        if (timeoutMs >= 0) {
            purgatory.expireAfter(operation, timeoutMs);
        }
        return operation;
    }

    @Override
    protected int kind() {
        return PRODUCE;
    }

    @Override
    protected void onChange(int slot) {
        Wait wait = waits[slot];
        ErrorCode outcome = wait == null ? null : wait.outcome();
        if (outcome == null) {
            return;
        }
        waits[slot] = null;
        wait.ended(outcome);
        if (--open == 0) {
            unpark();
            allEnded.run();
        }
    }

    @Override
    protected void onTimeout() {
        for (int slot = 0; slot < waits.length; slot++) {
            if (waits[slot] != null) {
                waits[slot].ended(ErrorCode.REQUEST_TIMED_OUT);
                waits[slot] = null;
            }
        }
        allEnded.run();
    }
}
