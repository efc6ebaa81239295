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
import io.odradek.core.transport.MutationAllowance;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.FewLines;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker's part in governing the cluster: while the broker has a session with the tree it stands for election, and governs
 * while elected. Every write of an elected controller is fenced by the version of {@code /controller_epoch}. Methods may be
 * called from any thread; their stages complete on the controller's loop.
 *
 * <pre>
 *   Away ── a term begins ──▶ Standing ── /controller created ──▶ Leading
 *    ▲                          │  ▲                                 │
 *    │                          │  └── replaced, or failed in office ┤
 *    └──────── the term ends ───┴────────────────────────────────────┘
 * </pre>
 *
 * Where it is not known what has become of a write, the office ends and another one begins with reading the whole tree: that
 * is simple, and always right.
 */
public final class Controller implements TermListener {
    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);

    private static final long BEFORE_STANDING_AGAIN_MS = 1_000;

    private final ControllerEnvironment env;
    private final int brokerId;
    private final ControllerMeters meters;
    private final FewLines lines;
    private Role role = new Role.Away();

    private sealed interface Role {
        record Away() implements Role {}

        /** @param term the session it stands with */
        record Standing(Term term) implements Role {}

        record Leading(Term term, Office office, ActiveController controller) implements Role {}
    }

    /** A session with the tree. */
    private static final class Term {
        private final CoordinationStore store;
        private boolean attempting;
        private boolean changedMeanwhile;

        Term(CoordinationStore store) {
            this.store = store;
        }
    }

    /** @param env its surroundings; the tree has been made ready by {@link ClusterTree} */
    public Controller(ControllerEnvironment env) {
        this.env = env;
        this.brokerId = env.settings().brokerId();
        this.lines = new FewLines(LOG, env.clock());
        this.meters = new ControllerMeters(env.guests().meters(), env.metadata());
    }

    /**
     * Stands for election.
     *
     * @return completes when it is known who governs and, if it is this broker, when it serves its partitions and has published
     *     the metadata image; also if it cannot stand or govern yet, which it tries again beside everything else. Fails if the
     *     disk of the tree takes nothing, with which a broker is not to start
     */
    @Override
    public CompletionStage<Void> termBegan(CoordinationSession session, long brokerEpoch) {
        Term term = new Term(session);
        role = new Role.Standing(term);
        session.watch(ClusterPaths.CONTROLLER, () -> controllerChanged(term));
        return stand(term);
    }

    /** Whatever this broker governed, it governs no longer. */
    @Override
    public CompletionStage<Void> termEnded() {
        if (role instanceof Role.Leading leading) {
            leading.office().close();
        }
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
        return createTopics(wanted, validateOnly, null);
    }

    /** As the other. @param quota what the client may create, null for as much as it likes; beyond it is THROTTLING_QUOTA_EXCEEDED */
    public CompletionStage<List<TopicResult>> createTopics(
            List<NewTopic> wanted, boolean validateOnly, MutationAllowance quota) {
        return whileLeading(leading -> leading.topics().creation().create(wanted, validateOnly, quota));
    }

    /**
     * Begins to create topics, each on its own, for somebody who does not wait.
     *
     * @param quota what the client may create, null for as much as it likes
     * @return those that are refused, without delay; fails with NOT_CONTROLLER
     */
    public CompletionStage<List<TopicResult>> beginTopics(List<NewTopic> wanted, MutationAllowance quota) {
        return whileLeading(leading -> leading.topics().creation().refuseOrBegin(wanted, quota));
    }

    /**
     * Deletes topics by name.
     *
     * @return how it went for each, when nothing is left of it; fails with NOT_CONTROLLER
     */
    public CompletionStage<SortedMap<String, ErrorCode>> deleteTopics(Collection<String> names) {
        SortedMap<String, Uuid> wanted = new TreeMap<>();
        names.forEach(name -> wanted.put(name, Uuid.ZERO));
        return deleteTopics(wanted);
    }

    /**
     * Deletes topics.
     *
     * @param wanted their names, each with the identifier that it must have, {@link Uuid#ZERO} for any
     * @return how it went for each, when nothing is left of it; fails with NOT_CONTROLLER
     */
    public CompletionStage<SortedMap<String, ErrorCode>> deleteTopics(SortedMap<String, Uuid> wanted) {
        return whileLeading(leading -> leading.topics().deletion().delete(wanted));
    }

    /**
     * Adds partitions to topics, each topic on its own.
     *
     * @param validateOnly whether nothing is to be added
     * @return how it went by topic, when the new partitions' leaders serve; fails with NOT_CONTROLLER
     */
    public CompletionStage<SortedMap<String, Outcome>> createPartitions(
            List<TopicGrowth> wanted, boolean validateOnly) {
        return createPartitions(wanted, validateOnly, null);
    }

    /** As the other. @param quota what the client may add, null for as much as it likes; beyond it is THROTTLING_QUOTA_EXCEEDED */
    public CompletionStage<SortedMap<String, Outcome>> createPartitions(
            List<TopicGrowth> wanted, boolean validateOnly, MutationAllowance quota) {
        return whileLeading(leading -> leading.topics().growth().create(wanted, validateOnly, quota));
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
        return whileLeading(leading -> leading.leaders().elect(type, partitions));
    }

    /**
     * Moves the replicas of partitions, each on its own (KIP-455).
     *
     * @param wanted the brokers that each is to be on, the preferred leader first; null to end its move where it began
     * @param otherCount whether one may have more or fewer replicas then (KIP-860)
     * @return how it went for each, when the moves have begun; fails with NOT_CONTROLLER
     */
    public CompletionStage<SortedMap<TopicPartition, Outcome>> alterReassignments(
            SortedMap<TopicPartition, List<Integer>> wanted, boolean otherCount) {
        MoveWishes.Check check = otherCount ? MoveWishes.Check.LIVE : MoveWishes.Check.SAME_COUNT;
        return whileLeading(leading -> leading.moves().alter(wanted, check));
    }

    /**
     * Tells which partitions are being moved.
     *
     * @param partitions which to look at, null for all
     * @return those of them that are, and how; fails with NOT_CONTROLLER
     */
    public CompletionStage<SortedMap<TopicPartition, Assignment>> reassignments(Collection<TopicPartition> partitions) {
        return whileLeading(leading -> leading.moves().underWay(partitions));
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
        return whileLeading(leading -> leading.isr().change(brokerId, brokerEpoch, proposals));
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
        return whileLeading(leading -> leading.leaders().shutDown(brokerId, brokerEpoch));
    }

    /**
     * Gives a broker producer ids that no other one has (KIP-730).
     *
     * @return the ids; fails with NOT_CONTROLLER, STALE_BROKER_EPOCH, BROKER_ID_NOT_REGISTERED
     */
    public CompletionStage<ProducerIdBlockNode> allocateProducerIds(int brokerId, long brokerEpoch) {
        return whileLeading(leading -> leading.producerIds().claim(brokerId, brokerEpoch));
    }

    /**
     * Reads again what a topic overrides, and shows it in the metadata image; where this broker governs, elects the leaders
     * that it allows.
     *
     * @return the overrides, as far as they can be used; none for a topic that is not there
     */
    public CompletionStage<SortedMap<String, String>> topicConfigChanged(String topic) {
        return onLoop(() -> {
            // Results come in the order of the calls: of two changes, the later one is shown last.
            return FencedStore.optional(env.store().get(ClusterPaths.topicConfig(topic)))
                    .thenCompose(node -> {
                        byte[] data = node == null ? new byte[0] : node.data();
                        SortedMap<String, String> overrides = StoredTopicConfig.usable(
                                topic, data, env.settings().logDefaults().get());
                        env.metadata()
                                .publish(env.metadata()
                                        .image()
                                        .withTopicConfigs(new TreeMap<>(Map.of(topic, overrides))));
                        CompletionStage<Void> seenTo = role instanceof Role.Leading leading
                                ? leading.controller().topicConfigChanged(topic, overrides)
                                : CompletableFuture.completedStage(null);
                        return seenTo.thenApply(done -> overrides);
                    });
        });
    }

    /**
     * Lets replicas out of sync lead where topics do not say otherwise, or lets them no more: where this broker governs, elects
     * the leaders that it allows.
     */
    public CompletionStage<Void> uncleanByDefault(boolean unclean) {
        return onLoop(() -> role instanceof Role.Leading leading
                ? leading.controller().uncleanByDefault(unclean)
                : CompletableFuture.completedStage(null));
    }

    /**
     * Creates a topic unless there is one.
     *
     * @return its result, also that of a creation that was under way already; TOPIC_ALREADY_EXISTS if there is one
     */
    CompletionStage<TopicResult> createOrJoin(NewTopic wanted) {
        return whileLeading(leading -> leading.topics().creation().createOrJoin(wanted));
    }

    private boolean stands(Term term) {
        return role instanceof Role.Standing standing && standing.term() == term;
    }

    /** One attempt at a time; what changes meanwhile makes for another. */
    private CompletionStage<Void> stand(Term term) {
        term.attempting = true;
        term.changedMeanwhile = false;
        return new Election(term.store, brokerId)
                .attempt(env.clock().wallMs())
                .handle((outcome, error) -> {
                    term.attempting = false;
                    return stands(term) ? stood(term, outcome, error) : CompletableFuture.<Void>completedStage(null);
                })
                .thenCompose(Function.identity());
    }

    private CompletionStage<Void> stood(Term term, Election.Outcome outcome, Throwable error) {
        if (error != null) {
            lines.error("Broker " + brokerId + " could not stand for election", Stages.cause(error));
            env.loop().schedule(BEFORE_STANDING_AGAIN_MS, () -> giveUpOffice(term));
            return unlessDiskFailed(error);
        }
        if (outcome instanceof Election.Outcome.Won won) {
            return lead(term, won);
        }
        int controllerId = ((Election.Outcome.Lost) outcome).controllerId();
        if (controllerId == brokerId) {
            // Of an attempt whose answer was lost, or of an office that has ended.
            giveUpOffice(term);
            return CompletableFuture.completedStage(null);
        }
        MetadataImage image = env.metadata().image();
        env.metadata()
                .publish(new MetadataImage(
                        env.clusterId(), controllerId, image.brokers(), image.topics(), image.topicNames()));
        return controllerId == -1 || term.changedMeanwhile ? stand(term) : CompletableFuture.completedStage(null);
    }

    private CompletionStage<Void> lead(Term term, Election.Outcome.Won won) {
        Office office = new Office(env, term.store, won, error -> failed(term, error));
        ActiveController controller = new ActiveController(office, error -> failed(term, error));
        role = new Role.Leading(term, office, controller);
        meters.elected();
        return controller.begin().exceptionallyCompose(Controller::unlessDiskFailed);
    }

    private static CompletionStage<Void> unlessDiskFailed(Throwable error) {
        return CoordinationException.is(error, Reason.STORAGE_FAILURE)
                ? CompletableFuture.failedStage(Stages.cause(error))
                : CompletableFuture.completedStage(null);
    }

    /** The office cannot go on; the next one reads all anew. */
    private void failed(Term term, Throwable error) {
        if (role instanceof Role.Leading leading && leading.term() == term) {
            if (CoordinationException.is(error, Reason.SESSION_EXPIRED)) {
                LOG.warn("The session of the controller on broker {} has expired, and its office with it", brokerId);
            } else if (CoordinationException.is(error, Reason.STORAGE_FAILURE)) {
                lines.error("The controller on broker " + brokerId + " resigns, and stands again until it can write: "
                        + Stages.cause(error).getMessage());
            } else {
                lines.error("The controller on broker " + brokerId + " cannot go on and resigns", error);
            }
            leading.office().close();
            role = new Role.Standing(term);
            meters.resigned();
            env.loop().schedule(BEFORE_STANDING_AGAIN_MS, () -> giveUpOffice(term));
        }
    }

    /** Removes this broker's own claim to the office and stands again; again and again until that is done. */
    private void giveUpOffice(Term term) {
        if (!stands(term) || term.attempting) {
            return;
        }
        term.attempting = true;
        FencedStore.optional(term.store.get(ClusterPaths.CONTROLLER))
                .thenCompose(node ->
                        node != null && ControllerNode.decode(node.data()).brokerId() == brokerId
                                ? FencedStore.optional(term.store.delete(ClusterPaths.CONTROLLER, node.version()))
                                : CompletableFuture.completedStage(null))
                .whenComplete((gone, error) -> {
                    term.attempting = false;
                    if (!stands(term)) {
                        return;
                    }
                    if (error == null) {
                        standAgain(term);
                    } else {
                        tellOfOffice(error);
                        env.loop().schedule(BEFORE_STANDING_AGAIN_MS, () -> giveUpOffice(term));
                    }
                });
    }

    private void tellOfOffice(Throwable error) {
        String line = "Broker " + brokerId + " cannot give up the controller's office";
        if (CoordinationException.is(error, Reason.SESSION_EXPIRED)) {
            lines.warn(line + ", which has ended with its session; it stands again when it has a new one");
        } else {
            lines.error(line, Stages.cause(error));
        }
    }

    private void controllerChanged(Term term) {
        if (stands(term)) {
            standAgain(term);
        } else if (role instanceof Role.Leading leading && leading.term() == term) {
            seeWhetherReplaced(leading);
        }
    }

    private void standAgain(Term term) {
        if (term.attempting) {
            term.changedMeanwhile = true;
        } else {
            stand(term).whenComplete((done, error) -> {});
        }
    }

    /** Whoever finds another in office, or nobody, is in office no longer, also if it had nothing to write. */
    private void seeWhetherReplaced(Role.Leading leading) {
        FencedStore.optional(leading.term().store.get(ClusterPaths.CONTROLLER)).whenComplete((node, error) -> {
            boolean replaced = error == null
                    && (node == null || ControllerNode.decode(node.data()).brokerId() != brokerId);
            if (replaced && role == leading) {
                LOG.warn("Broker {} is the controller no longer", brokerId);
                leading.office().close();
                role = new Role.Standing(leading.term());
                meters.left();
                standAgain(leading.term());
            }
        });
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
                work.get().whenComplete((value, error) -> Stages.relay(result, value, error));
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }
}
