package io.odradek.server.env;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A queue of tasks with many producers and one consumer at a time: a linked list after Dmitry Vyukov, with one exchange
 * per {@link #offer} and none per {@link #poll}. It has no bound of its own: what is posted to a loop is bounded by the
 * requests in work.
 *
 * <p>A producer first swings {@code tail} to its node and then links the node behind its predecessor. Between the two the
 * queue is not empty and yet has no next node; {@link #poll} waits those few instructions out.
 */
final class TaskQueue {
    private static final VarHandle TAIL;
    private static final VarHandle NEXT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAIL = lookup.findVarHandle(TaskQueue.class, "tail", Node.class);
            NEXT = lookup.findVarHandle(Node.class, "next", Node.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private Node head = new Node(null);
    private volatile Node tail = head;

    /** Adds a task; from any thread. A full fence: what the caller reads afterwards is not older than this call. */
    void offer(Runnable task) {
        Node node = new Node(task);
        Node previous = (Node) TAIL.getAndSet(this, node);
        NEXT.setRelease(previous, node);
    }

    /** {@return the oldest task, or null if there is none}; by one thread at a time, with happens-before between them. */
    Runnable poll() {
        Node current = head;
        Node next = (Node) NEXT.getAcquire(current);
        if (next == null) {
            if (current == tail) {
                return null;
            }
            do {
                Thread.onSpinWait();
                next = (Node) NEXT.getAcquire(current);
            } while (next == null);
        }
        Runnable task = next.task;
        next.task = null;
        head = next;
        return task;
    }

    /**
     * {@return whether there was nothing to poll}; from any thread. A thread that is not the consumer may see an older
     * {@code head}, and then takes the queue for fuller than it is, never for emptier.
     */
    boolean isEmpty() {
        return head == tail;
    }

    private static final class Node {
        private Runnable task;
        private volatile Node next;

        Node(Runnable task) {
            this.task = task;
        }
    }
}
