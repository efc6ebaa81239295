package io.odradek.storage.manager;

import io.odradek.storage.env.Clock;
import io.odradek.storage.env.FewLines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which log folders are on full disks, each now and then. Thread-safe. */
final class FullDiskReports {
    private static final Logger LOG = LoggerFactory.getLogger(FullDiskReports.class);

    private final Clock clock;
    private final Map<Path, FewLines> byFolder = new ConcurrentHashMap<>();

    FullDiskReports(Clock clock) {
        this.clock = clock;
    }

    void report(Path folder, IOException cause) {
        byFolder.computeIfAbsent(folder, first -> new FewLines(LOG, clock))
                .error("The disk of log folder " + folder + " is full: " + cause.getMessage()
                        + ". Nothing that was acknowledged is lost and reads go on; producers to its partitions get"
                        + " KAFKA_STORAGE_ERROR until there is room again, then they go on");
    }
}
