package io.odradek.core.controller;

import io.odradek.core.controller.BrokerOrders.StoppedReplica;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.FewLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work of the broker that is controller, from one election to the end of its office: it reads the whole tree once, and
 * sees to what comes after that as commands, one after the other. Belongs to the controller's loop.
 */
final class ActiveController implements Command, Announcements.Answers {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveController.class);

    private static final long BEFORE_TELLING_AGAIN_MS = 1_000;

    /** Where tools and brokers leave something for the controller. */
    private static final List<String> NOTES = List.of(
            ClusterPaths.DELETE_TOPICS,
            ClusterPaths.LOG_DIR_EVENTS,
            ClusterPaths.ISR_CHANGES,
            ClusterPaths.PREFERRED_ELECTION,
            ClusterPaths.REASSIGNMENT);

    private final Office office;
    private final ControllerState state;
    private final Consumer<Throwable> failed;
    private final Announcements brokers;
    private final FewLines refusals;
    private final SortedSet<Integer> toTell = new TreeSet<>();
    private TopicWork topics;
    private LeaderChanges leaders;
    private SecondChances chances;
    private Moves moves;
    private CompletableFuture<Void> begun;
    private List<String> unwanted = List.of();

    /** @param failed is told why the office cannot go on */
    ActiveController(Office office, Consumer<Throwable> failed) {
        this.office = office;
        this.state = office.state();
        this.failed = failed;
        this.brokers = new Announcements(office, this);
        this.refusals = new FewLines(LOG, office.env().clock());
    }

    /** {@return what creates and deletes topics; made when there are topics} */
    TopicWork topics() {
        if (topics == null) {
            topics = TopicWork.of(office, brokers, this::topicsChanged);
        }
        return topics;
    }

    /** {@return what brings other leaders; made when a cluster needs it} */
    LeaderChanges leaders() {
        if (leaders == null) {
            leaders = new LeaderChanges(office, brokers, this::movesGoOn);
        }
        return leaders;
    }

    /** {@return what is offered again to brokers that could not serve it; made when there is any} */
    private SecondChances chances() {
        if (chances == null) {
            chances = new SecondChances(office, brokers);
        }
        return chances;
    }

    private NeededElections elections() {
        return new NeededElections(office, topics());
    }

    /** {@return what changes ISRs; made when a cluster needs it} */
    IsrChanges isr() {
        return new IsrChanges(office, brokers, this::movesGoOn);
    }

    /** {@return what moves replicas; made when any are to be} */
    Moves moves() {
        if (moves == null) {
            moves = new Moves(office, brokers, elections());
        }
        return moves;
    }

    /** There is news at each loss of the connection, and hardly ever such a wish. */
    private CompletionStage<Void> wishedMoves() {
        return FencedStore.optional(office.store().reads().get(ClusterPaths.REASSIGNMENT))
                .thenCompose(node -> node == null ? CompletableFuture.completedStage(null) : moves().wished());
    }

    /** Whatever replicas on the move may have waited for has changed. */
    private void movesGoOn() {
        if (!state.moving().isEmpty()) {
            moves().run();
        }
    }

    /** Brokers may have logs of replicas that are elsewhere by now. */
    private void brokersCame(SortedSet<Integer> come) {
        topics().deletion().brokersCame(come);
        if (!state.moving().isEmpty()) {
            moves().brokersCame(come);
        }
    }

    /** {@return what gives brokers producer ids} */
    ProducerIdBlocks producerIds() {
        return new ProducerIdBlocks(office);
    }

    /**
     * Begins the office: reads the whole tree, and brings every broker up to it.
     *
     * @return completes when this broker serves its partitions and shows the cluster
     */
    CompletionStage<Void> begin() {
        office.watch(ClusterPaths.BROKER_IDS, new TreeNews(ClusterPaths.BROKER_IDS));
        office.watch(ClusterPaths.TOPICS, new TreeNews(ClusterPaths.TOPICS));
        for (String path : NOTES) {
            office.watch(path, new TreeNews(path));
        }
        begun = office.await();
        office.submit(this);
        return begun;
    }

    /** What has changed at one of the places that controllers watch. */
    private final class TreeNews extends News {
        private final String path;

        TreeNews(String path) {
            super(office);
            this.path = path;
        }

        @Override
        CompletionStage<Void> see() {
            return switch (path) {
                case ClusterPaths.BROKER_IDS -> brokersChanged();
                case ClusterPaths.TOPICS -> topicsChanged();
                case ClusterPaths.DELETE_TOPICS -> topics().deletion().wishesChanged();
                case ClusterPaths.LOG_DIR_EVENTS -> logDirsFailed();
                case ClusterPaths.ISR_CHANGES -> isr().noted();
                case ClusterPaths.PREFERRED_ELECTION -> leaders().preferredWished();
                case ClusterPaths.REASSIGNMENT -> wishedMoves();
                default -> throw new IllegalStateException(path);
            };
        }
    }

    /** Reads the whole tree. */
    @Override
    public CompletionStage<Void> perform() {
        CoordinationStore reads = office.store().reads();
        List<CompletionStage<Void>> all = new ArrayList<>();
        for (String path : NOTES) {
            all.add(FencedStore.optional(reads.children(path)).thenAccept(names -> found(path, names)));
        }
        all.add(BrokerNews.read(office.store()).thenCombine(readTopics(), this::take));
        return Stages.all(all).thenCompose(this::read);
    }

    @Override
    public void abandoned(RuntimeException cause) {
        begun.completeExceptionally(cause.getCause() == null ? cause : cause.getCause());
    }

    /** What tools and brokers have left for a controller is seen to once the tree has been read. */
    private void found(String path, List<String> names) {
        boolean isOneNode = path.equals(ClusterPaths.PREFERRED_ELECTION) || path.equals(ClusterPaths.REASSIGNMENT);
        if (names != null && (isOneNode || !names.isEmpty())) {
            office.submit(new TreeNews(path));
        }
        if (path.equals(ClusterPaths.DELETE_TOPICS) && office.settings().deletesTopics()) {
            unwanted = names == null ? List.of() : names;
        }
    }

    private Void take(SortedMap<Integer, LiveBroker> live, List<ControlledTopic> found) {
        state.brokers(Brokers.NONE.replacedBy(live));
        found.forEach(state::put);
        return null;
    }

    private CompletionStage<Void> read(List<Void> all) {
        for (String name : unwanted) {
            if (state.topics().containsKey(name)) {
                topics().deletion().hide(state.topics().get(name));
            }
        }
        if (state.topics().isEmpty()) {
            tellAll();
            return CompletableFuture.completedStage(null);
        }
        return elections()
                .elect(state.staying(), seenAllAlong(), false)
                .thenCompose(elected ->
                        office.write(state.elections().ledByOnesComeUnseen(state.staying(), state.brokers())))
                .thenAccept(written -> tellAll());
    }

    /** {@return the brokers, without what some of them may have lost while nobody governed} */
    private Brokers seenAllAlong() {
        Brokers seen = state.brokers();
        if (seen.live().size() > 1) {
            for (Map.Entry<Integer, SortedSet<TopicPartition>> unseen :
                    state.elections().comeUnseen(state.staying(), seen).entrySet()) {
                LOG.info(
                        "Broker {} has gone and come back unseen, with {} partitions",
                        unseen.getKey(),
                        unseen.getValue().size());
                seen = seen.withFailed(unseen.getKey(), unseen.getValue());
            }
        }
        return seen;
    }

    /** Tells every broker all of the cluster. */
    private void tellAll() {
        SortedSet<Integer> all = new TreeSet<>(state.brokers().live().keySet());
        CompletionStage<Void> here = brokers.brokersChanged(all);
        if (!state.topics().isEmpty()) {
            for (Integer broker : all) {
                CompletionStage<Void> served = brokers.allStates(broker);
                if (broker == office.settings().brokerId()) {
                    here = here.thenCombine(served, (shown, seenTo) -> null);
                }
            }
            brokersCame(all);
        }
        here.whenComplete((done, error) -> Stages.relay(begun, null, error));
        if (all.size() > 1) {
            LOG.info(
                    "Broker {} governs brokers {} in controller epoch {}",
                    office.settings().brokerId(),
                    all,
                    state.epoch());
        }
        balance();
    }

    private void balance() {
        if (state.brokers().live().size() > 1) {
            leaders().balanceFromNowOn();
        }
    }

    private CompletionStage<List<ControlledTopic>> readTopics() {
        return office.store().reads().children(ClusterPaths.TOPICS).thenCompose(names -> {
            if (names.isEmpty()) {
                return CompletableFuture.completedStage(List.of());
            }
            List<CompletionStage<ControlledTopic>> reads = new ArrayList<>();
            for (String name : names) {
                if (!state.topics().containsKey(name)) {
                    topics().growth().watch(name);
                    reads.add(topics().store().load(name));
                }
            }
            return Stages.all(reads).thenApply(loaded -> {
                loaded.removeIf(topic -> topic == null);
                return loaded;
            });
        });
    }

    /** Brokers have come or gone: elects leaders for what has lost its leader, and tells those who are there. */
    private CompletionStage<Void> brokersChanged() {
        return BrokerNews.read(office.store()).thenCompose(read -> {
            BrokerNews news = BrokerNews.of(state.brokers(), read);
            if (!news.different()) {
                return CompletableFuture.completedStage(null);
            }
            LOG.info("Brokers {} have gone, {} have come", news.gone(), news.come());
            SortedSet<TopicPartition> changed = new TreeSet<>();
            news.gone()
                    .forEach(broker -> changed.addAll(state.brokers().failed().getOrDefault(broker, new TreeSet<>())));
            state.brokers(state.brokers().replacedBy(news.now()));
            state.mayDeleteAgain(news.come());
            brokers.brokersChanged(news.come());
            return elections().elect(state.staying(), true).thenAccept(elected -> {
                changed.addAll(elected);
                brokers.states(elected);
                news.come().forEach(brokers::allStates);
                brokers.metadata(changed);
                topics().deletion().brokersGone(news.gone());
                brokersCame(news.come());
                topics().newPartitions().sweep();
                balance();
                if (news.again()) {
                    office.submit(this::brokersChanged);
                }
            });
        });
    }

    /** Log folders have failed: what their brokers answer when told of all again says what they cannot serve any more. */
    private CompletionStage<Void> logDirsFailed() {
        return LogDirEvents.take(office.store()).thenAccept(brokersOfFolders -> {
            if (!brokersOfFolders.isEmpty()) {
                LOG.info("Log folders of brokers {} have failed", brokersOfFolders);
                brokersOfFolders.retainAll(state.brokers().live().keySet());
                brokersOfFolders.forEach(broker -> {
                    brokers.allStates(broker);
                    brokers.offer(broker);
                });
            }
        });
    }

    /** Topics may have been created by other tools, or can be read now. */
    private CompletionStage<Void> topicsChanged() {
        return readTopics().thenCompose(found -> {
            SortedSet<TopicPartition> untold = new TreeSet<>();
            for (ControlledTopic topic : found) {
                state.put(topic);
                topic.allPartitions().stream()
                        .filter(id -> state.assigned(id) != null)
                        .forEach(untold::add);
            }
            return found.isEmpty()
                    ? CompletableFuture.completedStage(null)
                    : elections().elect(found, true).thenAccept(elected -> {
                        untold.addAll(elected);
                        brokers.states(untold);
                        brokers.metadata(untold);
                    });
        });
    }

    @Override
    public CompletionStage<Void> served(
            int brokerId,
            long brokerEpoch,
            List<PartitionState> told,
            List<TopicPartition> failedThere,
            Throwable error) {
        CompletableFuture<Void> seenTo = office.await();
        office.submit(() -> {
            if (isThere(brokerId, brokerEpoch) && !refused(brokerId, brokerEpoch, error)) {
                return served(brokerId, told, failedThere, seenTo);
            }
            seenTo.complete(null);
            return CompletableFuture.completedStage(null);
        });
        return seenTo;
    }

    /** What a broker cannot serve is led by others, if there are any. */
    private CompletionStage<Void> served(
            int brokerId, List<PartitionState> told, List<TopicPartition> failedThere, CompletableFuture<Void> seenTo) {
        SortedSet<TopicPartition> unserved = new TreeSet<>(failedThere);
        unserved.removeIf(id -> state.assigned(id) == null || !state.brokers().serve(brokerId, id));
        SortedMap<TopicPartition, PartitionState> again =
                state.brokers().failed().containsKey(brokerId)
                        ? chances().taken(brokerId, told, failedThere)
                        : new TreeMap<>();
        if (unserved.isEmpty() && again.isEmpty()) {
            topics().newPartitions().served(brokerId, told, failedThere);
            seenTo.complete(null);
            return CompletableFuture.completedStage(null);
        }
        if (!unserved.isEmpty()) {
            refusals.warn("Broker " + brokerId + " cannot serve " + unserved.size() + " of its partitions, "
                    + unserved.first() + " among them");
        }
        state.brokers(state.brokers().withFailed(brokerId, unserved).withServed(brokerId, again.keySet()));
        chances().offerFromNowOn();
        SortedSet<TopicPartition> changed = new TreeSet<>(unserved);
        changed.addAll(again.keySet());
        SortedSet<String> names = new TreeSet<>();
        changed.forEach(id -> names.add(id.topic()));
        List<ControlledTopic> some = new ArrayList<>();
        names.forEach(name -> some.add(state.staying(name)));
        return elections().elect(some, true).thenAccept(elected -> {
            changed.addAll(elected);
            elected.addAll(chances().movedOn(again));
            brokers.states(elected);
            topics().newPartitions().served(brokerId, told, failedThere);
            movesGoOn();
            brokers.metadata(changed).whenComplete((shown, error) -> Stages.relay(seenTo, shown, error));
        });
    }

    @Override
    public void deleted(
            int brokerId, long brokerEpoch, List<StoppedReplica> told, List<TopicPartition> left, Throwable error) {
        office.submit(() -> {
            if (!isThere(brokerId, brokerEpoch) || refused(brokerId, brokerEpoch, error)) {
                return CompletableFuture.completedStage(null);
            }
            if (!state.moving().isEmpty()) {
                moves().answered(brokerId, told, left);
            }
            return topics().deletion().answered(brokerId, told, left);
        });
    }

    @Override
    public void untold(int brokerId, long brokerEpoch, Throwable error) {
        refused(brokerId, brokerEpoch, error);
    }

    private boolean isThere(int brokerId, long brokerEpoch) {
        return brokerEpoch != -1 && state.brokers().current(brokerId, brokerEpoch);
    }

    /**
     * {@return whether a broker could not do what it was told} Where it has a later controller, this office ends. Where it is
     * gone, there will be news of it. Where something else was in the way, such as a tree that could not be read, it is told
     * all once more after a while.
     */
    private boolean refused(int brokerId, long brokerEpoch, Throwable error) {
        if (error == null) {
            return false;
        }
        Throwable cause = Stages.cause(error);
        ErrorCode code = cause instanceof ApiException refusal ? refusal.error() : ErrorCode.UNKNOWN_SERVER_ERROR;
        if (code == ErrorCode.STALE_CONTROLLER_EPOCH) {
            failed.accept(cause);
        } else if (code != ErrorCode.BROKER_NOT_AVAILABLE && code != ErrorCode.NOT_CONTROLLER && toTell.add(brokerId)) {
            refusals.warn("Broker " + brokerId + " could not do what it was told: " + cause);
            office.later(BEFORE_TELLING_AGAIN_MS, () -> tellAgain(brokerId, brokerEpoch));
        }
        return true;
    }

    private void tellAgain(int brokerId, long brokerEpoch) {
        toTell.remove(brokerId);
        if (isThere(brokerId, brokerEpoch)) {
            SortedSet<Integer> one = new TreeSet<>(List.of(brokerId));
            brokers.brokersChanged(one);
            brokers.allStates(brokerId);
            brokersCame(one);
        }
    }

    /** A topic overrides other settings now: elects the leaders that they allow. */
    CompletionStage<Void> topicConfigChanged(String name, SortedMap<String, String> overrides) {
        return office.request(answer -> {
            ControlledTopic topic = state.staying(name);
            if (topic == null) {
                answer.complete(null);
                return CompletableFuture.completedStage(null);
            }
            ControlledTopic changed = topic.withConfig(overrides);
            state.put(changed);
            return electAndTell(List.of(changed), answer);
        });
    }

    /** Replicas out of sync may lead from now on where topics do not say otherwise, or may not. */
    CompletionStage<Void> uncleanByDefault(boolean unclean) {
        return office.request(answer -> {
            state.uncleanByDefault(unclean);
            return electAndTell(state.staying(), answer);
        });
    }

    private CompletionStage<Void> electAndTell(List<ControlledTopic> changed, CompletableFuture<Void> answer) {
        return elections()
                .elect(changed, false)
                .whenComplete((elected, error) -> {
                    SortedSet<TopicPartition> some = new TreeSet<>();
                    if (error == null) {
                        some.addAll(elected);
                    } else {
                        // Also where a part could not be written: who leads has to know.
                        changed.forEach(topic -> some.addAll(topic.allPartitions()));
                    }
                    brokers.states(some);
                    brokers.metadata(some).whenComplete((done, failure) -> Stages.relay(answer, done, failure));
                })
                .thenAccept(elected -> movesGoOn());
    }
}
