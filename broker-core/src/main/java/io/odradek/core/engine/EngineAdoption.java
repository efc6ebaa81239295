package io.odradek.core.engine;

import io.odradek.core.adoption.BroughtSettings;
import io.odradek.core.adoption.OldTopics;
import io.odradek.core.adoption.SettingsSource;
import io.odradek.core.adoption.SettingsSources;
import io.odradek.core.adoption.SettingsSources.BesideTheData;
import io.odradek.core.config.BrokerConfig;
import io.odradek.core.controller.Adoption;
import io.odradek.core.controller.OutdatedTopics;
import io.odradek.core.coordination.CoordinationHome;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogSetting;
import io.odradek.storage.manager.LogFolders;
import io.odradek.storage.manager.LogManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the tree of a broker that is alone and what lies in its log folders together: topics that the tree does not know are
 * registered, and those whose settings it does not know, or may have lost, are given what others know of them.
 */
final class EngineAdoption {
    private static final Logger LOG = LoggerFactory.getLogger(EngineAdoption.class);

    private final BrokerConfig config;
    private final EngineEnvironment environment;
    private final Tree tree;
    private final LogFolders folders;
    private final LogManager logs;
    private final SettingsSource oldCluster;
    private BesideTheData beside;
    private boolean outdated;
    private CompletionStage<Adoption.Knowledge> knowledge;

    /**
     * The tree, as this broker has it.
     *
     * @param home where it lives
     * @param store this broker's session
     * @param brokerId the broker
     * @param overrides what it said of topics when the logs were loaded
     */
    record Tree(
            CoordinationHome home, CoordinationStore store, int brokerId, Map<String, Map<String, String>> overrides) {}

    /** @param oldCluster who else may be asked, null for nobody */
    EngineAdoption(
            BrokerConfig config,
            EngineEnvironment environment,
            Tree tree,
            LogFolders folders,
            LogManager logs,
            SettingsSource oldCluster) {
        this.config = config;
        this.environment = environment;
        this.tree = tree;
        this.folders = folders;
        this.logs = logs;
        this.oldCluster = oldCluster;
    }

    /** {@return completes when tree and logs are as one; fails with {@link IOException} if a source cannot be asked} */
    CompletionStage<Void> run(List<Adoption.FoundPartition> found) {
        return readBeside()
                .thenCompose(read ->
                        OutdatedTopics.bringUpToDate(tree.store(), tree.brokerId(), found, this::isLaterThanTree))
                .thenCompose(changed -> {
                    outdated = changed || beside.lastChange() > tree.home().lastChangeFound();
                    return Adoption.adopt(tree.store(), tree.brokerId(), found, environment.randoms(), this::knowledge);
                })
                .thenCompose(adopted -> confirmDoubtful().thenAccept(confirmed -> {
                    adopted.putAll(confirmed);
                    apply(adopted);
                }))
                .thenCompose(done -> outdated
                        ? Adoption.raiseEpochs(tree.store(), found)
                        : CompletableFuture.<Void>completedStage(null))
                .thenCompose(raised -> restoreLost())
                .thenAccept(restored -> {
                    apply(restored);
                    if (oldCluster != null && knowledge == null) {
                        LOG.info(
                                "The settings of all topics are known: the former cluster that is named is not asked any more");
                    }
                });
    }

    private CompletionStage<Void> readBeside() {
        return onDisk(() -> {
            beside = SettingsSources.besideTheData(environment.files(), folders.online(), folders.failures());
            return null;
        });
    }

    private boolean isLaterThanTree(String topic, Uuid id) {
        return beside.names(topic, id, tree.home().lastChangeFound());
    }

    private CompletionStage<Adoption.Knowledge> knowledge() {
        if (knowledge == null) {
            knowledge = onDisk(this::askAll);
        }
        return knowledge;
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private <T> CompletionStage<T> onDisk(Reading<T> reading) {
        return CompletableFuture.completedStage(null)
                .thenApplyAsync(
                        nothing -> {
                            try {
                                return reading.read();
                            } catch (IOException failure) {
                                throw new CompletionException(failure);
                            }
                        },
                        environment.loops().blocking());
    }

    private Adoption.Knowledge askAll() throws IOException {
        List<OldTopics> sources = new ArrayList<>();
        if (oldCluster != null) {
            sources.add(oldCluster.read(tree.brokerId()));
        }
        sources.addAll(beside.topics());
        List<Path> places = new ArrayList<>(folders.online());
        String elsewhere = config.text("metadata.log.dir");
        if (elsewhere != null && !places.contains(Path.of(elsewhere))) {
            places.add(Path.of(elsewhere));
        }
        sources.addAll(SettingsSources.ofKraft(environment.files(), places, tree.brokerId()));
        return new BroughtSettings(sources, config.given());
    }

    /** Topics that were adopted when nobody was there who knew their settings. */
    private CompletionStage<SortedMap<String, SortedMap<String, String>>> confirmDoubtful() {
        TreeSet<String> doubtful = new TreeSet<>();
        tree.overrides().forEach((topic, overrides) -> {
            if (Boolean.parseBoolean(overrides.get(LogSetting.UNCONFIRMED))) {
                doubtful.add(topic);
            }
        });
        return doubtful.isEmpty()
                ? CompletableFuture.completedStage(new TreeMap<>())
                : knowledge()
                        .thenCompose(known -> Adoption.confirm(
                                tree.store(),
                                doubtful,
                                known,
                                (before, after) -> !after.containsKey(LogSetting.UNCONFIRMED)));
    }

    /** What was written beside the data after a change that the tree does not have any more is newer than what it has. */
    private CompletionStage<SortedMap<String, SortedMap<String, String>>> restoreLost() {
        long found = tree.home().lastChangeFound();
        if (beside.lastChange() <= found) {
            return CompletableFuture.completedStage(new TreeMap<>());
        }
        if (found < 0) {
            LOG.warn(
                    "There is no coordination journal, though there was one up to change {}: topics are registered anew"
                            + " from the log folders",
                    beside.lastChange());
        } else {
            LOG.warn(
                    "The coordination journal ends at change {}, though change {} was kept: topics and settings changed"
                            + " after it are taken from the log folders; what they do not say, such as topics without data, is lost",
                    found,
                    beside.lastChange());
        }
        return Adoption.confirm(
                tree.store(),
                tree.overrides().keySet(),
                new BroughtSettings(beside.topics(), config.given()),
                (before, after) -> !before.equals(after) && !after.containsKey(LogSetting.UNCONFIRMED));
    }

    private void apply(SortedMap<String, SortedMap<String, String>> overrides) {
        for (Log log : logs.logs()) {
            SortedMap<String, String> ofTopic = overrides.get(log.id().topic());
            if (ofTopic != null) {
                log.updateConfig(LogConfig.of(config.given(), ofTopic));
            }
        }
    }
}
