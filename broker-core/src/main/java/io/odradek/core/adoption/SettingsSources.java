package io.odradek.core.adoption;

import io.odradek.core.adoption.OldTopics.OldTopic;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.checkpoint.MalformedFileException;
import io.odradek.storage.checkpoint.TopicSettingsFile;
import io.odradek.storage.checkpoint.TopicSettingsFile.Content;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.manager.StorageEnvironment.FailureListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All who may know what topics override. */
public final class SettingsSources {
    private static final Logger LOG = LoggerFactory.getLogger(SettingsSources.class);

    private SettingsSources() {}

    /**
     * What one file says.
     *
     * @param topics the topics in its folder
     * @param lastChange how far the tree was when it was written, -1 if it does not say it
     */
    private record Kept(OldTopics topics, long lastChange) {}

    /** What is said beside the data. */
    public static final class BesideTheData {
        private final List<Kept> files;

        private BesideTheData(List<Kept> files) {
            this.files = files;
        }

        /** {@return the topics by file, the newest first} */
        public List<OldTopics> topics() {
            return files.stream().map(Kept::topics).toList();
        }

        /** {@return how far the tree was at least, -1 if nobody says it} */
        public long lastChange() {
            return files.stream().mapToLong(Kept::lastChange).max().orElse(-1);
        }

        /**
         * {@return whether the newest file that has a topic of that name has it with that identifier, and was written when the
         * tree was further than that}
         */
        public boolean names(String topic, Uuid id, long afterChange) {
            for (Kept file : files) {
                OldTopic known = file.topics().topics().get(topic);
                if (known != null) {
                    return known.id().equals(id) && file.lastChange() > afterChange;
                }
            }
            return false;
        }
    }

    /**
     * {@return what the log folders' own files say; one that is not what was written is put aside, which is said in the log}
     *
     * @param failures is told of folders whose disk fails
     */
    public static BesideTheData besideTheData(LogFileSystem files, List<Path> logFolders, FailureListener failures) {
        List<Content> contents = new ArrayList<>();
        List<Kept> kept = new ArrayList<>();
        for (Path logFolder : logFolders) {
            TopicSettingsFile file = new TopicSettingsFile(files, logFolder);
            Optional<Content> content = Optional.empty();
            try {
                content = read(file);
            } catch (IOException failure) {
                failures.folderFailed(logFolder, failure);
            }
            if (content.isPresent()) {
                int place = 0;
                while (place < contents.size()
                        && contents.get(place).writtenMs() >= content.get().writtenMs()) {
                    place++;
                }
                contents.add(place, content.get());
                kept.add(
                        place,
                        new Kept(topics(file, content.get()), content.get().lastChange()));
            }
        }
        return new BesideTheData(kept);
    }

    private static Optional<Content> read(TopicSettingsFile file) throws IOException {
        try {
            return file.read();
        } catch (MalformedFileException malformed) {
            LOG.warn(
                    "{}. It is now {}; settings that nobody else knows count as unconfirmed",
                    malformed.getMessage(),
                    file.putAside());
            return Optional.empty();
        }
    }

    private static OldTopics topics(TopicSettingsFile file, Content content) {
        SortedMap<String, OldTopic> topics = new TreeMap<>();
        content.topics()
                .forEach((topic, settings) -> topics.put(topic, new OldTopic(settings.id(), 0, settings.overrides())));
        return new OldTopics(file.path().toString(), true, topics, new TreeMap<>());
    }

    /**
     * {@return the metadata of KRaft clusters in any of the folders; what the disk does not let be read is left out, which is
     * said in the log}
     *
     * @param folders log folders, and where else such metadata may lie
     * @param brokerId whose settings topics inherit
     */
    public static List<OldTopics> ofKraft(LogFileSystem files, List<Path> folders, int brokerId) {
        List<OldTopics> found = new ArrayList<>();
        for (Path folder : folders) {
            Path metadata = folder.resolve(KraftFolder.NAME);
            try {
                if (files.exists(metadata) && files.isFolder(metadata)) {
                    found.add(new KraftFolder(files, metadata).read(brokerId));
                }
            } catch (IOException failure) {
                LOG.warn("The metadata of the KRaft cluster in {} cannot be read: {}", metadata, failure.getMessage());
            }
        }
        // Of several, the one that can be read to its end is the more trusted.
        found.sort(Comparator.comparing(topics -> !topics.whole()));
        return found;
    }
}
