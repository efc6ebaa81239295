package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The moves that a stop has interrupted, by the names of the folders: a future log beside a current one is to be gone on
 * with; a future log beside the stray one whose name has the same digits is complete, and takes the name that the stray one
 * has given up. A future log alone is left as it is: its partition may lie in a folder that is offline.
 */
final class LeftoverMoves {
    private static final Logger LOG = LoggerFactory.getLogger(LeftoverMoves.class);

    private final LogFileSystem files;
    private final DeferredWork deferred;
    private final SortedMap<TopicPartition, Path> futures = new TreeMap<>();
    private final SortedMap<String, Path> strays = new TreeMap<>();

    LeftoverMoves(LogFileSystem files, DeferredWork deferred) {
        this.files = files;
        this.deferred = deferred;
    }

    void add(FolderScan scan) {
        futures.putAll(scan.futures());
        for (Path stray : scan.strays()) {
            strays.put(stray.getFileName().toString(), stray);
        }
    }

    /**
     * Finishes the swaps that were begun towards a folder.
     *
     * @param scan what lies in the folder; gets the partitions whose folders have their right name now
     * @param elsewhere whether a partition has a current log in any folder
     */
    void finishSwaps(Path logFolder, FolderScan scan, Predicate<TopicPartition> elsewhere) throws IOException {
        for (Iterator<Map.Entry<TopicPartition, Path>> all = futures.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<TopicPartition, Path> future = all.next();
            TopicPartition id = future.getKey();
            if (!future.getValue().getParent().equals(logFolder) || elsewhere.test(id)) {
                continue;
            }
            Path stray = strays.remove(
                    PartitionFolderName.strayFor(future.getValue().getFileName().toString()));
            if (stray != null) {
                Path path = logFolder.resolve(id.toString());
                LOG.info("Finishing the move of {} to {}", id, logFolder);
                files.rename(future.getValue(), path);
                files.forceFolder(logFolder);
                scan.partitions().put(id, path);
                deferred.removeLater(stray.getParent(), 0, () -> FolderScan.remove(files, stray), () -> {});
                all.remove();
            } else {
                LOG.warn("{} is the copy of a log that is in none of the folders; it is left alone", future.getValue());
                all.remove();
            }
        }
    }

    /** {@return the copies that are not complete, by partition} */
    SortedMap<TopicPartition, Path> unfinished() {
        strays.values().forEach(stray -> LOG.warn("{} is the folder of no partition and is left alone", stray));
        return futures;
    }
}
