package io.odradek.core.partition;

import io.odradek.core.partition.ReplicaRole.Following;
import io.odradek.core.partition.ReplicaRole.Offline;
import io.odradek.core.partition.ReplicaRole.Reason;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.FewLines;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.manager.LogManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicas of this broker: brings what the controller says to the owners of the partitions. Logs are opened and deleted
 * on log-io threads and put to use on the owner's loop. What is said of one partition takes effect in the order in which it
 * was said. Thread-safe.
 */
public final class ReplicaManager implements LocalReplicas {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaManager.class);

    private final int brokerId;
    private final PartitionOwners owners;
    private final LogManager logs;
    private final Supplier<Map<String, String>> brokerDefaults;
    private final ReplicaServices services;
    private final OwnerQueues queues;
    private final FewLines undeleted;
    private final FewLines unopened;
    private final Map<String, PartitionLeadership> coordinators = new ConcurrentHashMap<>();
    private final List<ReplicaHost> hosts;
    private final AtomicInteger fences = new AtomicInteger();
    private volatile Runnable replicasFailed = () -> {};
    private Supplier<? extends Replication> replication;

    /**
     * @param brokerId this broker's id
     * @param owners the owners of its partitions
     * @param logs its logs
     * @param brokerDefaults the broker's settings now, from which logs take their defaults
     * @param services threads, time and checkpoint
     */
    public ReplicaManager(
            int brokerId,
            PartitionOwners owners,
            LogManager logs,
            Supplier<Map<String, String>> brokerDefaults,
            ReplicaServices services) {
        this.brokerId = brokerId;
        this.owners = owners;
        this.logs = logs;
        this.brokerDefaults = brokerDefaults;
        this.services = services;
        this.queues = new OwnerQueues(owners, services.logIo());
        this.hosts = new ArrayList<>(Collections.nCopies(owners.count(), null));
        this.undeleted = new FewLines(LOG, services.clock());
        this.unopened = new FewLines(LOG, services.clock());
    }

    /** Says who is told of the leadership of an internal topic's partitions; before the first {@link #apply}. */
    public void register(String topic, PartitionLeadership coordinator) {
        coordinators.put(topic, coordinator);
    }

    /** Says who is told, on any thread, that replicas have gone out of service; before the first {@link #apply}. */
    public void onReplicasFailed(Runnable listener) {
        replicasFailed = listener;
    }

    /**
     * Says how replicas are kept in step with those of other brokers; before the first {@link #apply}. It is asked for when a
     * partition has a replica elsewhere for the first time, on any owner's loop.
     */
    public void replication(Supplier<? extends Replication> replication) {
        this.replication = replication;
    }

    /** A log folder is offline: takes its partitions out of service, then tells that it is so. May be called on any thread. */
    public void folderOffline(Path folder) {
        AtomicInteger outstanding = new AtomicInteger(owners.count());
        for (int i = 0; i < owners.count(); i++) {
            PartitionOwner owner = owners.owner(i);
            owner.loop().post(() -> {
                for (Partition partition : owner.partitions()) {
                    if (partition.log().folder().getParent().equals(folder) && !(partition.role() instanceof Offline)) {
                        partition.stop(Reason.STORAGE_FAILURE);
                        partition.announceChanges();
                    }
                }
                if (outstanding.decrementAndGet() == 0) {
                    replicasFailed.run();
                }
            });
        }
    }

    @Override
    public boolean hasLog(TopicPartition id) {
        return logs.log(id).isPresent();
    }

    @Override
    public CompletionStage<Void> fence() {
        fences.incrementAndGet();
        Countdown<Void> countdown = new Countdown<>(null);
        for (int i = 0; i < owners.count(); i++) {
            PartitionOwner owner = owners.owner(i);
            countdown.expect();
            // At once: what is queued is of a term that is over, and finds out when it comes.
            owner.loop().post(() -> {
                for (Partition partition : owner.partitions()) {
                    partition.fence();
                    partition.announceChanges();
                }
                countdown.done(null);
            });
        }
        return countdown.started();
    }

    private void logFailed(Partition partition, IOException cause) {
        Path folder = partition.log().folder().getParent();
        services.folderFailures().folderFailed(folder, cause);
        if (partition.role() instanceof Offline && logs.isOnline(folder)) {
            // The folder goes on without it.
            replicasFailed.run();
        }
    }

    @Override
    public CompletionStage<List<TopicPartition>> apply(
            List<PartitionState> states, Map<String, Map<String, String>> topicConfigs) {
        List<List<PartitionState>> byOwner = new ArrayList<>(owners.count());
        for (int i = 0; i < owners.count(); i++) {
            byOwner.add(new ArrayList<>());
        }
        for (PartitionState state : states) {
            byOwner.get(owners.indexOf(state.id())).add(state);
        }
        Countdown<List<TopicPartition>> countdown = new Countdown<>(new ArrayList<>());
        for (int i = 0; i < owners.count(); i++) {
            if (!byOwner.get(i).isEmpty()) {
                countdown.expect();
                new Application(owners.owner(i), byOwner.get(i), topicConfigs, countdown).start();
            }
        }
        return countdown.started();
    }

    @Override
    public CompletionStage<List<TopicPartition>> stop(List<ReplicaStop> replicas) {
        Countdown<List<TopicPartition>> countdown = new Countdown<>(new ArrayList<>());
        for (ReplicaStop replica : replicas) {
            countdown.expect();
            PartitionOwner owner = owners.ownerOf(replica.id());
            boolean[] stopped = new boolean[1];
            queues.submit(
                    owner,
                    () -> stopped[0] = stop(owner, replica),
                    () -> {
                        if (stopped[0] && replica.delete()) {
                            logs.delete(replica.id());
                        }
                    },
                    failure -> {
                        if (failure != null) {
                            undeleted.warn(
                                    "The log of " + replica.id() + " cannot be deleted: " + failure.getMessage());
                        }
                        countdown.done(null, left -> {
                            if (!stopped[0] || failure != null) {
                                left.add(replica.id());
                            }
                        });
                    });
        }
        return countdown.started();
    }

    /** {@return whether it has stopped: a later epoch is not to be stopped by the word of an earlier one (KIP-570)} */
    private static boolean stop(PartitionOwner owner, ReplicaStop replica) {
        Partition partition = owner.partition(replica.id());
        if (replica.leaderEpoch() >= 0
                && partition != null
                && replica.leaderEpoch() < partition.role().leaderEpoch()) {
            return false;
        }
        if (replica.delete()) {
            stop(owner, replica.id());
        } else if (partition != null) {
            partition.rest(replica.leaderEpoch());
            partition.announceChanges();
        }
        return true;
    }

    @Override
    public CompletionStage<Void> updateTopicConfig(String topic, Map<String, String> overrides) {
        LogConfig config = LogConfig.of(brokerDefaults.get(), overrides);
        Countdown<Void> countdown = new Countdown<>(null);
        for (int i = 0; i < owners.count(); i++) {
            PartitionOwner owner = owners.owner(i);
            countdown.expect();
            // Queued, so that it comes after the logs that are being opened with former settings.
            queues.submit(owner, () -> {}, () -> {}, failure -> {
                for (Partition partition : owner.partitions()) {
                    if (partition.id().topic().equals(topic)) {
                        partition.log().updateConfig(config);
                    }
                }
                countdown.done(failure);
            });
        }
        return countdown.started();
    }

    /**
     * Takes changed settings of the broker over into the logs of topics that do not override them. A topic whose own settings
     * contradict them keeps what it has, which is said.
     *
     * @return completes when they are in effect
     */
    public CompletionStage<Void> updateDefaults() {
        Map<String, String> defaults = brokerDefaults.get();
        Countdown<Void> countdown = new Countdown<>(null);
        for (int i = 0; i < owners.count(); i++) {
            PartitionOwner owner = owners.owner(i);
            countdown.expect();
            queues.submit(owner, () -> {}, () -> {}, failure -> {
                for (Partition partition : owner.partitions()) {
                    inherit(partition, defaults);
                }
                countdown.done(failure);
            });
        }
        return countdown.started();
    }

    private void inherit(Partition partition, Map<String, String> defaults) {
        try {
            partition
                    .log()
                    .updateConfig(
                            LogConfig.of(defaults, partition.log().config().overrides()));
        } catch (ApiException contradiction) {
            unopened.error("The settings of " + partition.id().topic()
                    + " stay as they are, as they contradict those of the" + " broker: " + contradiction.getMessage());
        }
    }

    /** A log has been replaced by an equal one in another folder. On its owner's loop. */
    public void moved(TopicPartition id, Log log) {
        Partition partition = owners.ownerOf(id).partition(id);
        if (partition != null) {
            partition.replaceLog(log);
        }
    }

    private static void stop(PartitionOwner owner, TopicPartition id) {
        Partition partition = owner.partition(id);
        owner.remove(id);
        if (partition != null) {
            partition.stop(Reason.REMOVED);
            partition.announceChanges();
        }
    }

    /** On the owner's loop. */
    private ReplicaHost host(PartitionOwner owner) {
        ReplicaHost host = hosts.get(owner.index());
        if (host == null) {
            host = OwnerReplicas.of(owner, services.clock(), this::logFailed, replication);
            hosts.set(owner.index(), host);
        }
        return host;
    }

    private LeadershipListener listener(PartitionOwner owner, TopicPartition id) {
        PartitionLeadership coordinator = coordinators.get(id.topic());
        return coordinator == null
                ? LeadershipListener.NONE
                : InternalTopicListener.of(coordinator, owner, services.logIo(), services.clock());
    }

    /** One owner's part of an {@link #apply}. */
    private final class Application {
        private final PartitionOwner owner;
        private final List<PartitionState> states;
        private final Map<String, Map<String, String>> topicConfigs;
        private final Countdown<List<TopicPartition>> countdown;
        private final List<PartitionState> missing = new ArrayList<>();
        private final List<Opened> opened = new ArrayList<>();
        private final List<TopicPartition> unserved = new ArrayList<>();
        private final int fencesBefore = fences.get();

        private record Opened(PartitionState state, Log log, long highWatermark) {}

        Application(
                PartitionOwner owner,
                List<PartitionState> states,
                Map<String, Map<String, String>> topicConfigs,
                Countdown<List<TopicPartition>> countdown) {
            this.owner = owner;
            this.states = states;
            this.topicConfigs = topicConfigs;
            this.countdown = countdown;
        }

        void start() {
            queues.submit(owner, this::applyKnown, this::openMissing, this::install);
        }

        private void applyKnown() {
            for (PartitionState state : states) {
                Partition partition = owner.partition(state.id());
                if (partition == null) {
                    missing.add(state);
                } else if (isOfAnotherTopic(partition, state)) {
                    unopened.error("The replica of " + state.id() + " is of another topic of that name, "
                            + partition.topicId() + "; its controller speaks of " + state.topicId());
                    unserved.add(state.id());
                } else {
                    apply(partition, state);
                }
            }
        }

        private boolean isOfAnotherTopic(Partition partition, PartitionState state) {
            return !state.topicId().equals(Uuid.ZERO)
                    && !partition.topicId().equals(Uuid.ZERO)
                    && !state.topicId().equals(partition.topicId());
        }

        private void openMissing() {
            Exception refusal = null;
            Map<String, LogConfig> perTopic = new HashMap<>();
            for (PartitionState state : missing) {
                TopicPartition id = state.id();
                try {
                    Uuid topicId = state.topicId();
                    LogConfig config = perTopic.computeIfAbsent(
                            id.topic(),
                            topic -> LogConfig.of(brokerDefaults.get(), topicConfigs.getOrDefault(topic, Map.of())));
                    Log log = logs.getOrCreate(id, topicId, config, state.isNew());
                    if (topicConfigs.containsKey(id.topic())) {
                        log.updateConfig(config);
                    }
                    // A log that has been in use has the newer one.
                    long highWatermark = log.highWatermark();
                    opened.add(new Opened(
                            state,
                            log,
                            highWatermark > 0
                                    ? highWatermark
                                    : services.highWatermarks().saved(id)));
                } catch (ApiException | IOException e) {
                    refusal = e;
                    unserved.add(id);
                } catch (RuntimeException e) {
                    unopened.error("The log of " + id + " cannot be opened", e);
                    unserved.add(id);
                }
            }
            if (refusal != null) {
                unopened.error(
                        unserved.size() + " logs cannot be opened, one of them because: " + refusal.getMessage());
            }
        }

        private void install(Exception failure) {
            for (Opened log : opened) {
                TopicPartition id = log.state().id();
                Partition partition = owner.partition(id);
                if (partition == null) {
                    partition = new Partition(
                            id,
                            log.state().topicId(),
                            logs.log(id).orElse(log.log()),
                            log.highWatermark(),
                            services.recordLimits(),
                            listener(owner, id),
                            host(owner));
                    owner.install(partition);
                }
                if (logs.log(id).isEmpty()) {
                    // Its folder has gone offline since, and those who were told of it have not seen this partition.
                    partition.stop(Reason.STORAGE_FAILURE);
                }
                apply(partition, log.state());
            }
            unserved.forEach(owner::markUnopened);
            // After the tasks that tell coordinators of their election.
            owner.loop().post(() -> countdown.done(failure, all -> all.addAll(unserved)));
        }

        private void apply(Partition partition, PartitionState state) {
            ReplicaRole role = partition.role();
            if (role instanceof Offline) {
                unserved.add(partition.id());
                return;
            }
            if (state.leaderEpoch() < role.leaderEpoch()) {
                return;
            }
            partition.moves(state.move(), brokerId);
            if (state.leader() == brokerId) {
                if (fences.get() == fencesBefore) {
                    partition.lead(state, brokerId);
                } else {
                    partition.follow(state.leaderEpoch(), Following.NOBODY);
                }
            } else {
                partition.follow(state.leaderEpoch(), state.leader());
            }
            partition.announceChanges();
        }
    }
}
