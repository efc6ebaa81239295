package io.odradek.storage.manager;

import io.odradek.storage.env.EventLoop;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes room on a full disk, where not even the beginning of a log can be saved: what lies below it goes first, and its files
 * at once instead of after a while. A power loss before the beginning is saved may bring some of them back; it takes nothing
 * else.
 */
final class FullDiskRelief {
    private static final Logger LOGGER = LoggerFactory.getLogger(FullDiskRelief.class);

    private final LogFileSystem files;
    private final StorageEnvironment environment;
    private final Predicate<Log> alive;
    private final DeferredWork deferred;

    /** @param alive whether a log is still one of the manager's */
    FullDiskRelief(LogFileSystem files, StorageEnvironment environment, Predicate<Log> alive, DeferredWork deferred) {
        this.files = files;
        this.environment = environment;
        this.alive = alive;
        this.deferred = deferred;
    }

    /** {@return whether the disk has no room for another segment of a log} On the log-io loop. */
    boolean isDue(Log log) {
        try {
            long usableBytes = files.volume(log.folder().getParent()).usableBytes();
            return usableBytes >= 0 && usableBytes < log.config().segmentBytes();
        } catch (IOException e) {
            LOGGER.debug("The room in {} is not known", log.folder().getParent(), e);
            return false;
        }
    }

    /** Makes what room a log can. Then, on the log-io loop, runs a task. From any thread. */
    void relieve(Log log, Runnable then) {
        EventLoop logIo = environment.loops().logIo();
        environment.loops().owners().ownerOf(log.id()).post(() -> {
            boolean some = run(log, () -> log.startSaved(log.startOffset()));
            logIo.post(() -> {
                if (some && run(log, () -> discard(log))) {
                    LOGGER.info(
                            "The disk is full: files below offset {} of {} are deleted", log.startOffset(), log.id());
                }
                then.run();
            });
        });
    }

    private boolean discard(Log log) throws IOException {
        Path logFolder = log.folder().getParent();
        log.discardDetached();
        deferred.finishRemovals(logFolder);
        return true;
    }

    private interface Step {
        boolean run() throws IOException;
    }

    private boolean run(Log log, Step step) {
        try {
            return alive.test(log) && step.run();
        } catch (IOException e) {
            environment.failures().folderFailed(log.folder().getParent(), e);
            return false;
        }
    }
}
