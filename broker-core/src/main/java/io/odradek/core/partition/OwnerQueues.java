package io.odradek.core.partition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Work on replicas that has a part which blocks: begun on the owner's loop, continued on a log-io thread, ended on the
 * owner's loop. One piece at a time for each owner, in the order in which they came; the owner serves requests meanwhile.
 */
final class OwnerQueues {
    private final Executor logIo;
    private final List<Queue<Work>> queues = new ArrayList<>();

    /** Work that may block. */
    interface Blocking {
        void run() throws Exception;
    }

    private record Work(PartitionOwner owner, Runnable begin, Blocking blocking, Consumer<Exception> end) {}

    OwnerQueues(PartitionOwners owners, Executor logIo) {
        this.logIo = logIo;
        for (int i = 0; i < owners.count(); i++) {
            queues.add(new ArrayDeque<>());
        }
    }

    /**
     * Does the three parts. May be called from any thread.
     *
     * @param end is called with {@code null}, or with what went wrong in the blocking part
     */
    void submit(PartitionOwner owner, Runnable begin, Blocking blocking, Consumer<Exception> end) {
        Work work = new Work(owner, begin, blocking, end);
        owner.loop().post(() -> {
            Queue<Work> queue = queues.get(owner.index());
            queue.add(work);
            if (queue.size() == 1) {
                start(work);
            }
        });
    }

    private void start(Work work) {
        try {
            work.begin().run();
            logIo.execute(() -> runBlocking(work));
        } catch (Throwable e) {
            finish(work, asException(e));
        }
    }

    private void runBlocking(Work work) {
        Exception failure = null;
        try {
            work.blocking().run();
        } catch (Throwable e) {
            failure = asException(e);
        }
        Exception outcome = failure;
        work.owner().loop().post(() -> finish(work, outcome));
    }

    /** Whatever it was, it ends this work only: the queue goes on. */
    private static Exception asException(Throwable failure) {
        return failure instanceof Exception exception ? exception : new ExecutionException(failure);
    }

    private void finish(Work work, Exception failure) {
        try {
            work.end().accept(failure);
        } finally {
            Queue<Work> queue = queues.get(work.owner().index());
            queue.remove();
            if (!queue.isEmpty()) {
                start(queue.peek());
            }
        }
    }
}
