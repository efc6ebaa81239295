package io.odradek.storage.log;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.nio.file.Path;

/**
 * Which log to open, and what the checkpoints of its log folder say of it.
 *
 * @param folder the partition's folder ({@code topic-0}); created if there is none
 * @param id the partition
 * @param topicId written to {@code partition.metadata} of a folder that has none; {@link Uuid#ZERO} to take what is there
 * @param cleanShutdown whether the clean-shutdown mark was found: only sanity checks are made then
 * @param recoveryPoint everything below this offset is known to be on the disk; 0 if unknown
 * @param logStartOffset the first offset that may be read; 0 if unknown
 */
public record LogOpening(
        Path folder, TopicPartition id, Uuid topicId, boolean cleanShutdown, long recoveryPoint, long logStartOffset) {
    /** {@return the opening of a log that does not exist yet} */
    public static LogOpening create(Path folder, TopicPartition id, Uuid topicId) {
        return new LogOpening(folder, id, topicId, true, 0, 0);
    }
}
