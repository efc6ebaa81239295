package io.odradek.core.controller;

import io.odradek.protocol.wire.Uuid;
import java.util.List;

/**
 * What the leader of a partition wants its in-sync replicas to be.
 *
 * @param topicId the topic's identifier, {@link Uuid#ZERO} if it is named by name
 * @param topic the topic's name, null if it is named by identifier
 * @param partition the partition's index
 * @param leaderEpoch the epoch in which it leads
 * @param partitionEpoch the version of the partition's state that it knows
 * @param isr the replicas in sync
 */
public record IsrProposal(
        Uuid topicId, String topic, int partition, int leaderEpoch, int partitionEpoch, List<Member> isr) {
    /**
     * A replica that is in sync.
     *
     * @param brokerId its broker
     * @param brokerEpoch the life of the broker in which it caught up (KIP-903), -1 if that is not to be checked
     */
    public record Member(int brokerId, long brokerEpoch) {}
}
