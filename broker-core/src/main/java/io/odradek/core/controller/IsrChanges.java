package io.odradek.core.controller;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationErrors;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.node.PartitionsNode;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Changes the ISR of partitions as their leaders propose; belongs to the controller's loop. */
final class IsrChanges {
    private final Office office;
    private final ControllerState state;
    private final Announcements brokers;
    private final Runnable changed;

    /** @param changed is told that ISRs have changed */
    IsrChanges(Office office, Announcements brokers, Runnable changed) {
        this.office = office;
        this.state = office.state();
        this.brokers = brokers;
        this.changed = changed;
    }

    /** Changes what can be changed. {@return what came of each proposal; fails with STALE_BROKER_EPOCH} */
    CompletionStage<List<IsrOutcome>> change(int brokerId, long brokerEpoch, List<IsrProposal> proposals) {
        return office.request(answer -> {
            state.brokers().requireCurrent(brokerId, brokerEpoch);
            IsrDecision decision = IsrDecision.of(state, brokerId, proposals);
            return office.write(decision.next()).handle((done, error) -> {
                Throwable cause = Stages.cause(error);
                if (error != null && !Request.refused(cause)) {
                    throw new CompletionException(cause);
                }
                brokers.metadata(decision.next().keySet());
                answer.complete(outcomes(proposals, decision, cause));
                changed.run();
                return null;
            });
        });
    }

    /** Whatever was written is answered as it is now, also where a later part could not be. */
    private List<IsrOutcome> outcomes(List<IsrProposal> proposals, IsrDecision decision, Throwable failure) {
        List<IsrOutcome> outcomes = new ArrayList<>(proposals.size());
        for (int i = 0; i < proposals.size(); i++) {
            IsrProposal proposal = proposals.get(i);
            ErrorCode error = decision.errors().get(i);
            if (error != ErrorCode.NONE) {
                outcomes.add(IsrOutcome.refused(proposal, error));
                continue;
            }
            TopicPartition id = IsrDecision.id(state, proposal);
            ControlledPartition.Assigned now = state.assigned(id);
            boolean written = !decision.next().containsKey(id)
                    || now.state() == decision.next().get(id);
            outcomes.add(
                    written
                            ? new IsrOutcome(
                                    proposal,
                                    ErrorCode.NONE,
                                    now.state().leader(),
                                    now.state().leaderEpoch(),
                                    now.state().isr(),
                                    now.stateVersion())
                            : IsrOutcome.refused(proposal, CoordinationErrors.code(failure)));
        }
        return outcomes;
    }

    /**
     * Leaders of former versions have written an ISR themselves and left a note of it: reads the partitions' states anew,
     * tells the brokers, and takes the notes away.
     */
    CompletionStage<Void> noted() {
        CoordinationStore reads = office.store().reads();
        return reads.children(ClusterPaths.ISR_CHANGES).thenCompose(names -> {
            SortedSet<TopicPartition> partitions = new TreeSet<>();
            List<String> paths = new ArrayList<>();
            List<CompletionStage<Void>> notes = new ArrayList<>();
            for (String name : names) {
                String path = ClusterPaths.ISR_CHANGES + "/" + name;
                paths.add(path);
                notes.add(FencedStore.optional(reads.get(path)).thenAccept(node -> {
                    if (node != null) {
                        partitions.addAll(wanted(office.store(), path, node.data()));
                    }
                }));
            }
            return Stages.all(notes)
                    .thenCompose(done -> readAgain(partitions))
                    .thenCompose(done -> office.store().deleteIfThere(paths));
        });
    }

    /** {@return the partitions that a note names; none if it cannot be read} */
    static List<TopicPartition> wanted(FencedStore store, String path, byte[] note) {
        try {
            return PartitionsNode.decode(note).partitions();
        } catch (IllegalArgumentException e) {
            store.leaveOut(path, e);
            return List.of();
        }
    }

    private void take(
            SortedMap<String, SortedMap<Integer, ControlledPartition>> newer,
            TopicPartition id,
            String path,
            ControlledPartition.Assigned known,
            CoordinationStore.Node node) {
        try {
            ControlledPartition.Assigned now = TopicStore.assigned(known.replicas(), node);
            newer.computeIfAbsent(id.topic(), any -> new TreeMap<>()).put(id.partition(), now);
        } catch (IllegalArgumentException e) {
            office.store().leaveOut(path, e);
        }
    }

    private CompletionStage<Void> readAgain(SortedSet<TopicPartition> partitions) {
        SortedMap<String, SortedMap<Integer, ControlledPartition>> newer = new TreeMap<>();
        List<CompletionStage<Void>> reads = new ArrayList<>();
        for (TopicPartition id : partitions) {
            ControlledPartition.Assigned known = state.assigned(id);
            if (known != null) {
                String path = ClusterPaths.partitionState(id.topic(), id.partition());
                reads.add(FencedStore.optional(office.store().reads().get(path)).thenAccept(node -> {
                    if (node != null && node.version() > known.stateVersion()) {
                        take(newer, id, path, known, node);
                    }
                }));
            }
        }
        return Stages.all(reads).thenAccept(done -> {
            newer.forEach((topic, read) -> state.put(state.topics().get(topic).with(read)));
            brokers.metadata(partitions);
            changed.run();
        });
    }
}
