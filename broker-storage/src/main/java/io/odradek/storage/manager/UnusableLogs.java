package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Logs that could not be loaded though their disk is sound, by what their files hold, and such whose creation failed with
 * their disk. They stay as they are, for whoever repairs them, and nothing is begun in their place. Thread-safe.
 */
final class UnusableLogs {
    private final SortedMap<TopicPartition, Path> folders = new TreeMap<>();

    synchronized void add(TopicPartition id, Path folder) {
        folders.put(id, folder);
    }

    /** {@return their folders at present} */
    synchronized SortedMap<TopicPartition, Path> folders() {
        return new TreeMap<>(folders);
    }

    /** @throws ApiException KAFKA_STORAGE_ERROR if the log is one of these */
    synchronized void refuse(TopicPartition id) {
        Path folder = folders.get(id);
        if (folder != null) {
            throw new ApiException(
                    ErrorCode.KAFKA_STORAGE_ERROR,
                    "The log in " + folder + " could not be opened since the broker started");
        }
    }

    /** Lets go of a log that is to be deleted. {@return its folder, null if it is none of these} */
    synchronized Path forget(TopicPartition id) {
        return folders.remove(id);
    }
}
