package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.env.Clock;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the broker's log how far the loading of logs is, every few seconds while it lasts, and what many of them lack in
 * one line for all. Thread-safe.
 */
final class LoadingProgress {
    private static final long NANOS_PER_MS = 1_000_000;
    private static final long INTERVAL_NS = 5_000 * NANOS_PER_MS;
    private static final int MOST_NAMED = 5;
    private static final long BYTES_PER_MIB = 1 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(LoadingProgress.class);

    private final Clock clock;
    private final int mostLogs;
    private final long startNs;
    private long lastNs;
    private int loaded;
    private int total;
    private int logsWithoutIndexes;
    private int segmentsWithoutIndexes;

    /** @param mostLogs how many logs the heap is thought to have room for */
    LoadingProgress(Clock clock, int mostLogs) {
        this.clock = clock;
        this.mostLogs = mostLogs;
        this.startNs = clock.monotonicNs();
        this.lastNs = startNs;
    }

    /** So many logs are to be loaded. */
    synchronized void begin(int logs) {
        total = logs;
        if (logs > mostLogs) {
            LOG.warn(
                    "{} logs are loaded into a heap in which {} are thought to have room besides all else. If the start ends for"
                            + " want of memory, give the broker more (-Xmx)",
                    logs,
                    mostLogs);
        }
    }

    /** One more log is loaded. */
    synchronized void loaded() {
        loaded++;
        if (isTime()) {
            LOG.info("Loaded {} of {} logs in {} ms", loaded, total, sinceStartMs());
        }
    }

    /** A log is being read, which takes long. */
    synchronized void reading(TopicPartition id, int segmentsLeft, long bytesLeft) {
        if (isTime()) {
            LOG.info(
                    "Loaded {} of {} logs in {} ms; reading {}: {} segments left, of this one {} MiB",
                    loaded,
                    total,
                    sinceStartMs(),
                    id,
                    segmentsLeft,
                    bytesLeft / BYTES_PER_MIB);
        }
    }

    /** A log lacks index files, which are built again. {@return whether it was named: the first few are} */
    synchronized boolean indexesMissing(TopicPartition id, int segments) {
        logsWithoutIndexes++;
        segmentsWithoutIndexes += segments;
        boolean named = logsWithoutIndexes <= MOST_NAMED;
        if (named) {
            LOG.warn("{}: index files of {} segments are missing; building them again", id, segments);
        }
        return named;
    }

    /** A log lacks segments: unlike indexes, nobody can build them again, so that every gap is named. */
    void offsetsMissing(TopicPartition id, Path firstFile, long from, long next, boolean atEnd) {
        LOG.error(
                "{}: offsets {} to {} are missing, {} in all: somebody has taken away {}, and what there was between it and the"
                        + " next. {}; everything else of the partition is served. To have them back, stop the broker and put the"
                        + " files back from a copy; bin/broker-dump-log.sh --repair {} shows what is there, and changes nothing",
                id,
                from,
                next - 1,
                next - from,
                firstFile,
                atEnd ? "New records are given the same offsets, so make haste" : "Readers pass over them",
                firstFile.getParent());
    }

    /** Everything is loaded. */
    synchronized void end() {
        String summary = indexSummary();
        if (summary != null) {
            LOG.warn(summary);
        }
    }

    /** {@return what is to be said of indexes that were missing, null if all that is has been said} */
    synchronized String indexSummary() {
        return logsWithoutIndexes <= MOST_NAMED
                ? null
                : "Index files of " + segmentsWithoutIndexes + " segments in " + logsWithoutIndexes
                        + " logs were missing and have been built again";
    }

    private long sinceStartMs() {
        return (clock.monotonicNs() - startNs) / NANOS_PER_MS;
    }

    private boolean isTime() {
        long nowNs = clock.monotonicNs();
        if (nowNs - lastNs < INTERVAL_NS) {
            return false;
        }
        lastNs = nowNs;
        return true;
    }
}
