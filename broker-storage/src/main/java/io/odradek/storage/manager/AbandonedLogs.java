package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logs of folders that have gone offline: nobody's any more, but their files stay open while slices of them may be in
 * flight. Thread-safe.
 */
final class AbandonedLogs implements FolderFailures.Keeper {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedLogs.class);

    private final StorageLoops loops;
    private final ConcurrentMap<TopicPartition, Log> logs;
    private final Set<Log> open = new LinkedHashSet<>();

    /** @param logs the manager's */
    AbandonedLogs(StorageLoops loops, ConcurrentMap<TopicPartition, Log> logs) {
        this.loops = loops;
        this.logs = logs;
    }

    @Override
    public List<Log> moveOut(Path logFolder) {
        List<Log> moved = new ArrayList<>();
        for (Log log : logs.values()) {
            if (log.folder().getParent().equals(logFolder) && logs.remove(log.id(), log)) {
                add(log);
                moved.add(log);
            }
        }
        return moved;
    }

    /** After the owner's next task: those who are told of a folder that fails have stopped its partitions by then. */
    @Override
    public void closeLater(List<Log> moved) {
        for (Log log : moved) {
            loops.owners()
                    .ownerOf(log.id())
                    .post(() -> loops.logIo().schedule(log.config().fileDeleteDelayMs(), () -> close(log)));
        }
    }

    /** Closes what is still open; the owners have ended. */
    void closeAll() {
        for (Log log : stillOpen()) {
            close(log);
        }
    }

    private synchronized void add(Log log) {
        open.add(log);
    }

    private synchronized boolean remove(Log log) {
        return open.remove(log);
    }

    private synchronized List<Log> stillOpen() {
        return List.copyOf(open);
    }

    private void close(Log log) {
        if (remove(log)) {
            try {
                log.abandon();
            } catch (IOException e) {
                LOG.warn("Files of {} could not be closed", log.folder(), e);
            }
        }
    }
}
