package io.odradek.core.controller;

import io.odradek.core.controller.BrokerOrders.StoppedReplica;
import io.odradek.core.coordination.CoordinationErrors;
import io.odradek.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves replicas to other brokers (KIP-455); belongs to the controller's loop. What is under way is in the tree, so that
 * whoever is controller goes on with it: see {@link Assignment} for its states. It goes on when an ISR changes, when brokers
 * come and go, and when they have deleted what they are not to have any more. A broker that is not there is not waited for;
 * it deletes its log when it is back.
 */
final class Moves extends News {
    private static final Logger LOG = LoggerFactory.getLogger(Moves.class);

    private final Office office;
    private final ControllerState state;
    private final Announcements brokers;
    private final NeededElections elections;
    private final MoveStore store;
    private final WishedMoves wishes;
    private final SortedMap<TopicPartition, SortedSet<Integer>> cleared = new TreeMap<>();
    private boolean wished;

    Moves(Office office, Announcements brokers, NeededElections elections) {
        super(office);
        this.office = office;
        this.state = office.state();
        this.brokers = brokers;
        this.elections = elections;
        this.store = new MoveStore(office);
        this.wishes = new WishedMoves(office, this);
    }

    /**
     * Begins moves, or ends them where they began.
     *
     * @param wanted the replicas that each partition is to have; null to go back to those that it had before it moved
     * @param check what is asked of them
     * @return how it went for each, when it is in the tree
     */
    CompletionStage<SortedMap<TopicPartition, Outcome>> alter(
            SortedMap<TopicPartition, List<Integer>> wanted, MoveWishes.Check check) {
        return office.request(answer -> begin(wanted, check).thenAccept(answer::complete));
    }

    /** {@return how it went, when it is in the tree; only what leaves the tree in doubt is a failure} */
    CompletionStage<SortedMap<TopicPartition, Outcome>> begin(
            SortedMap<TopicPartition, List<Integer>> wanted, MoveWishes.Check check) {
        MoveWishes wishes = MoveWishes.of(state, wanted, office.settings().limits(), check);
        SortedMap<TopicPartition, Outcome> outcomes = new TreeMap<>(wishes.outcomes());
        List<CompletionStage<Void>> writes = new ArrayList<>();
        wishes.steps()
                .forEach((topic, steps) ->
                        writes.add(write(topic, steps).exceptionally(error -> refused(topic, steps, error, outcomes))));
        return Stages.all(writes).thenApply(done -> outcomes);
    }

    private static Void refused(
            String topic,
            SortedMap<Integer, MoveStep> steps,
            Throwable error,
            SortedMap<TopicPartition, Outcome> outcomes) {
        Throwable cause = Stages.cause(error);
        if (!Request.refused(cause)) {
            throw new CompletionException(cause);
        }
        Outcome refusal = new Outcome(CoordinationErrors.code(cause), CoordinationErrors.message(cause));
        steps.keySet().forEach(partition -> outcomes.put(new TopicPartition(topic, partition), refusal));
        return null;
    }

    /** {@return those of some partitions that are moved, null for all, and how} */
    CompletionStage<SortedMap<TopicPartition, Assignment>> underWay(Collection<TopicPartition> some) {
        return office.request(answer -> {
            SortedMap<TopicPartition, Assignment> all = new TreeMap<>();
            for (String name : state.moving()) {
                ControlledTopic topic = state.staying(name);
                if (topic != null) {
                    topic.moving().forEach((partition, assignment) -> {
                        TopicPartition id = topic.id(partition);
                        if (state.isUnderWay(id, assignment) && (some == null || some.contains(id))) {
                            all.put(id, assignment);
                        }
                    });
                }
            }
            answer.complete(all);
            return CompletableFuture.completedStage(null);
        });
    }

    /** Something has changed that moves may wait for: does what can be done now. */
    @Override
    CompletionStage<Void> see() {
        List<CompletionStage<Void>> writes = new ArrayList<>();
        for (String name : state.moving()) {
            ControlledTopic topic = state.staying(name);
            SortedMap<Integer, MoveStep> due = topic == null ? new TreeMap<>() : due(topic);
            if (!due.isEmpty()) {
                writes.add(write(name, due));
            }
        }
        cleared.clear();
        return Stages.all(writes)
                .thenCompose(done -> wished ? wishes.tidy() : CompletableFuture.completedStage(false))
                .thenAccept(left -> wished = left);
    }

    /** An old tool wants replicas to be elsewhere. */
    CompletionStage<Void> wished() {
        return wishes.see().thenAccept(left -> wished = left);
    }

    private SortedMap<Integer, MoveStep> due(ControlledTopic topic) {
        SortedMap<Integer, MoveStep> due = new TreeMap<>();
        topic.moving().forEach((partition, now) -> {
            Assignment left = now.cleared(cleared.getOrDefault(topic.id(partition), new TreeSet<>()));
            MoveStep step = MoveStep.due(topic, partition, state);
            if (step != null) {
                due.put(partition, step);
            } else if (!left.equals(now)) {
                due.put(partition, new MoveStep(left, null));
            }
        });
        return due;
    }

    /** Writes steps, and tells of those that are written, also where a later part could not be: who leads has to know. */
    private CompletionStage<Void> write(String topic, SortedMap<Integer, MoveStep> steps) {
        return store.write(topic, steps)
                .handle((done, error) -> {
                    tell(topic, steps);
                    if (error != null) {
                        throw new CompletionException(Stages.cause(error));
                    }
                    ControlledTopic now = state.staying(topic);
                    return now == null || !hasNew(now, steps)
                            ? CompletableFuture.<Void>completedStage(null)
                            : begin(now);
                })
                .thenCompose(elected -> elected);
    }

    private static boolean hasNew(ControlledTopic topic, SortedMap<Integer, MoveStep> steps) {
        return steps.keySet().stream()
                .anyMatch(partition -> topic.partitions().get(partition) instanceof ControlledPartition.New);
    }

    /** What nobody has had so far begins where it is to be. */
    private CompletionStage<Void> begin(ControlledTopic topic) {
        return elections.elect(List.of(topic), true).thenAccept(elected -> {
            brokers.states(elected);
            brokers.metadata(elected);
        });
    }

    private void tell(String name, SortedMap<Integer, MoveStep> steps) {
        ControlledTopic topic = state.staying(name);
        if (topic == null) {
            return;
        }
        List<TopicPartition> changed = new ArrayList<>();
        SortedMap<Integer, List<StoppedReplica>> stops = new TreeMap<>();
        steps.forEach((partition, step) -> {
            TopicPartition id = topic.id(partition);
            boolean written = topic.assignment(partition).equals(step.assignment());
            if (written && step.state() != null) {
                LOG.info(
                        "Partition {}: {}, led by {}",
                        id,
                        step.assignment(),
                        step.state().leader());
                changed.add(id);
                stop(stops, id, step.assignment(), state.brokers().live().keySet());
            } else if (written) {
                LOG.info("Partition {}: {}", id, step.assignment());
            }
        });
        brokers.states(changed);
        brokers.stop(stops);
        brokers.metadata(changed);
    }

    private void stop(
            SortedMap<Integer, List<StoppedReplica>> stops,
            TopicPartition id,
            Assignment assignment,
            Collection<Integer> some) {
        ControlledPartition.Assigned partition = state.assigned(id);
        for (Integer broker : assignment.leaving()) {
            if (some.contains(broker) && partition != null) {
                stops.computeIfAbsent(broker, any -> new ArrayList<>())
                        .add(new StoppedReplica(id, partition.state().leaderEpoch(), true));
            }
        }
    }

    /** Brokers have come, or are told all anew: they may have what they are not to have any more. */
    void brokersCame(Collection<Integer> come) {
        SortedMap<Integer, List<StoppedReplica>> stops = new TreeMap<>();
        for (String name : state.moving()) {
            ControlledTopic topic = state.staying(name);
            if (topic != null) {
                topic.moving().forEach((partition, assignment) -> stop(stops, topic.id(partition), assignment, come));
            }
        }
        brokers.stop(stops);
        run();
    }

    /** A broker has answered. What it cannot delete it is told to delete when it is back; nobody waits for that. */
    void answered(int brokerId, List<StoppedReplica> told, Collection<TopicPartition> left) {
        for (StoppedReplica replica : told) {
            TopicPartition id = replica.id();
            if (replica.delete() && state.moving().contains(id.topic())) {
                if (left.contains(id)) {
                    LOG.warn(
                            "Broker {} cannot delete its log of {}, and keeps it until it is started again",
                            brokerId,
                            id);
                    state.cannotDelete(brokerId, id);
                } else {
                    cleared.computeIfAbsent(id, any -> new TreeSet<>()).add(brokerId);
                }
            }
        }
        run();
    }
}
