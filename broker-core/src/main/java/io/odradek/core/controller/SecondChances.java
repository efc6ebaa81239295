package io.odradek.core.controller;

import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What brokers could not serve is offered to them again from time to time: there may be room for its log by then. Belongs to
 * the controller's loop.
 *
 * <pre>
 *   served -- its broker cannot --> failed -- offered, and taken --> served
 *                                    |  ^
 *                                    +--+ offered, and still not
 * </pre>
 */
final class SecondChances {
    private static final long BEFORE_OFFERING_AGAIN_MS = 60_000;

    private final Office office;
    private final ControllerState state;
    private final Announcements brokers;
    private boolean offering;

    SecondChances(Office office, Announcements brokers) {
        this.office = office;
        this.state = office.state();
        this.brokers = brokers;
    }

    /** Offers from now on, for as long as there is something that cannot be served. */
    void offerFromNowOn() {
        if (!offering && !state.brokers().failed().isEmpty()) {
            offering = true;
            office.later(BEFORE_OFFERING_AGAIN_MS, () -> {
                offering = false;
                state.brokers().failed().keySet().forEach(brokers::offer);
                offerFromNowOn();
            });
        }
    }

    /** {@return what a broker could not serve and serves now, as it was told of it} */
    SortedMap<TopicPartition, PartitionState> taken(
            int brokerId, List<PartitionState> told, Collection<TopicPartition> failedThere) {
        SortedSet<TopicPartition> failed =
                state.brokers().failed().getOrDefault(brokerId, Collections.emptySortedSet());
        SortedMap<TopicPartition, PartitionState> taken = new TreeMap<>();
        for (PartitionState one : told) {
            if (failed.contains(one.id()) && state.assigned(one.id()) != null) {
                taken.put(one.id(), one);
            }
        }
        taken.keySet().removeAll(failedThere);
        return taken;
    }

    /** {@return those that have another leader epoch since they were told, of which nobody has told their broker} */
    SortedSet<TopicPartition> movedOn(SortedMap<TopicPartition, PartitionState> told) {
        SortedSet<TopicPartition> moved = new TreeSet<>();
        told.forEach((id, before) -> {
            ControlledPartition.Assigned now = state.assigned(id);
            if (now != null && now.state().leaderEpoch() != before.leaderEpoch()) {
                moved.add(id);
            }
        });
        return moved;
    }
}
