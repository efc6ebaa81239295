package io.odradek.core.coordinator;

import io.odradek.core.partition.PartitionLog;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.legacy.LegacyMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A partition in memory whose high watermark the test moves, and which refuses appends when told to. */
public final class MemoryPartitionLog implements PartitionLog {
    private record Waiting(long endOffset, Consumer<ApiException> callback) {}

    private final List<ByteBuffer> batches = new ArrayList<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private final int leaderEpoch;
    private boolean commitsAtOnce = true;
    private ErrorCode refusal = ErrorCode.NONE;
    private long endOffset;
    private long highWatermark;
    private boolean broken;
    private int replaysToFail;
    private Runnable heldReplay;
    private boolean holdsReplay;

    public MemoryPartitionLog(int leaderEpoch) {
        this.leaderEpoch = leaderEpoch;
    }

    /** {@return the log as the next leader finds it, with everything up to the high watermark} */
    public MemoryPartitionLog committedCopy() {
        MemoryPartitionLog copy = new MemoryPartitionLog(leaderEpoch + 1);
        for (ByteBuffer batch : batches) {
            if (RecordBatch.nextOffset(batch, batch.position()) <= highWatermark) {
                copy.batches.add(batch);
                copy.endOffset = RecordBatch.nextOffset(batch, batch.position());
            }
        }
        copy.highWatermark = copy.endOffset;
        return copy;
    }

    public void commitAtOnce(boolean value) {
        commitsAtOnce = value;
    }

    /** Refuses appends with this error, NONE to take them again. */
    public void refuse(ErrorCode error) {
        refusal = error;
    }

    /** The next append fails in a way that nobody foresaw; or not. */
    public void breakNextAppend(boolean value) {
        broken = value;
    }

    /** {@return whether there was no append since} */
    public boolean isBroken() {
        return broken;
    }

    /** So many replays read half of the log and end with an I/O error. */
    public void failReplays(int count) {
        replaysToFail = count;
    }

    /** Puts a batch into the log as it is, committed. */
    public void put(ByteBuffer batch) {
        RecordBatch.setBaseOffset(batch, batch.position(), endOffset);
        endOffset = RecordBatch.nextOffset(batch, batch.position());
        highWatermark = endOffset;
        batches.add(batch);
    }

    /** Puts a message of an older format into the log, which has its last offset already, committed. */
    public void putOld(ByteBuffer message) {
        endOffset = LegacyMessage.offset(message, 0) + 1;
        highWatermark = endOffset;
        batches.add(message);
    }

    public void holdReplay() {
        holdsReplay = true;
    }

    public void releaseReplay() {
        heldReplay.run();
    }

    /** Moves the high watermark to the log's end. */
    public void commitAll() {
        highWatermark = endOffset;
        settle(null);
    }

    /** Leads no longer: what waits fails. */
    public void fail(ErrorCode error) {
        settle(new ApiException(error, "test"));
    }

    public List<ByteBuffer> batches() {
        return batches;
    }

    public long endOffset() {
        return endOffset;
    }

    @Override
    public int leaderEpoch() {
        return leaderEpoch;
    }

    @Override
    public long append(ByteBuffer batch) {
        if (broken) {
            broken = false;
            throw new IllegalStateException("broken on purpose");
        }
        if (refusal != ErrorCode.NONE) {
            throw new ApiException(refusal, "test");
        }
        RecordBatch.setBaseOffset(batch, batch.position(), endOffset);
        endOffset = RecordBatch.nextOffset(batch, batch.position());
        batches.add(batch);
        if (commitsAtOnce) {
            highWatermark = endOffset;
        }
        return endOffset;
    }

    @Override
    public void whenCommitted(long offset, Consumer<ApiException> callback) {
        if (offset <= highWatermark) {
            callback.accept(null);
        } else {
            waiting.add(new Waiting(offset, callback));
        }
    }

    @Override
    public void replay(Consumer<ByteBuffer> consumer, Consumer<Exception> done) {
        Runnable replay = () -> {
            if (replaysToFail > 0) {
                replaysToFail--;
                batches.subList(0, batches.size() / 2).forEach(batch -> consumer.accept(batch.duplicate()));
                done.accept(new IOException("unreadable on purpose"));
                return;
            }
            for (ByteBuffer batch : batches) {
                consumer.accept(batch.duplicate());
            }
            done.accept(null);
        };
        if (holdsReplay) {
            heldReplay = replay;
        } else {
            replay.run();
        }
    }

    private void settle(ApiException failure) {
        List<Waiting> due = new ArrayList<>();
        for (Waiting candidate : waiting) {
            if (failure != null || candidate.endOffset() <= highWatermark) {
                due.add(candidate);
            }
        }
        waiting.removeAll(due);
        due.forEach(candidate -> candidate.callback().accept(failure));
    }
}
