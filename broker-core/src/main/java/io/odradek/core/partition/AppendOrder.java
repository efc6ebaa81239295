package io.odradek.core.partition;

import io.odradek.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Keeps producers' records of one partition in the order in which they came, while a large batch among them is checked
 * elsewhere, or the coordinator of a transaction is asked. On the owner's loop; what waits here are requests in work, of which there is a bounded number.
 */
public final class AppendOrder {
    private final PendingVerifications verifications = new PendingVerifications();
    private Queue<Runnable> behind;
    private boolean held;

    /** {@return whether those who come now have to wait} */
    public boolean isHeld() {
        return held;
    }

    /** Whoever comes from now on has to wait. */
    public void hold() {
        held = true;
    }

    /** {@return the producers whose transactions' coordinators are being asked} */
    public PendingVerifications verifications() {
        return verifications;
    }

    /** A coordinator's batch was appended. */
    void coordinated(ByteBuffer batch) {
        if (RecordBatch.isControl(batch, batch.position())) {
            verifications.transactionEnded(
                    RecordBatch.producerId(batch, batch.position()),
                    RecordBatch.producerEpoch(batch, batch.position()));
        }
    }

    /** Has a task run when its turn comes; it may {@link #hold} again. */
    public void after(Runnable task) {
        if (behind == null) {
            behind = new ArrayDeque<>();
        }
        behind.add(task);
    }

    /** Lets those go on who wait. */
    public void release() {
        held = false;
        while (!held && behind != null) {
            Runnable next = behind.poll();
            if (next == null) {
                behind = null;
                return;
            }
            next.run();
        }
    }
}
