package io.odradek.core.partition;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The replicas that live on this broker, as the controller sees them. Calls return at once; the stages complete on any thread. */
public interface LocalReplicas {
    /**
     * What the controller says of one partition.
     *
     * @param id the partition
     * @param topicId the topic's identifier
     * @param leader broker id of the leader, -1 for none
     * @param leaderEpoch grows with each election
     * @param isr broker ids in sync
     * @param partitionEpoch version of the state node
     * @param replicas broker ids of all replicas, the preferred leader first
     * @param isNew whether the replica has never had a log; one that is missing otherwise may lie in a log folder that is
     *     offline, and is not begun anew then
     * @param recovering whether the leader was elected though it was not in sync, and has not changed the ISR since (KIP-704)
     * @param move which of its replicas come and go; null while they stay
     */
    record PartitionState(
            TopicPartition id,
            Uuid topicId,
            int leader,
            int leaderEpoch,
            List<Integer> isr,
            int partitionEpoch,
            List<Integer> replicas,
            boolean isNew,
            boolean recovering,
            Move move) {
        /** Of a partition whose leader was in sync when it was elected, and whose replicas stay. */
        public PartitionState(
                TopicPartition id,
                Uuid topicId,
                int leader,
                int leaderEpoch,
                List<Integer> isr,
                int partitionEpoch,
                List<Integer> replicas,
                boolean isNew) {
            this(id, topicId, leader, leaderEpoch, isr, partitionEpoch, replicas, isNew, false, null);
        }
    }

    /**
     * The replicas of a partition that come and go (KIP-455): both are among its replicas until those that come are in sync.
     *
     * @param adding broker ids of those that come
     * @param removing broker ids of those that go then
     */
    record Move(List<Integer> adding, List<Integer> removing) {}

    /** {@return whether the log of a partition is open, so that it has its topic's settings} On any thread. */
    boolean hasLog(TopicPartition id);

    /**
     * Makes this broker leader or follower of partitions, creating logs that are missing. States with a leader epoch older
     * than the replica's are ignored, and in its epoch those with an older partition epoch.
     *
     * @param states the partitions
     * @param topicConfigs for each topic, the configuration that overrides the broker's defaults, by Kafka's names
     * @return completes when every one of them is served, with the partitions whose log cannot be used
     */
    CompletionStage<List<TopicPartition>> apply(
            List<PartitionState> states, Map<String, Map<String, String>> topicConfigs);

    /**
     * Leads nothing any more, as this broker's session has ended and another may lead by now: who waits is answered
     * NOT_LEADER_OR_FOLLOWER, and what was said before takes no more effect. {@link #apply} ends it, partition by partition.
     */
    CompletionStage<Void> fence();

    /**
     * A replica that is to follow nobody any more.
     *
     * @param id the partition
     * @param leaderEpoch the epoch in which it stops; -2 if its topic is deleted, which holds in any, as -1 does, of a
     *     controller that does not say
     * @param delete whether its log goes too
     */
    record ReplicaStop(TopicPartition id, int leaderEpoch, boolean delete) {}

    /**
     * Stops replicas, and removes the logs of those that are to be deleted. One that has been told of a later epoch goes on.
     *
     * @return completes when all have stopped, with those that go on, cannot be deleted, or may be in a log folder that is
     *     offline
     */
    CompletionStage<List<TopicPartition>> stop(List<ReplicaStop> replicas);

    /**
     * Applies changed topic configurations to live logs.
     *
     * @return completes when what is written and read from then on goes by them
     */
    CompletionStage<Void> updateTopicConfig(String topic, Map<String, String> overrides);
}
