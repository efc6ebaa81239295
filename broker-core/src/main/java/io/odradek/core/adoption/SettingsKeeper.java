package io.odradek.core.adoption;

import io.odradek.core.coordination.CoordinationHome;
import io.odradek.storage.checkpoint.MalformedFileException;
import io.odradek.storage.checkpoint.TopicSettingsFile;
import io.odradek.storage.checkpoint.TopicSettingsFile.Content;
import io.odradek.storage.checkpoint.TopicSettingsFile.Settings;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.io.PassingFailure;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogSetting;
import io.odradek.storage.manager.LogFolders;
import io.odradek.storage.manager.LogManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps the settings of topics a second time, in the log folders that hold their data: where the tree is lost, or the folder
 * goes elsewhere, they are there. Told of changes by {@link #run}, on any thread; those that come close together are written
 * together, on the log-io loop. A file is written only if something in it is new.
 */
public final class SettingsKeeper implements Runnable {
    private static final long GATHERING_MS = 100;
    private static final long BEFORE_TRYING_AGAIN_MS = 10_000;

    private final LogFileSystem files;
    private final LogFolders folders;
    private final LogManager logs;
    private final Clock clock;
    private final EventLoop logIo;
    private final CoordinationHome tree;
    private final Map<Path, SortedMap<String, Settings>> kept = new TreeMap<>();

    /** Where a file speaks of later changes than the tree, which has lost them: else it would count as the newer one again. */
    private final Set<Path> ahead = new TreeSet<>();

    private final AtomicBoolean due = new AtomicBoolean();

    /**
     * @param files the disk
     * @param folders the log folders
     * @param logs the logs in them
     * @param clock says in the file how old it is
     * @param logIo writes
     * @param tree says in the file how far it was
     */
    public SettingsKeeper(
            LogFileSystem files,
            LogFolders folders,
            LogManager logs,
            Clock clock,
            EventLoop logIo,
            CoordinationHome tree) {
        this.files = files;
        this.folders = folders;
        this.logs = logs;
        this.clock = clock;
        this.logIo = logIo;
        this.tree = tree;
    }

    /** Finds out what the files say, and writes those anew that say something else than their logs have; blocks. */
    public synchronized void begin() {
        for (Path folder : folders.online()) {
            try {
                Optional<Content> content = new TopicSettingsFile(files, folder).read();
                content.ifPresent(found -> kept.put(folder, found.topics()));
                if (content.isPresent() && content.get().lastChange() > tree.lastChange()) {
                    ahead.add(folder);
                }
            } catch (MalformedFileException rewritten) {
                kept.remove(folder);
            } catch (IOException failure) {
                folders.failures().folderFailed(folder, failure);
            }
        }
        write();
    }

    /** Logs have come, gone or moved, or have other settings. */
    @Override
    public void run() {
        if (due.compareAndSet(false, true)) {
            logIo.post(() -> logIo.schedule(GATHERING_MS, this::writeIfDue));
        }
    }

    /** Writes what has not been written; blocks. To be called while the folders and logs are still there. */
    public void end() {
        writeIfDue();
    }

    private synchronized void writeIfDue() {
        if (due.compareAndSet(true, false)) {
            write();
        }
    }

    private void write() {
        long lastKept = tree.lastChange();
        Map<Path, SortedMap<String, Settings>> current = new TreeMap<>();
        for (Path folder : folders.online()) {
            current.put(folder, new TreeMap<>());
        }
        for (Log log : logs.logs()) {
            Path folder = log.folder().getParent();
            SortedMap<String, Settings> topics = current.get(folder);
            if (topics != null) {
                topics.computeIfAbsent(log.id().topic(), topic -> settings(folder, topic, log));
            }
        }
        current.forEach((folder, topics) -> write(folder, topics, lastKept));
    }

    /** Where nobody says what a topic's settings are, what the file has said of them stays. */
    private Settings settings(Path folder, String topic, Log log) {
        Map<String, String> overrides = log.config().overrides();
        Settings now = new Settings(
                log.topicId(), overrides.isEmpty() ? Collections.emptySortedMap() : new TreeMap<>(overrides));
        if (now.overrides().containsKey(LogSetting.UNCONFIRMED)) {
            Settings before = kept.getOrDefault(folder, new TreeMap<>()).get(topic);
            if (before != null
                    && before.id().equals(now.id())
                    && !before.overrides().containsKey(LogSetting.UNCONFIRMED)) {
                return before;
            }
        }
        return now;
    }

    private void write(Path folder, SortedMap<String, Settings> topics, long lastKept) {
        SortedMap<String, Settings> before = kept.get(folder);
        boolean isNew = !topics.equals(before) && (before != null || !topics.isEmpty());
        if (!isNew && !ahead.contains(folder)) {
            return;
        }
        try {
            new TopicSettingsFile(files, folder).write(new Content(clock.wallMs(), lastKept, topics));
            kept.put(folder, topics);
            ahead.remove(folder);
        } catch (IOException failure) {
            folders.failures().folderFailed(folder, failure);
            if (PassingFailure.is(failure) && due.compareAndSet(false, true)) {
                logIo.post(() -> logIo.schedule(BEFORE_TRYING_AGAIN_MS, this::writeIfDue));
            }
        }
    }
}
