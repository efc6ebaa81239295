package io.odradek.core.engine;

import io.odradek.core.partition.OwnerLoop;
import io.odradek.storage.env.EventLoop;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The loops a broker lives on. They are made and ended by whoever starts the engine.
 *
 * @param owners one for each partition owner ({@code num.io.threads})
 * @param cluster the controller's, on which what waits for it lives too
 * @param fetchers that of the fetchers which copy from leaders, apart as the disk may hold them up; it costs nothing before
 *     there is one
 * @param store the coordination store's
 * @param logIo flushes, checkpoints and removals of logs
 * @param recovery load logs side by side; with none, whoever opens the logs does
 * @param cleaners clean compacted logs; with none, nothing is cleaned
 * @param commits force what is to be forced before it is acknowledged, as many for each log folder; with none, {@code
 *     logIo} does
 * @param blocking other work that blocks: opening, deleting and replaying logs, forcing the journal
 */
public record EngineLoops(
        List<? extends OwnerLoop> owners,
        EventLoop cluster,
        EventLoop fetchers,
        EventLoop store,
        EventLoop logIo,
        List<EventLoop> recovery,
        List<EventLoop> cleaners,
        List<EventLoop> commits,
        Executor blocking) {}
