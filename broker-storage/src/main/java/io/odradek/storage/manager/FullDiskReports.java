package io.odradek.storage.manager;

import io.odradek.storage.env.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which log folders are on full disks, each at most every ten seconds. Thread-safe. */
final class FullDiskReports {
    private static final Logger LOG = LoggerFactory.getLogger(FullDiskReports.class);
    private static final long INTERVAL_NS = 10_000_000_000L;

    private final Clock clock;
    private final Map<Path, Long> lastNs = new TreeMap<>();

    FullDiskReports(Clock clock) {
        this.clock = clock;
    }

    void report(Path folder, IOException cause) {
        if (due(folder, clock.monotonicNs())) {
            LOG.error(
                    "The disk of log folder {} is full: {}. Nothing that was acknowledged is lost and reads go on; producers"
                            + " to its partitions get KAFKA_STORAGE_ERROR until there is room again, then they go on",
                    folder,
                    cause.getMessage());
        }
    }

    private synchronized boolean due(Path folder, long nowNs) {
        Long last = lastNs.get(folder);
        if (last != null && nowNs - last < INTERVAL_NS) {
            return false;
        }
        lastNs.put(folder, nowNs);
        return true;
    }
}
