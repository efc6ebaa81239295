package io.odradek.storage.manager;

import io.odradek.storage.cleaner.CleanerSettings;
import io.odradek.storage.cleaner.LogCleaner;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.Log;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Gives the cleaner what it needs of a manager. */
final class CleanerOfLogs {
    private CleanerOfLogs() {}

    /** {@return the cleaner, not begun; nothing if it is switched off or has no loop} */
    static Optional<LogCleaner> create(
            LogFileSystem files,
            StorageEnvironment environment,
            CleanerSettings settings,
            Collection<Log> logs,
            List<LogFolder> folders) {
        List<EventLoop> loops = environment.loops().cleaners();
        if (!settings.enabled() || loops.isEmpty()) {
            return Optional.empty();
        }
        LogCleaner.Environment cleaned = new LogCleaner.Environment(
                files,
                environment.clock(),
                environment.randoms(),
                environment.loops().owners()::ownerOf,
                () -> logs,
                () -> online(folders),
                environment.failures()::folderFailed);
        return Optional.of(new LogCleaner(cleaned, settings, loops));
    }

    private static List<Path> online(List<LogFolder> folders) {
        List<Path> paths = new ArrayList<>(folders.size());
        for (LogFolder folder : folders) {
            if (folder.online()) {
                paths.add(folder.path());
            }
        }
        return paths;
    }
}
