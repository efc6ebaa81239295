package io.odradek.core.controller;

import io.odradek.core.controller.BrokerOrders.StoppedReplica;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
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

/** Brings other leaders where somebody wants them, though those that there are live; belongs to the controller's loop. */
final class LeaderChanges {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderChanges.class);
    private static final long FIRST_BALANCE_MS = 5_000;

    private final Office office;
    private final ControllerState state;
    private final Announcements brokers;
    private final Runnable elected;
    private boolean balancing;

    /** @param elected is run when partitions have other leaders */
    LeaderChanges(Office office, Announcements brokers, Runnable elected) {
        this.office = office;
        this.state = office.state();
        this.brokers = brokers;
        this.elected = elected;
    }

    /** Elects leaders as somebody asks. {@return how it went by partition, when it is shown} */
    CompletionStage<SortedMap<TopicPartition, Outcome>> elect(ElectionType type, Collection<TopicPartition> wanted) {
        return office.request(answer -> {
            LeaderWishes wishes = LeaderWishes.of(state, type, wanted);
            SortedMap<TopicPartition, Outcome> outcomes = new TreeMap<>(wishes.refused());
            if (wanted == null) {
                outcomes.values().removeIf(outcome -> outcome.error() == ErrorCode.ELECTION_NOT_NEEDED);
            }
            wishes.next().keySet().forEach(id -> outcomes.put(id, Outcome.DONE));
            return write(wishes.next())
                    .thenAccept(shown -> shown.whenComplete((done, error) -> Stages.relay(answer, outcomes, error)));
        });
    }

    /**
     * Writes states, and tells of those that are written, also where a later part could not be: who leads has to know.
     *
     * @return when they are written: what completes when they are shown
     */
    private CompletionStage<CompletionStage<Void>> write(SortedMap<TopicPartition, PartitionStateNode> next) {
        if (next.isEmpty()) {
            return CompletableFuture.completedStage(CompletableFuture.completedStage(null));
        }
        return office.write(next).handle((done, error) -> {
            SortedSet<TopicPartition> written = new TreeSet<>(next.keySet());
            written.removeIf(
                    id -> state.assigned(id) == null || state.assigned(id).state() != next.get(id));
            brokers.states(written);
            CompletionStage<Void> shown = brokers.metadata(written);
            elected.run();
            if (error != null) {
                throw new CompletionException(Stages.cause(error));
            }
            return shown;
        });
    }

    /**
     * Takes what it can from a broker that is about to stop.
     *
     * @return the partitions that it still leads though they have other replicas
     */
    CompletionStage<List<TopicPartition>> shutDown(int brokerId, long brokerEpoch) {
        return office.request(answer -> {
            if (!state.brokers().live().containsKey(brokerId)) {
                throw new ApiException(ErrorCode.BROKER_NOT_AVAILABLE, "Broker " + brokerId + " is not alive");
            }
            state.brokers().requireCurrent(brokerId, brokerEpoch);
            LOG.info("Broker {} is about to stop", brokerId);
            List<TopicPartition> followed = followed(brokerId);
            Brokers leaving = state.brokers().withLeaving(brokerId);
            SortedMap<TopicPartition, PartitionStateNode> next =
                    state.elections().withoutLeaving(state.staying(), brokerId, leaving);
            state.brokers(leaving);
            return write(next).thenAccept(shown -> {
                stopFollowing(brokerId, followed);
                answer.complete(stillLed(brokerId));
            });
        });
    }

    private List<TopicPartition> followed(int brokerId) {
        List<TopicPartition> followed = new ArrayList<>();
        for (ControlledTopic topic : state.staying()) {
            for (TopicPartition id : topic.partitionsOn(brokerId)) {
                ControlledPartition.Assigned partition = state.assigned(id);
                if (partition != null
                        && partition.state().leader() != brokerId
                        && state.brokers().serve(brokerId, id)) {
                    followed.add(id);
                }
            }
        }
        return followed;
    }

    /** It fetches nothing more of what it has followed so far. What it has led it follows to its end, without a place in the ISR. */
    private void stopFollowing(int brokerId, List<TopicPartition> followed) {
        List<StoppedReplica> stops = new ArrayList<>();
        for (TopicPartition id : followed) {
            stops.add(new StoppedReplica(id, state.assigned(id).state().leaderEpoch(), false));
        }
        if (!stops.isEmpty()) {
            SortedMap<Integer, List<StoppedReplica>> orders = new TreeMap<>();
            orders.put(brokerId, stops);
            brokers.stop(orders);
        }
    }

    private List<TopicPartition> stillLed(int brokerId) {
        List<TopicPartition> led = new ArrayList<>();
        for (ControlledTopic topic : state.staying()) {
            for (TopicPartition id : topic.partitionsOn(brokerId)) {
                ControlledPartition.Assigned partition = state.assigned(id);
                if (partition != null
                        && partition.replicas().size() > 1
                        && partition.state().leader() == brokerId) {
                    led.add(id);
                }
            }
        }
        return led;
    }

    /** A tool asks for preferred leaders: elects them as far as they can lead, and takes the wish away. */
    CompletionStage<Void> preferredWished() {
        return FencedStore.optional(office.store().reads().get(ClusterPaths.PREFERRED_ELECTION))
                .thenCompose(node -> {
                    if (node == null) {
                        return CompletableFuture.completedStage(null);
                    }
                    List<TopicPartition> wanted =
                            IsrChanges.wanted(office.store(), ClusterPaths.PREFERRED_ELECTION, node.data());
                    return write(LeaderWishes.of(state, ElectionType.PREFERRED, wanted)
                                    .next())
                            .thenCompose(
                                    shown -> office.store().deleteIfThere(List.of(ClusterPaths.PREFERRED_ELECTION)));
                });
    }

    /** Gives leadership back to preferred leaders from time to time, from now on. */
    void balanceFromNowOn() {
        if (!balancing && office.settings().balance().enabled()) {
            balancing = true;
            office.later(FIRST_BALANCE_MS, this::balance);
        }
    }

    private void balance() {
        office.submit(() -> {
            SortedMap<TopicPartition, PartitionStateNode> next =
                    LeaderWishes.balance(state, office.settings().balance().mostPercent());
            if (!next.isEmpty()) {
                LOG.info("{} partitions are given back to their preferred leaders", next.size());
            }
            return write(next)
                    .thenAccept(
                            shown -> office.later(office.settings().balance().intervalMs(), this::balance));
        });
    }
}
