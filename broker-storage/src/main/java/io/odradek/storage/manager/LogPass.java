package io.odradek.storage.manager;

import io.odradek.storage.env.EventLoop;
import io.odradek.storage.log.Log;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Visits all logs of a broker, a few at a time, so that thousands of them hold up neither their owners nor the log-io loop,
 * on which it lives. While a pass goes on no other is begun.
 */
final class LogPass implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogPass.class);

    /** What is done with a log. */
    interface Visit {
        /**
         * Begins the visit, on the log-io loop.
         *
         * @param done is to be run once, on any loop, when the next log may have its turn
         */
        void begin(Log log, Runnable done);
    }

    private final EventLoop logIo;
    private final Collection<Log> logs;
    private final Visit visit;
    private final int atOnce;
    private final Queue<Log> waiting = new ArrayDeque<>();
    private int turns;
    private boolean told;

    /**
     * @param logs the broker's logs, a live view
     * @param atOnce how many are turns at the same time
     */
    LogPass(EventLoop logIo, Collection<Log> logs, Visit visit, int atOnce) {
        this.logIo = logIo;
        this.logs = logs;
        this.visit = visit;
        this.atOnce = atOnce;
    }

    /** Begins a pass; on the log-io loop. */
    @Override
    public void run() {
        if (turns > 0) {
            if (!told && !waiting.isEmpty()) {
                told = true;
                LOGGER.info("A pass over the logs takes long: {} are waiting for their turn", waiting.size());
            }
            return;
        }
        told = false;
        waiting.addAll(logs);
        for (int i = 0; i < atOnce && !waiting.isEmpty(); i++) {
            turns++;
            logIo.post(this::next);
        }
    }

    private void next() {
        Log log = waiting.poll();
        if (log == null) {
            turns--;
        } else {
            visit.begin(log, () -> logIo.post(this::next));
        }
    }
}
