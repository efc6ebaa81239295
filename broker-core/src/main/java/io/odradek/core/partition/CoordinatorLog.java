package io.odradek.core.partition;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.Clock;
import io.odradek.storage.log.AppendOrigin;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** A partition of an internal topic as its coordinator uses it, during one leadership of this broker. */
final class CoordinatorLog implements PartitionLog {
    private static final short ALL = -1;
    private static final long NO_TIMEOUT = -1;

    private final Partition partition;
    private final int leaderEpoch;
    private final PartitionOwner owner;
    private final Executor logIo;
    private final Clock clock;

    CoordinatorLog(Partition partition, int leaderEpoch, PartitionOwner owner, Executor logIo, Clock clock) {
        this.partition = partition;
        this.leaderEpoch = leaderEpoch;
        this.owner = owner;
        this.logIo = logIo;
        this.clock = clock;
    }

    @Override
    public int leaderEpoch() {
        return leaderEpoch;
    }

    @Override
    public long append(ByteBuffer batch) {
        partition.requireLeaderSince(leaderEpoch);
        int maxBytes = partition.log().config().maxMessageBytes();
        if (batch.remaining() > maxBytes) {
            throw new ApiException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "A batch of " + batch.remaining() + " bytes for " + partition.id() + "; " + maxBytes
                            + " are allowed");
        }
        try {
            return LeaderLog.append(partition, batch, ALL, clock.wallMs(), AppendOrigin.COORDINATOR)
                            .lastOffset()
                    + 1;
        } finally {
            // Not at once: those who wait must not be woken in the middle of the coordinator's work.
            owner.loop().post(partition::announceChanges);
        }
    }

    @Override
    public void whenCommitted(long endOffset, Consumer<ApiException> callback) {
        new AwaitedCommit(partition, endOffset, leaderEpoch, outcome -> callback.accept(failure(outcome, endOffset)))
                .await(owner, NO_TIMEOUT);
    }

    private ApiException failure(ErrorCode outcome, long endOffset) {
        return outcome == ErrorCode.NONE
                ? null
                : new ApiException(outcome, "Offset " + endOffset + " of " + partition.id());
    }

    @Override
    public void replay(Consumer<ByteBuffer> batches, Consumer<Exception> done) {
        new LogReplay(partition, leaderEpoch, owner.loop(), logIo, batches, done).start();
    }
}
