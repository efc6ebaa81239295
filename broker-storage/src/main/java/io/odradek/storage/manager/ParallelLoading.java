package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogContext;
import io.odradek.storage.log.LogOpening;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens many logs, on several loops at once, and says how far it is when that takes long. */
final class ParallelLoading {
    private static final Logger LOG = LoggerFactory.getLogger(ParallelLoading.class);

    private final LogContext context;
    private final Function<String, LogConfig> topicConfigs;
    private final List<LogOpening> openings;
    private final AtomicInteger next = new AtomicInteger();
    private final List<Log> loaded = new ArrayList<>();
    private final LoadingProgress progress;
    private final SortedMap<Path, IOException> brokenFolders = new TreeMap<>();
    private final SortedMap<TopicPartition, Path> damaged = new TreeMap<>();
    private IOException interruption;
    private int notLoaded;

    ParallelLoading(
            LogContext context,
            Function<String, LogConfig> topicConfigs,
            List<LogOpening> openings,
            LoadingProgress progress) {
        this.context = context;
        this.topicConfigs = topicConfigs;
        this.openings = openings;
        this.progress = progress;
        progress.begin(openings.size());
    }

    /** Takes a log folder offline. */
    interface BrokenFolder {
        void offline(Path logFolder, IOException cause) throws IOException;
    }

    /**
     * Opens all of them but those of folders that fail, and those that cannot be opened for what their files hold.
     *
     * @param loops do the work; with none, the caller does
     * @param broken is told of folders that fail, on the caller's thread; what it throws ends the loading
     * @param unusable is given the logs that cannot be opened
     */
    List<Log> load(List<EventLoop> loops, BrokenFolder broken, UnusableLogs unusable) throws IOException {
        if (loops.isEmpty() || openings.isEmpty()) {
            work();
        } else {
            workOn(loops.subList(0, Math.min(loops.size(), openings.size())));
        }
        progress.end();
        try {
            settle(broken, unusable);
            return loaded;
        } catch (IOException | RuntimeException e) {
            close(log -> true, e);
            throw e;
        }
    }

    private synchronized void settle(BrokenFolder broken, UnusableLogs unusable) throws IOException {
        if (interruption != null) {
            throw interruption;
        }
        if (loaded.size() + notLoaded < openings.size()) {
            throw new IllegalStateException(
                    "Only " + loaded.size() + " of " + openings.size() + " logs were loaded; a loop has died");
        }
        for (Map.Entry<Path, IOException> folder : brokenFolders.entrySet()) {
            close(log -> log.folder().getParent().equals(folder.getKey()), folder.getValue());
            broken.offline(folder.getKey(), folder.getValue());
        }
        damaged.forEach(unusable::add);
    }

    private void close(Predicate<Log> which, Exception failure) {
        for (Log log : loaded) {
            if (which.test(log)) {
                try {
                    log.abandon();
                } catch (IOException e) {
                    failure.addSuppressed(e);
                }
            }
        }
        loaded.removeIf(which);
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
                interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        for (int i = next.getAndIncrement(); i < openings.size(); i = next.getAndIncrement()) {
            LogOpening opening = openings.get(i);
            if (isNotWorthTrying(opening)) {
                continue;
            }
            try {
                add(Log.open(context, opening, topicConfigs.apply(opening.id().topic())));
            } catch (IOException | RuntimeException e) {
                fail(opening, e);
            }
        }
    }

    private synchronized boolean isNotWorthTrying(LogOpening opening) {
        boolean notWorth = interruption != null
                || brokenFolders.containsKey(opening.folder().getParent());
        notLoaded += notWorth ? 1 : 0;
        return notWorth;
    }

    private synchronized void fail(LogOpening opening, Exception e) {
        notLoaded++;
        String message = "Cannot load the log in " + opening.folder() + ": " + e.getMessage();
        Path logFolder = opening.folder().getParent();
        if (e instanceof IOException io && !FolderFailures.concernsOneLog(logFolder, io)) {
            IOException failure = new IOException(message, io);
            IOException first = brokenFolders.putIfAbsent(logFolder, failure);
            if (first != null) {
                first.addSuppressed(failure);
            }
        } else {
            LOG.error(
                    "{}. Its partition is answered KAFKA_STORAGE_ERROR; repair the folder or delete the topic",
                    message,
                    e);
            damaged.put(opening.id(), opening.folder());
        }
    }

    private synchronized void interrupt() {
        interruption = new IOException("Interrupted while logs were loaded");
    }

    private synchronized void add(Log log) {
        loaded.add(log);
        progress.loaded();
    }
}
