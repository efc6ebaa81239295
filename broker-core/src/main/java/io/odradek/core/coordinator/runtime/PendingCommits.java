package io.odradek.core.coordinator.runtime;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.EventLoop.Timeout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** The answers of one shard that wait for the high watermark, oldest first; each is given once. */
final class PendingCommits {
    private final Deque<Pending> waiting = new ArrayDeque<>();

    /** An answer that waits. */
    final class Pending {
        private final Consumer<ErrorCode> settled;
        private Timeout timeout;
        private boolean done;

        private Pending(Consumer<ErrorCode> settled) {
            this.settled = settled;
        }

        void settle(ErrorCode error) {
            if (done) {
                return;
            }
            done = true;
            if (timeout != null) {
                timeout.cancel();
            }
            while (!waiting.isEmpty() && waiting.peekFirst().done) {
                waiting.pollFirst();
            }
            settled.accept(error);
        }

        /** Gives up after a while, unless it has been settled. */
        void giveUpAfter(EventLoop loop, long timeoutMs) {
            if (!done) {
                timeout = loop.schedule(timeoutMs, () -> settle(ErrorCode.COORDINATOR_NOT_AVAILABLE));
            }
        }
    }

    Pending add(Consumer<ErrorCode> settled) {
        Pending pending = new Pending(settled);
        waiting.addLast(pending);
        return pending;
    }

    void settleAll(ErrorCode error) {
        while (!waiting.isEmpty()) {
            waiting.pollFirst().settle(error);
        }
    }
}
