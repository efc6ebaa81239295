package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Logs that could not be loaded though their disk is sound, by what their files hold, and such whose creation failed with
 * their disk. They stay as they are, for whoever repairs them, and nothing is begun in their place. Beside them such as could
 * only be begun: that is gone on with, where it is, when the log is wanted again. Thread-safe.
 */
final class UnusableLogs {
    private final SortedMap<TopicPartition, Path> folders = new TreeMap<>();
    private final SortedMap<TopicPartition, Path> begun = new TreeMap<>();

    synchronized void add(TopicPartition id, Path folder) {
        folders.put(id, folder);
    }

    /** A log may have been begun there, and was not finished for a reason that passes. */
    synchronized void begun(TopicPartition id, Path folder) {
        begun.put(id, folder);
    }

    /** {@return where a log may have been begun, null if nowhere} */
    synchronized Path begun(TopicPartition id) {
        return begun.get(id);
    }

    /** A log has been begun and finished, or nothing of it is left. */
    synchronized void finished(TopicPartition id) {
        begun.remove(id);
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
        Path unfinished = begun.remove(id);
        Path folder = folders.remove(id);
        return folder == null ? unfinished : folder;
    }
}
