package io.odradek.core.controller;

import io.odradek.core.cluster.TermListener;
import io.odradek.core.config.dynamic.StoredTopicConfig;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.node.ControllerNode;
import io.odradek.core.coordination.node.ProducerIdBlockNode;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker's part in governing the cluster: stands for election in each of its terms, and governs while elected. Every
 * write of an elected controller is fenced by the version of {@code /controller_epoch}. Methods may be called from any
 * thread; their stages complete on the controller's loop.
 *
 * <pre>
 *   Away ── term began ──▶ Standby ── /controller created ──▶ Leading
 *    ▲                       │ ▲                                │ │
 *    │                       │ └─ replaced, failed in office ───┘ │
 *    └────── term ended ─────┴────────────────────────────────────┘
 * </pre>
 */
public final class Controller implements TermListener {
    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);

    private static final long BEFORE_STANDING_AGAIN_MS = 1_000;

    private final ControllerEnvironment env;
    private final int brokerId;
    private final ControllerMeters meters;
    private CoordinationStore store;
    private Role role = new Role.Away();
    private CompletionStage<Void> changes = CompletableFuture.completedStage(null);

    private sealed interface Role {
        record Away() implements Role {}

        record Standby() implements Role {}

        record Leading(ActiveController controller) implements Role {}
    }

    /** @param env its surroundings; the tree has been made ready by {@link ClusterTree} */
    public Controller(ControllerEnvironment env) {
        this.env = env;
        this.store = env.store();
        this.brokerId = env.settings().brokerId();
        this.meters = new ControllerMeters(env.guests().meters(), env.metadata());
    }

    /**
     * Stands for election.
     *
     * @return completes when somebody is elected and, if it is this broker, it serves its partitions and has published the
     *     metadata image
     */
    @Override
    public CompletionStage<Void> termBegan(CoordinationSession session, long brokerEpoch) {
        store = session;
        role = new Role.Standby();
        session.watch(ClusterPaths.CONTROLLER, this::controllerChanged);
        CompletionStage<Void> stood = stand();
        stood.whenComplete((done, error) -> standAgainAfter(error));
        return stood;
    }

    @Override
    public CompletionStage<Void> termEnded() {
        role = new Role.Away();
        meters.left();
        return CompletableFuture.completedStage(null);
    }

    /**
     * Creates topics, each on its own.
     *
     * @param validateOnly whether nothing is to be created
     * @return the results in the order of the wishes, when the topics are in the metadata image and their leaders serve;
     *     fails with NOT_CONTROLLER
     */
    public CompletionStage<List<TopicResult>> createTopics(List<NewTopic> wanted, boolean validateOnly) {
        return whileLeading(leading -> leading.creation().create(wanted, validateOnly));
    }

    /**
     * Begins to create topics, each on its own, for somebody who does not wait.
     *
     * @return those that are refused, without delay; fails with NOT_CONTROLLER
     */
    public CompletionStage<List<TopicResult>> beginTopics(List<NewTopic> wanted) {
        return whileLeading(
                leading -> CompletableFuture.completedStage(leading.creation().refuseOrBegin(wanted)));
    }

    /**
     * Deletes topics by name.
     *
     * @return how it went for each, when nothing is left of it; fails with NOT_CONTROLLER
     */
    public CompletionStage<SortedMap<String, ErrorCode>> deleteTopics(Collection<String> names) {
        return whileLeading(leading -> leading.delete(names));
    }

    /**
     * Reads again what a topic overrides, after the changes that are under way, and shows it in the metadata image.
     *
     * @return the overrides, as far as they can be used; none for a topic that is not there
     */
    public CompletionStage<SortedMap<String, String>> topicConfigChanged(String topic) {
        return onLoop(() -> {
            CompletableFuture<SortedMap<String, String>> result = new CompletableFuture<>();
            changes = changes.thenCompose(before -> store.get(ClusterPaths.topicConfig(topic)))
                    .handle((node, error) -> overrides(topic, node, error))
                    .thenCompose(overrides -> show(topic, overrides).thenApply(shown -> overrides))
                    .handle((overrides, error) -> {
                        relay(result, overrides, error);
                        return null;
                    });
            return result;
        });
    }

    private SortedMap<String, String> overrides(String topic, CoordinationStore.Node node, Throwable error) {
        if (error != null && !CoordinationException.is(error, Reason.NO_NODE)) {
            throw new CompletionException(Stages.cause(error));
        }
        byte[] data = error == null ? node.data() : new byte[0];
        return StoredTopicConfig.usable(topic, data, env.settings().logDefaults());
    }

    private CompletionStage<Void> show(String topic, SortedMap<String, String> overrides) {
        if (role instanceof Role.Leading leading) {
            return leading.controller().topicConfigChanged(topic, overrides);
        }
        env.metadata().publish(env.metadata().image().withTopicConfig(topic, overrides));
        return CompletableFuture.completedStage(null);
    }

    /**
     * Adds partitions to topics, each topic on its own.
     *
     * @param validateOnly whether nothing is to be added
     * @return how it went by topic, when the new partitions' leaders serve; fails with NOT_CONTROLLER
     */
    public CompletionStage<SortedMap<String, Outcome>> createPartitions(
            List<TopicGrowth> wanted, boolean validateOnly) {
        return whileLeading(Controller::notYet);
    }

    /**
     * Elects leaders.
     *
     * @param partitions which, or null for all that need it
     * @return how it went by partition, when the metadata image shows it; of all partitions, those that need no election are
     *     left out. Fails with NOT_CONTROLLER
     */
    public CompletionStage<SortedMap<TopicPartition, Outcome>> electLeaders(
            ElectionType type, Collection<TopicPartition> partitions) {
        return whileLeading(Controller::notYet);
    }

    /**
     * Changes in-sync replicas as their leader proposes (KIP-497).
     *
     * @param brokerId the leader
     * @param brokerEpoch which of its lives it speaks of, -1 if that is not to be checked
     * @return what came of each proposal, in their order; fails with NOT_CONTROLLER, STALE_BROKER_EPOCH
     */
    public CompletionStage<List<IsrOutcome>> alterPartitions(
            int brokerId, long brokerEpoch, List<IsrProposal> proposals) {
        return whileLeading(Controller::notYet);
    }

    /**
     * Takes the leadership away from a broker that is about to stop, as far as others can lead, and its replicas out of the
     * ISR.
     *
     * @param brokerEpoch which of its lives it speaks of, -1 if that is not to be checked
     * @return the partitions that it still leads though they have other replicas; fails with NOT_CONTROLLER,
     *     STALE_BROKER_EPOCH, BROKER_NOT_AVAILABLE
     */
    public CompletionStage<List<TopicPartition>> controlledShutdown(int brokerId, long brokerEpoch) {
        return whileLeading(Controller::notYet);
    }

    /**
     * Gives a broker producer ids that no other one has (KIP-730).
     *
     * @return the ids; fails with NOT_CONTROLLER, STALE_BROKER_EPOCH, BROKER_ID_NOT_REGISTERED
     */
    public CompletionStage<ProducerIdBlockNode> allocateProducerIds(int brokerId, long brokerEpoch) {
        return whileLeading(Controller::notYet);
    }

    private static <T> CompletionStage<T> notYet(ActiveController leading) {
        return CompletableFuture.failedStage(new ApiException(ErrorCode.UNSUPPORTED_VERSION, "Not served yet"));
    }

    /**
     * Creates a topic unless there is one.
     *
     * @return its result, also that of a creation that was under way already; TOPIC_ALREADY_EXISTS if there is one
     */
    CompletionStage<TopicResult> createOrJoin(NewTopic wanted) {
        return whileLeading(leading -> {
            CompletionStage<TopicResult> underWay = leading.creation().underWay(wanted.name());
            return underWay != null
                    ? underWay
                    : leading.creation().create(List.of(wanted), false).thenApply(results -> results.get(0));
        });
    }

    private CompletionStage<Void> stand() {
        return new Election(store, brokerId).attempt(env.clock().wallMs()).thenCompose(outcome -> {
            if (!(role instanceof Role.Standby)) {
                return CompletableFuture.completedStage(null);
            }
            if (outcome instanceof Election.Outcome.Won won) {
                return lead(won);
            }
            int controllerId = ((Election.Outcome.Lost) outcome).controllerId();
            MetadataImage image = env.metadata().image();
            env.metadata()
                    .publish(new MetadataImage(
                            env.clusterId(), controllerId, image.brokers(), image.topics(), image.topicNames()));
            return controllerId == -1 ? stand() : CompletableFuture.completedStage(null);
        });
    }

    private CompletionStage<Void> lead(Election.Outcome.Won won) {
        ControllerContext context = new ControllerContext(won.epoch());
        FencedStore fenced = new FencedStore(store, won.epochVersion());
        ActiveController controller = new ActiveController(env, fenced, context);
        role = new Role.Leading(controller);
        meters.elected();
        watch(ClusterPaths.BROKER_IDS, controller, controller::brokersChanged);
        watch(ClusterPaths.TOPICS, controller, controller::topicsChanged);
        watch(ClusterPaths.DELETE_TOPICS, controller, controller::deletionsChanged);
        watch(ClusterPaths.LOG_DIR_EVENTS, controller, controller::logDirsFailed);
        CompletableFuture<Void> loaded = new CompletableFuture<>();
        inTurn(controller, () -> controller.load().whenComplete((done, error) -> relay(loaded, done, error)));
        return loaded;
    }

    /** News that comes while its work waits for its turn is seen to by it. */
    private void watch(String path, ActiveController controller, Supplier<CompletionStage<Void>> work) {
        boolean[] waits = new boolean[1];
        store.watch(path, () -> {
            if (!waits[0]) {
                waits[0] = true;
                inTurn(controller, () -> {
                    waits[0] = false;
                    return work.get();
                });
            }
        });
    }

    /** What the tree's watches set off is done one after the other; a failure ends the office, and the next one reads all anew. */
    private void inTurn(ActiveController controller, Supplier<CompletionStage<Void>> work) {
        changes = changes.thenCompose(before -> leads(controller) ? work.get() : CompletableFuture.completedStage(null))
                .exceptionally(error -> {
                    if (leads(controller)) {
                        LOG.error(
                                "The controller on broker {} cannot go on and resigns", brokerId, Stages.cause(error));
                        role = new Role.Standby();
                        meters.resigned();
                        env.loop().schedule(BEFORE_STANDING_AGAIN_MS, this::giveUpOffice);
                    }
                    return null;
                });
    }

    /** Removes this broker's own claim to the office, so that an election follows; again and again until that is done. */
    private void giveUpOffice() {
        if (!(role instanceof Role.Standby)) {
            return;
        }
        store.get(ClusterPaths.CONTROLLER)
                .thenCompose(node -> ControllerNode.decode(node.data()).brokerId() == brokerId
                        ? store.delete(ClusterPaths.CONTROLLER, node.version())
                        : CompletableFuture.completedStage(null))
                .whenComplete((gone, error) -> {
                    if (error != null && !CoordinationException.is(error, Reason.NO_NODE)) {
                        LOG.error("Broker {} cannot give up the controller's office", brokerId, Stages.cause(error));
                        env.loop().schedule(BEFORE_STANDING_AGAIN_MS, this::giveUpOffice);
                    }
                });
    }

    private boolean leads(ActiveController controller) {
        return role instanceof Role.Leading leading && leading.controller() == controller;
    }

    private void controllerChanged() {
        if (role instanceof Role.Standby) {
            stand().whenComplete((done, error) -> standAgainAfter(error));
        }
    }

    private void standAgainAfter(Throwable error) {
        if (error != null && role instanceof Role.Standby) {
            LOG.error("Broker {} could not stand for election", brokerId, Stages.cause(error));
            env.loop().schedule(BEFORE_STANDING_AGAIN_MS, this::controllerChanged);
        }
    }

    private <T> CompletionStage<T> whileLeading(Function<ActiveController, CompletionStage<T>> work) {
        return onLoop(() -> role instanceof Role.Leading leading
                ? work.apply(leading.controller())
                : CompletableFuture.failedStage(
                        new ApiException(ErrorCode.NOT_CONTROLLER, "Broker " + brokerId + " is not the controller")));
    }

    private <T> CompletionStage<T> onLoop(Supplier<CompletionStage<T>> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        env.loop().post(() -> {
            try {
                work.get().whenComplete((value, error) -> {
                    if (error == null) {
                        result.complete(value);
                    } else {
                        result.completeExceptionally(Stages.cause(error));
                    }
                });
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private static <T> void relay(CompletableFuture<T> to, T value, Throwable error) {
        if (error == null) {
            to.complete(value);
        } else {
            to.completeExceptionally(Stages.cause(error));
        }
    }
}
