package io.odradek.core.partition;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.MemoryRecords;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.legacy.LegacyMessage;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.io.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Reads a partition from its start to its end without holding up its owner: each step looks a slice up on the owner's loop,
 * reads its bytes on a log-io thread, and hands the batches, and messages of older formats, out on the owner's loop.
 *
 * <p>Bytes that cannot be read end the replay, and take nothing out of service: who wants them may try again. It may be the
 * file that went away, as when the log moves to another folder; if the disk is gone, the next append finds out.
 */
final class LogReplay {
    private static final int CHUNK_BYTES = 1 << 20;

    private final Partition partition;
    private final int leaderEpoch;
    private final EventLoop loop;
    private final Executor logIo;
    private final Consumer<ByteBuffer> batches;
    private final Consumer<Exception> done;
    private final long endOffset;
    private long nextOffset;
    private ByteBuffer chunk = ByteBuffer.allocate(0);

    LogReplay(
            Partition partition,
            int leaderEpoch,
            EventLoop loop,
            Executor logIo,
            Consumer<ByteBuffer> batches,
            Consumer<Exception> done) {
        this.partition = partition;
        this.leaderEpoch = leaderEpoch;
        this.loop = loop;
        this.logIo = logIo;
        this.batches = batches;
        this.done = done;
        this.nextOffset = partition.log().startOffset();
        this.endOffset = partition.log().endOffset();
    }

    void start() {
        loop.post(this::step);
    }

    private void step() {
        try {
            partition.requireLeaderSince(leaderEpoch);
            if (nextOffset >= endOffset) {
                done.accept(null);
                return;
            }
            if (partition.read(nextOffset, CHUNK_BYTES, endOffset).records() instanceof FileSlice slice) {
                logIo.execute(() -> readBytes(slice));
            } else {
                done.accept(null);
            }
        } catch (RuntimeException e) {
            partition.announceChanges();
            done.accept(e);
        }
    }

    private void readBytes(FileSlice slice) {
        try {
            if (chunk.capacity() < slice.sizeBytes()) {
                chunk = ByteBuffer.allocate(slice.sizeBytes());
            }
            chunk.clear().limit(slice.sizeBytes());
            slice.file().read(chunk, slice.position());
            chunk.flip();
            loop.post(this::handOut);
        } catch (IOException | RuntimeException e) {
            loop.post(() -> done.accept(e));
        }
    }

    /** {@return the offset after a batch or a message of an older format} */
    private static long nextOffset(ByteBuffer records, int at) {
        return RecordBatch.magic(records, at) == RecordBatch.MAGIC
                ? RecordBatch.nextOffset(records, at)
                : LegacyMessage.offset(records, at) + 1;
    }

    private void handOut() {
        long before = nextOffset;
        try {
            MemoryRecords walk = MemoryRecords.ofAnyFormat(chunk);
            while (walk.next()) {
                long following = nextOffset(chunk, walk.position());
                if (following > nextOffset) {
                    nextOffset = following;
                    batches.accept(chunk.slice(walk.position(), walk.sizeBytes()));
                }
            }
        } catch (RuntimeException e) {
            done.accept(e);
            return;
        }
        if (nextOffset == before) {
            done.accept(new ApiException(
                    ErrorCode.CORRUPT_MESSAGE,
                    "There is no whole batch at offset " + before + " of " + partition.id()));
        } else {
            step();
        }
    }
}
