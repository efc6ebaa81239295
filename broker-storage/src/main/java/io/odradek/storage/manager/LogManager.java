package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;

/**
 * The log folders of a broker: locks them, checks {@code meta.properties}, loads and recovers the logs they hold, creates
 * and deletes logs, and leaves the clean-shutdown mark. Thread-safe.
 */
public final class LogManager implements AutoCloseable {
    /** {@return every log that is open} */
    public Collection<Log> logs() {
        throw new UnsupportedOperationException();
    }

    /** {@return the log of a partition, if this broker has one} */
    public Optional<Log> log(TopicPartition id) {
        throw new UnsupportedOperationException();
    }

    /** Opens the log of a partition, creating it in the folder with the fewest partitions if there is none. */
    public Log getOrCreate(TopicPartition id, Uuid topicId, LogConfig config) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Removes a log: its folder is renamed at once and deleted later. Does nothing if there is none. */
    public void delete(TopicPartition id) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Flushes and closes all logs, writes the checkpoints and the clean-shutdown marks, and gives up the locks. */
    @Override
    public void close() throws IOException {
        throw new UnsupportedOperationException();
    }
}
