package io.odradek.storage.manager;

import io.odradek.protocol.record.MemoryRecords;
import io.odradek.protocol.record.RecordRules;
import io.odradek.protocol.record.legacy.StoredRecords;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.log.DamagedSegmentException;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.Log.FetchedData;
import io.odradek.storage.log.SegmentsView;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One log on its way to another folder (KIP-113). Its owner goes on writing it while a copy, the future log, follows like a
 * follower; when the copy has nearly all and that is forced to the disk, the owner copies the rest and swaps.
 *
 * <pre>
 *   Copying ── little is left ──▶ Forcing ── forced ──▶ Finishing ── swapped ──▶ over
 *      ▲                             │ much has come in the meantime
 *      └─────────────────────────────┘
 * </pre>
 *
 * Steps on the owner's loop and steps on the copier's alternate, so that the future log has one user at a time.
 */
final class LogMove {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int RUN_BYTES = 64 << 10;
    private static final long NONE_SEEN = -1;

    /** What a move needs of those who keep the logs. */
    interface Keeper {
        /** {@return whether the log is served, and the move still wanted} */
        boolean wanted(LogMove move);

        /** Puts the future log in the place of the current one; on the owner's loop. */
        void swap(LogMove move);

        /**
         * The move cannot go on.
         *
         * @param failed which of its two logs could not be read or written
         */
        void failed(LogMove move, Log failed, IOException cause);

        /** The move cannot go on for a fault of this broker, which says nothing of any disk. */
        void broken(LogMove move, RuntimeException fault);

        /** {@return the wall clock} */
        long nowMs();
    }

    private final Log current;
    private final Log future;
    private final EventLoop owner;
    private final EventLoop copier;
    private final Keeper keeper;
    private final SpareBuffer buffers;
    private final MovePace pace;
    private long rewritesSeen;
    /** Whether the copy is known to have the log's records: asked once, as later changes are counted. */
    private boolean compared;

    private boolean forced;
    private boolean halted;
    private boolean closed;

    LogMove(
            Log current,
            Log future,
            EventLoop owner,
            EventLoop copier,
            Keeper keeper,
            SpareBuffer buffers,
            MovePace pace) {
        this.current = current;
        this.future = future;
        this.owner = owner;
        this.copier = copier;
        this.keeper = keeper;
        this.buffers = buffers;
        this.pace = pace;
    }

    Log current() {
        return current;
    }

    Log future() {
        return future;
    }

    /**
     * Begins.
     *
     * @param anew whether the copy begins anew; else what it has already is kept if it is of the same records
     */
    void start(boolean anew) {
        owner.post(() -> {
            rewritesSeen = anew ? NONE_SEEN : current.rewrites();
            next();
        });
    }

    /** On the owner's loop. */
    private void next() {
        try {
            if (!keeper.wanted(this)) {
                return;
            }
            long waitMs = pace.waitMs();
            if (waitMs > 0) {
                owner.schedule(waitMs, this::next);
                return;
            }
            long from = future.endOffset();
            if (current.rewrites() != rewritesSeen
                    || from < current.startOffset() && from < firstCopied()
                    || from > current.endOffset()
                    || !compared && diverged(from)) {
                rewritesSeen = current.rewrites();
                compared = true;
                forced = false;
                long start = firstCopied();
                copier.post(() -> step(() -> future.truncateFullyAndStartAt(start)));
                return;
            }
            compared = true;
            FetchedData data = from == current.endOffset() ? null : read(from);
            boolean nearlyAll = data == null || isNearlyAll(data, from);
            if (nearlyAll && forced) {
                finish();
            } else if (nearlyAll) {
                forced = true;
                copier.post(() -> step(() -> {
                    if (data != null) {
                        copy(data);
                    }
                    future.flush();
                }));
            } else {
                forced = false;
                copier.post(() -> step(() -> copy(data)));
            }
        } catch (IOException e) {
            fail(e);
        } catch (RuntimeException e) {
            keeper.broken(this, e);
        }
    }

    /** {@return where an empty copy begins: with the batch in which the log starts, which may begin before (KAFKA-6975)} */
    private long firstCopied() throws IOException {
        long start = current.startOffset();
        if (start == current.endOffset()) {
            return start;
        }
        if (!(read(start).records() instanceof FileSlice slice)) {
            return start;
        }
        ByteBuffer baseOffset = ByteBuffer.allocate(Long.BYTES);
        try {
            slice.file().read(baseOffset, slice.position());
        } catch (IOException e) {
            throw new SourceException(e);
        }
        return Math.min(start, baseOffset.getLong(0));
    }

    /** {@return whether what is left is little enough for the owner to copy it at once} */
    private boolean isNearlyAll(FetchedData next, long from) {
        SegmentsView view = current.segments();
        long bytes = next.sizeBytes();
        for (int i = view.count() - 1; i >= 0 && view.baseOffset(i) > from && bytes < CHUNK_BYTES; i--) {
            bytes += view.sizeBytes(i);
        }
        return bytes < CHUNK_BYTES;
    }

    private void fail(IOException e) {
        if (e instanceof SourceException source) {
            keeper.failed(this, current, source.reason);
        } else {
            keeper.failed(this, future, e);
        }
    }

    /** What is moved cannot be read, which is no fault of the folder that it is moved to. */
    private static final class SourceException extends IOException {
        private static final long serialVersionUID = 1;

        private final IOException reason;

        SourceException(IOException reason) {
            super(reason);
            this.reason = reason;
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /** On the copier's loop. The keeper is called outside of this move's monitor, which it takes itself. */
    private void step(Step step) {
        try {
            if (unlessClosed(step)) {
                owner.post(this::next);
            }
        } catch (IOException e) {
            fail(e);
        } catch (RuntimeException e) {
            keeper.broken(this, e);
        }
    }

    private synchronized boolean unlessClosed(Step step) throws IOException {
        boolean goesOn = !closed && !halted;
        if (goesOn) {
            step.run();
        }
        return goesOn;
    }

    /** A copy that was begun before a restart may have records that the log has lost since. */
    private boolean diverged(long from) {
        return from > current.startOffset() && future.latestEpoch() != current.epochOf(from - 1);
    }

    private FetchedData read(long from) throws IOException {
        try {
            FetchedData data =
                    current.read(Math.max(from, current.startOffset()), CHUNK_BYTES, true, current.endOffset());
            if (current.isDamaged()) {
                // A copy would lack what is lost, and what could still be got back would go with the original.
                throw new DamagedSegmentException(current.folder()
                        + " is damaged: repair it (bin/broker-dump-log.sh --repair) before it is moved");
            }
            return data;
        } catch (IOException e) {
            throw new SourceException(e);
        }
    }

    private void copy(FetchedData data) throws IOException {
        if (!(data.records() instanceof FileSlice slice)) {
            throw new SourceException(new DamagedSegmentException("Nothing can be read of " + current.folder()
                    + " from offset " + future.endOffset() + " on: append something, and move it then"));
        }
        pace.copied(slice.sizeBytes());
        ByteBuffer chunk = buffers.take(slice.sizeBytes());
        try {
            slice.file().read(chunk, slice.position());
        } catch (IOException e) {
            throw new SourceException(e);
        }
        chunk.flip();
        ByteBuffer copied = StoredRecords.toBatches(chunk, RecordRules.DEFAULTS.maxInflatedBytes(), RUN_BYTES);
        MemoryRecords batches = MemoryRecords.tolerant(copied);
        while (batches.next()) {
            continue;
        }
        copied.limit(batches.validEnd());
        future.appendAsFollower(copied, keeper.nowMs());
        buffers.give(chunk);
    }

    /** On the owner's loop: nothing is appended meanwhile, and little is left. */
    private void finish() throws IOException {
        if (unlessClosed(this::copyRest)) {
            keeper.swap(this);
        }
    }

    private void copyRest() throws IOException {
        while (future.endOffset() < current.endOffset()) {
            copy(read(future.endOffset()));
        }
        future.updateConfig(current.config());
        future.updateHighWatermark(current.highWatermark());
        future.advanceStartTo(current.startOffset());
        future.flush();
    }

    /** Takes no more steps; one that is under way ends first. Any thread. */
    synchronized void halt() {
        halted = true;
    }

    /** Ends the move where it is and closes the future log, to be gone on with after a restart. Any thread. */
    synchronized void suspend() throws IOException {
        if (!closed) {
            closed = true;
            try (future) {
                future.flush();
            }
        }
    }

    /** Ends the move; the caller decides what becomes of the future log. {@return whether it had not ended} */
    synchronized boolean end() {
        boolean open = !closed;
        closed = true;
        return open;
    }
}
