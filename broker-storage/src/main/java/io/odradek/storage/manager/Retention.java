package io.odradek.storage.manager;

import io.odradek.storage.env.EventLoop;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.RetentionStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retention of one log after the other. Its owner decides, from what is in memory; what must be read or written for it is
 * read and written on the log-io loop, after which the owner looks again, until nothing is to go.
 */
final class Retention implements LogPass.Visit {
    private static final Logger LOGGER = LoggerFactory.getLogger(Retention.class);

    private final StorageEnvironment environment;
    private final Predicate<Log> alive;
    private final StartSaver saver;

    /** Has the beginning of a log saved. */
    interface StartSaver {
        void save(Log log, Consumer<IOException> done);
    }

    /** @param alive whether a log is still one of the manager's */
    Retention(StorageEnvironment environment, Predicate<Log> alive, StartSaver saver) {
        this.environment = environment;
        this.alive = alive;
        this.saver = saver;
    }

    @Override
    public void begin(Log log, Runnable done) {
        new Turn(log, done).onOwner(Turn::look);
    }

    private interface Step {
        void take(Turn turn) throws IOException;
    }

    /** One log's turn. */
    private final class Turn {
        private final Log log;
        private final Path folder;
        private final EventLoop owner;
        private final EventLoop logIo;
        private final Runnable done;

        private Turn(Log log, Runnable done) {
            this.log = log;
            this.folder = log.folder().getParent();
            this.owner = environment.loops().owners().ownerOf(log.id());
            this.logIo = environment.loops().logIo();
            this.done = done;
        }

        void onOwner(Step step) {
            owner.post(() -> take(step));
        }

        private void onLogIo(Step step) {
            logIo.post(() -> take(step));
        }

        private void take(Step step) {
            if (!alive.test(log)) {
                done.run();
                return;
            }
            try {
                step.take(this);
            } catch (IOException e) {
                failed(e);
                done.run();
            } catch (RuntimeException e) {
                LOGGER.error("Retention of {} failed", log.id(), e);
                done.run();
            }
        }

        /** Of a log that has gone meanwhile nothing else was to be expected: its files go with it. */
        private void failed(IOException cause) {
            if (alive.test(log)) {
                environment.failures().folderFailed(folder, cause);
            } else {
                LOGGER.info("Retention of {} was given up, as the log has gone: {}", log.id(), cause.getMessage());
            }
        }

        void look() throws IOException {
            RetentionStep found = log.retain(environment.clock().wallMs());
            if (found instanceof RetentionStep.Unread unread) {
                onLogIo(turn -> {
                    unread.read();
                    onOwner(same -> lookAgain(unread));
                });
            } else if (found instanceof RetentionStep.Advanced advanced) {
                LOGGER.info(advanced.description());
                saver.save(log, failure -> saved(advanced.startOffset(), failure));
            } else {
                done.run();
            }
        }

        private void lookAgain(RetentionStep.Unread unread) throws IOException {
            if (unread.adopt()) {
                look();
            } else {
                done.run();
            }
        }

        private void saved(long startOffset, IOException failure) {
            if (failure != null) {
                done.run();
                return;
            }
            onOwner(turn -> {
                log.startSaved(startOffset);
                onLogIo(same -> {
                    log.discardDetached();
                    onOwner(Turn::look);
                });
            });
        }
    }
}
