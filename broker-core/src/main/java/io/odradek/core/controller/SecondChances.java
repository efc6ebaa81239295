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
 * What brokers could not serve is offered to them again, soon at first and from time to time later: there may be room for its
 * log by then, or a file descriptor. Belongs to the controller's loop.
 *
 * <pre>
 *   served -- its broker cannot --> failed -- offered, and taken --> served
 *                                    |  ^
 *                                    +--+ offered, and still not
 * </pre>
 */
final class SecondChances {
    private static final long FIRST_WAIT_MS = 1_000;
    private static final long LONGEST_WAIT_MS = 60_000;

    private final Office office;
    private final ControllerState state;
    private final Announcements brokers;
    private long waitMs;
    private int round;

    SecondChances(Office office, Announcements brokers) {
        this.office = office;
        this.state = office.state();
        this.brokers = brokers;
    }

    /** Something more cannot be served, or something less: offers from now on, for as long as there is any. */
    void offerFromNowOn() {
        waitMs = FIRST_WAIT_MS;
        offerLater();
    }

    /** What was to be offered before is offered with the rest. */
    private void offerLater() {
        int current = ++round;
        if (!state.brokers().failed().isEmpty()) {
            office.later(waitMs, () -> {
                if (current == round) {
                    waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
                    state.brokers().failed().keySet().forEach(brokers::offer);
                    offerLater();
                }
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
