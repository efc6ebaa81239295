package io.odradek.core.controller;

import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.protocol.TopicPartition;
import io.odradek.storage.env.Guests;
import io.odradek.storage.env.Meters;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What is counted of the elections of partitions' leaders: {@code leader.election.time}, what it takes to have those written that are
 * decided together, and {@code leader.elections.unclean}, the leaders that were not in sync.
 */
final class ElectionMeters {
    private final Guests guests;
    private final Meters.Timer taken;
    private final Meters.Counter unclean;

    ElectionMeters(Guests guests) {
        this.guests = guests;
        this.taken = guests.meters().timer("leader.election.time");
        this.unclean = guests.meters().counter("leader.elections.unclean");
    }

    /** Has states written, and measures it if they bring other leaders. */
    CompletionStage<Void> measured(
            ControllerState state,
            SortedMap<TopicPartition, PartitionStateNode> next,
            Supplier<CompletionStage<Void>> write) {
        if (!count(state, next)) {
            return write.get();
        }
        long startedNs = guests.clock().monotonicNs();
        return write.get().thenApply(done -> {
            taken.took(guests.clock().monotonicNs() - startedNs);
            return done;
        });
    }

    /** {@return whether somebody is elected} */
    private boolean count(ControllerState state, SortedMap<TopicPartition, PartitionStateNode> next) {
        boolean elected = false;
        for (Map.Entry<TopicPartition, PartitionStateNode> entry : next.entrySet()) {
            PartitionStateNode before = state.assigned(entry.getKey()).state();
            int leader = entry.getValue().leader();
            if (leader != LeaderElection.NO_LEADER && leader != before.leader()) {
                elected = true;
                unclean.add(before.isr().contains(leader) ? 0 : 1);
            }
        }
        return elected;
    }
}
