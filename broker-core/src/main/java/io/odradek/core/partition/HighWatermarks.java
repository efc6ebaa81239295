package io.odradek.core.partition;

import io.odradek.protocol.TopicPartition;
import java.io.IOException;
import java.util.SortedMap;

/** The high watermarks on disk ({@code replication-offset-checkpoint} of each log folder). Thread-safe; may block. */
public interface HighWatermarks {
    /** {@return the high watermark saved for a partition, 0 if there is none} */
    long saved(TopicPartition id);

    /** Saves the high watermarks of all partitions, replacing those saved before. */
    void save(SortedMap<TopicPartition, Long> highWatermarks) throws IOException;
}
