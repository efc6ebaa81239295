package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a log folder holds.
 *
 * @param partitions folders of partitions
 * @param deleted folders of partitions whose deletion was not finished
 * @param futures folders of copies that are to take a partition's place
 * @param strays folders of partitions whose place such a copy was to take
 */
record FolderScan(
        SortedMap<TopicPartition, Path> partitions,
        List<Path> deleted,
        SortedMap<TopicPartition, Path> futures,
        List<Path> strays) {
    private static final Logger LOG = LoggerFactory.getLogger(FolderScan.class);

    static FolderScan of(LogFileSystem files, Path logFolder) throws IOException {
        FolderScan scan = new FolderScan(new TreeMap<>(), new ArrayList<>(), new TreeMap<>(), new ArrayList<>());
        for (String name : files.list(logFolder)) {
            Path path = logFolder.resolve(name);
            if (name.startsWith(".") || !files.isFolder(path)) {
                continue;
            }
            Optional<TopicPartition> id = PartitionFolderName.parse(name);
            Optional<TopicPartition> future = PartitionFolderName.parseFuture(name);
            Optional<TopicPartition> stray = PartitionFolderName.parseStray(name);
            if (id.isPresent()) {
                scan.partitions.put(id.get(), path);
            } else if (future.isPresent()) {
                scan.futures.put(future.get(), path);
            } else if (stray.isPresent()) {
                scan.strays.add(path);
            } else if (PartitionFolderName.isDeleted(name)) {
                scan.deleted.add(path);
            } else {
                LOG.warn("{} is not the folder of a partition and is left alone", path);
            }
        }
        return scan;
    }

    /** Deletes a folder with all that is in it. */
    static void remove(LogFileSystem files, Path folder) throws IOException {
        for (String name : files.list(folder)) {
            Path path = folder.resolve(name);
            if (files.isFolder(path)) {
                remove(files, path);
            } else {
                files.delete(path);
            }
        }
        files.delete(folder);
    }
}
