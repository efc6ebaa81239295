package io.odradek.core.partition;

import io.odradek.storage.env.Clock;
import io.odradek.storage.manager.StorageEnvironment.FailureListener;
import java.util.concurrent.Executor;

/**
 * What replicas need from outside.
 *
 * @param logIo threads for work that blocks: opening, deleting and replaying logs, saving checkpoints
 * @param clock the broker's clock
 * @param highWatermarks the high watermarks on disk
 * @param recordLimits the limits for records
 * @param folderFailures is told of failures in log folders
 */
public record ReplicaServices(
        Executor logIo,
        Clock clock,
        HighWatermarks highWatermarks,
        RecordLimits recordLimits,
        FailureListener folderFailures) {}
