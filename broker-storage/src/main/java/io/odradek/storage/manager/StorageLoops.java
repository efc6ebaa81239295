package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.env.EventLoop;
import java.util.List;

/**
 * The loops that storage works on. One loop may stand for several.
 *
 * @param logIo flushes, checkpoints, retention, removals
 * @param recovery load the logs side by side, {@code num.recovery.threads.per.data.dir} for each folder; with none, the
 *     caller of {@link LogManager#open} does it itself
 * @param cleaners clean compacted logs, {@code log.cleaner.threads}; with none, nothing is cleaned
 * @param commits force what is to be forced before it is acknowledged ({@code log.flush.policy=commit}, {@code
 *     flush.messages}): as many for each log folder, in the order of the folders; with none, {@code logIo} does it
 * @param owners whose loop alone writes a partition's log
 */
public record StorageLoops(
        EventLoop logIo,
        List<EventLoop> recovery,
        List<EventLoop> cleaners,
        List<EventLoop> commits,
        LogOwners owners) {
    /** Knows the loop that each partition belongs to for life. */
    public interface LogOwners {
        /** {@return the loop on which alone the log of a partition may be written} */
        EventLoop ownerOf(TopicPartition id);
    }

    /** {@return one loop for everything, and no cleaning} */
    public static StorageLoops single(EventLoop loop) {
        return new StorageLoops(loop, List.of(), List.of(), List.of(), id -> loop);
    }
}
