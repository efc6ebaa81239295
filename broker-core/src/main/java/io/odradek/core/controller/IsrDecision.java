package io.odradek.core.controller;

import io.odradek.core.controller.IsrProposal.Member;
import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What comes of a leader's proposals for the ISR of its partitions (KIP-497, KIP-841, KIP-903): a pure decision.
 *
 * @param next the next states of the partitions whose ISR changes
 * @param errors what comes of each proposal, in their order: NONE also where nothing is left to change
 */
record IsrDecision(SortedMap<TopicPartition, PartitionStateNode> next, List<ErrorCode> errors) {
    static IsrDecision of(ControllerState state, int brokerId, List<IsrProposal> proposals) {
        IsrDecision decision = new IsrDecision(new TreeMap<>(), new ArrayList<>());
        for (IsrProposal proposal : proposals) {
            TopicPartition id = id(state, proposal);
            ControlledPartition.Assigned partition = id == null ? null : state.assigned(id);
            ErrorCode error = partition == null
                    ? unknown(id, proposal)
                    : error(state.brokers(), brokerId, id, partition, proposal);
            if (error == ErrorCode.NONE && decision.next.containsKey(id)) {
                error = ErrorCode.INVALID_REQUEST;
            } else if (error == ErrorCode.NONE
                    && !isr(proposal).equals(partition.state().isr())) {
                PartitionStateNode before = partition.state();
                decision.next.put(
                        id,
                        new PartitionStateNode(before.leader(), before.leaderEpoch(), isr(proposal), state.epoch()));
            }
            decision.errors.add(error);
        }
        return decision;
    }

    /** {@return the partition that a proposal is for, null if there is none} */
    static TopicPartition id(ControllerState state, IsrProposal proposal) {
        String name = proposal.topic() != null ? proposal.topic() : state.name(proposal.topicId());
        return name == null ? null : new TopicPartition(name, proposal.partition());
    }

    private static ErrorCode unknown(TopicPartition id, IsrProposal proposal) {
        return id == null && !proposal.topicId().equals(Uuid.ZERO)
                ? ErrorCode.UNKNOWN_TOPIC_ID
                : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    }

    private static ErrorCode error(
            Brokers brokers,
            int brokerId,
            TopicPartition id,
            ControlledPartition.Assigned partition,
            IsrProposal proposal) {
        PartitionStateNode state = partition.state();
        if (proposal.leaderEpoch() > state.leaderEpoch() || proposal.partitionEpoch() > partition.stateVersion()) {
            // It knows more than this controller, which then is one no longer.
            return ErrorCode.NOT_CONTROLLER;
        }
        if (proposal.leaderEpoch() < state.leaderEpoch()) {
            return ErrorCode.FENCED_LEADER_EPOCH;
        }
        List<Integer> isr = isr(proposal);
        boolean wellFormed = state.leader() == brokerId
                && isr.contains(brokerId)
                && partition.replicas().containsAll(isr)
                && new TreeSet<>(isr).size() == isr.size();
        if (!wellFormed) {
            return ErrorCode.INVALID_REQUEST;
        }
        if (isr.equals(state.isr())) {
            // The answer to an earlier proposal was lost.
            return ErrorCode.NONE;
        }
        if (proposal.partitionEpoch() < partition.stateVersion()) {
            return ErrorCode.INVALID_UPDATE_VERSION;
        }
        for (Member member : proposal.isr()) {
            if (!eligible(brokers, id, state, member)) {
                return ErrorCode.INELIGIBLE_REPLICA;
            }
        }
        return ErrorCode.NONE;
    }

    /** Who joins has to be there to stay, in the life in which it caught up; who is in already only must not be another by now. */
    private static boolean eligible(Brokers brokers, TopicPartition id, PartitionStateNode state, Member member) {
        boolean joins = !state.isr().contains(member.brokerId());
        return joins
                ? brokers.electable(member.brokerId(), id) && brokers.current(member.brokerId(), member.brokerEpoch())
                : !brokers.live().containsKey(member.brokerId())
                        || brokers.current(member.brokerId(), member.brokerEpoch());
    }

    private static List<Integer> isr(IsrProposal proposal) {
        List<Integer> isr = new ArrayList<>(proposal.isr().size());
        for (Member member : proposal.isr()) {
            isr.add(member.brokerId());
        }
        return isr;
    }
}
