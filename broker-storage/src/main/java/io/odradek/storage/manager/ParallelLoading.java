package io.odradek.storage.manager;

import io.odradek.protocol.errors.ApiException;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogContext;
import io.odradek.storage.log.LogOpening;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens many logs, on several loops at once, and says how far it is when that takes long. */
final class ParallelLoading {
    private static final long NANOS_PER_MS = 1_000_000;
    private static final long PROGRESS_NS = 5_000 * NANOS_PER_MS;
    private static final Logger LOG = LoggerFactory.getLogger(ParallelLoading.class);

    private final LogContext context;
    private final Function<String, LogConfig> topicConfigs;
    private final List<LogOpening> openings;
    private final AtomicInteger next = new AtomicInteger();
    private final List<Log> loaded = new ArrayList<>();
    private final long startNs;
    private long lastProgressNs;
    private Exception failure;

    ParallelLoading(LogContext context, Function<String, LogConfig> topicConfigs, List<LogOpening> openings) {
        this.context = context;
        this.topicConfigs = topicConfigs;
        this.openings = openings;
        this.startNs = context.clock().monotonicNs();
        this.lastProgressNs = startNs;
    }

    /**
     * Opens all of them, or none.
     *
     * @param loops do the work; with none, the caller does
     */
    List<Log> load(List<EventLoop> loops) throws IOException {
        if (loops.isEmpty() || openings.isEmpty()) {
            work();
        } else {
            workOn(loops.subList(0, Math.min(loops.size(), openings.size())));
        }
        Exception failed = takeFailure();
        if (failed instanceof IOException io) {
            throw io;
        }
        if (failed instanceof RuntimeException runtime) {
            throw runtime;
        }
        return loaded;
    }

    private void workOn(List<EventLoop> loops) {
        CountDownLatch done = new CountDownLatch(loops.size());
        for (EventLoop loop : loops) {
            loop.post(() -> {
                try {
                    work();
                } finally {
                    done.countDown();
                }
            });
        }
        boolean interrupted = false;
        while (true) {
            try {
                done.await();
                break;
            } catch (InterruptedException e) {
                // The loops own the logs until they are done: stop them, then leave.
                interrupted = true;
                fail(new IOException("Interrupted while logs were loaded"));
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        for (int i = next.getAndIncrement(); i < openings.size() && !failed(); i = next.getAndIncrement()) {
            LogOpening opening = openings.get(i);
            try {
                add(Log.open(context, opening, topicConfigs.apply(opening.id().topic())));
            } catch (IOException e) {
                fail(new IOException("Cannot load the log in " + opening.folder() + ": " + e.getMessage(), e));
            } catch (ApiException e) {
                fail(new IOException("Cannot load the log in " + opening.folder() + ": " + e.getMessage(), e));
            } catch (RuntimeException e) {
                fail(e);
            }
        }
    }

    private synchronized void add(Log log) {
        loaded.add(log);
        Clock clock = context.clock();
        long nowNs = clock.monotonicNs();
        if (nowNs - lastProgressNs >= PROGRESS_NS) {
            lastProgressNs = nowNs;
            LOG.info("Loaded {} of {} logs in {} ms", loaded.size(), openings.size(), (nowNs - startNs) / NANOS_PER_MS);
        }
    }

    private synchronized boolean failed() {
        return failure != null;
    }

    private synchronized void fail(Exception e) {
        if (failure == null) {
            failure = e;
        } else {
            failure.addSuppressed(e);
        }
    }

    private synchronized Exception takeFailure() {
        if (failure == null && loaded.size() < openings.size()) {
            failure = new IllegalStateException(
                    "Only " + loaded.size() + " of " + openings.size() + " logs were loaded; a loop has died");
        }
        if (failure != null) {
            for (Log log : loaded) {
                try {
                    log.close();
                } catch (IOException e) {
                    failure.addSuppressed(e);
                }
            }
        }
        return failure;
    }
}
