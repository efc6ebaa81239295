package io.odradek.storage.manager;

import io.odradek.storage.env.EventLoop;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The {@link GroupCommit} of each log folder, and when a log turns to it. Thread-safe. */
final class FolderCommits {
    private final boolean everyAppend;
    private final List<Path> folders;
    private final List<GroupCommit> commits = new ArrayList<>();

    /**
     * @param folders the log folders
     * @param everyAppend whether all that is appended is to be forced before it is acknowledged, whatever {@code
     *     flush.messages} says
     */
    FolderCommits(List<Path> folders, StorageEnvironment environment, boolean everyAppend) {
        this.folders = List.copyOf(folders);
        this.everyAppend = everyAppend;
        List<EventLoop> loops = environment.loops().commits();
        int perFolder = loops.size() / folders.size();
        for (int i = 0; i < folders.size(); i++) {
            List<EventLoop> own = perFolder == 0
                    ? List.of(environment.loops().logIo())
                    : loops.subList(i * perFolder, (i + 1) * perFolder);
            commits.add(new GroupCommit(folders.get(i), own, environment));
        }
    }

    /** {@return how many records of a log may be unforced before more are acknowledged} */
    long flushMessages(LogConfig config) {
        return everyAppend ? 1 : config.flushMessages();
    }

    /** A log has records to be forced. On its owner's loop. */
    void forceDue(Log log) {
        of(log).forceDue(log);
    }

    /** Forgets a log that is deleted. */
    void forget(Log log) {
        of(log).forget(log);
    }

    /** A log stays in its log folder as long as it is open. */
    private GroupCommit of(Log log) {
        int at = folders.size() == 1 ? 0 : folders.indexOf(log.folder().getParent());
        return commits.get(at);
    }

    /** {@return how many times logs were forced here} */
    long forces() {
        long sum = 0;
        for (GroupCommit commit : commits) {
            sum += commit.forces();
        }
        return sum;
    }

    /** Begins no more forces. */
    void close() {
        for (GroupCommit commit : commits) {
            commit.close();
        }
    }
}
