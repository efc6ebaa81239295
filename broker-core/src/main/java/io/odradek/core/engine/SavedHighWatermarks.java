package io.odradek.core.engine;

import io.odradek.core.partition.HighWatermarks;
import io.odradek.protocol.TopicPartition;
import io.odradek.storage.manager.SavedOffsets;
import java.util.SortedMap;

/** The high watermarks that the log manager keeps: read when it was opened, saved in each log's folder. */
final class SavedHighWatermarks implements HighWatermarks {
    private final SavedOffsets offsets;
    private final SortedMap<TopicPartition, Long> atStart;

    SavedHighWatermarks(SavedOffsets offsets) {
        this.offsets = offsets;
        this.atStart = offsets.highWatermarks();
    }

    @Override
    public long saved(TopicPartition id) {
        return atStart.getOrDefault(id, 0L);
    }

    @Override
    public void save(SortedMap<TopicPartition, Long> highWatermarks) {
        offsets.saveHighWatermarks(highWatermarks);
    }
}
