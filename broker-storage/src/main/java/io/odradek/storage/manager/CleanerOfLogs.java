package io.odradek.storage.manager;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.cleaner.CleanerSettings;
import io.odradek.storage.cleaner.LogCleaner;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Meters;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.Log;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gives the cleaner what it needs of a manager. */
final class CleanerOfLogs {
    private CleanerOfLogs() {}

    /** {@return the cleaner, not begun; nothing if it is switched off} */
    static Optional<LogCleaner> create(
            LogFileSystem files,
            StorageEnvironment environment,
            CleanerSettings settings,
            Collection<Log> logs,
            List<LogFolder> folders) {
        List<EventLoop> loops = environment.loops().cleaners();
        if (!settings.enabled()) {
            return Optional.empty();
        }
        LogCleaner.Environment cleaned = new LogCleaner.Environment(
                files,
                environment.clock(),
                environment.randoms(),
                environment.loops().owners()::ownerOf,
                logs,
                () -> online(folders),
                environment.failures()::folderFailed);
        LogCleaner cleaner = new LogCleaner(cleaned, settings, loops);
        if (environment.meters().kept()) {
            show(environment.meters(), cleaner, logs, folders);
        }
        return Optional.of(cleaner);
    }

    /** Shows when it last looked for work, and how many logs of each folder it has set aside. */
    private static void show(Meters meters, LogCleaner cleaner, Collection<Log> logs, List<LogFolder> folders) {
        meters.gauge("cleaner.since.last.run.ms", cleaner::sinceLastRunMs);
        for (LogFolder folder : folders) {
            meters.gauge(
                    "cleaner.set.aside",
                    () -> {
                        Set<TopicPartition> aside = cleaner.setAside().keySet();
                        long count = 0;
                        for (Log log : aside.isEmpty() ? List.<Log>of() : logs) {
                            boolean here = folder.path().equals(log.folder().getParent());
                            count += here && aside.contains(log.id()) ? 1 : 0;
                        }
                        return count;
                    },
                    "folder",
                    folder.path().toString());
        }
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
