package io.odradek.server.tools.performance;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;

/** Puts what is sent into transactions, one after the other, or into none. */
final class Transactions {
    private final Producer<?, ?> producer;
    private final long durationNanos;
    private boolean open;
    private long startNanos;

    /** @param durationMs how long each is; 0 for none */
    Transactions(Producer<?, ?> producer, long durationMs) {
        this.producer = producer;
        this.durationNanos = TimeUnit.MILLISECONDS.toNanos(durationMs);
        if (durationNanos > 0) {
            producer.initTransactions();
        }
    }

    void beforeSend() {
        if (durationNanos > 0 && !open) {
            producer.beginTransaction();
            startNanos = System.nanoTime();
            open = true;
        }
    }

    void afterSend() {
        if (open && System.nanoTime() - startNanos >= durationNanos) {
            commit();
        }
    }

    /** Commits the last one. */
    void end() {
        if (open) {
            commit();
        }
    }

    private void commit() {
        producer.commitTransaction();
        open = false;
    }
}
