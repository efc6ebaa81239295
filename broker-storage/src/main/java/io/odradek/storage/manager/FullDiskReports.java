package io.odradek.storage.manager;

import io.odradek.storage.env.Clock;
import io.odradek.storage.env.FewLines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says now and then which log folders are on full disks, and that files cannot be opened. Thread-safe. */
final class FullDiskReports {
    private static final Logger LOG = LoggerFactory.getLogger(FullDiskReports.class);

    private final Clock clock;
    private final FewLines ofDescriptors;
    private final Map<Path, FewLines> byFolder = new ConcurrentHashMap<>();

    FullDiskReports(Clock clock) {
        this.clock = clock;
        this.ofDescriptors = new FewLines(LOG, clock);
    }

    /** Nothing is wrong with any disk. */
    void outOfDescriptors(IOException cause) {
        ofDescriptors.error(cause.getMessage()
                + ". Nothing is lost: what needs a file that is not open is answered KAFKA_STORAGE_ERROR until some have been"
                + " closed");
    }

    void report(Path folder, IOException cause) {
        byFolder.computeIfAbsent(folder, first -> new FewLines(LOG, clock))
                .error("The disk of log folder " + folder + " is full: " + cause.getMessage()
                        + ". Nothing that was acknowledged is lost and reads go on; producers to its partitions get"
                        + " KAFKA_STORAGE_ERROR until there is room again, then they go on");
    }
}
