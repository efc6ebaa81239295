package io.odradek.core.partition;

import io.odradek.core.partition.ReplicaRole.Following;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Keeps replicas in step with those of other brokers: copies what leaders have, and brings to the controller who is in sync.
 * Called on the loops of owners, for each partition always on the same.
 */
public interface Replication {
    /**
     * A replica follows another broker, from now on and instead of whom it followed before.
     *
     * @param id the partition
     * @param topicId the topic's identifier
     * @param role whom it follows, in which epoch
     * @param from how far it is
     */
    void follow(TopicPartition id, Uuid topicId, Following role, FollowerLog.Position from);

    /** A replica follows nobody any more. */
    void unfollow(TopicPartition id);

    /**
     * A leader asks the controller for other replicas in sync; this takes the place of what it asked before.
     *
     * @param answered is called, on any thread, with the controller's answer; never if the proposal has been replaced or
     *     withdrawn
     */
    void propose(IsrProposal proposal, Consumer<IsrAnswer> answered);

    /** What a leader has asked for is of no interest any more. */
    void withdraw(TopicPartition id);

    /** {@return whether a broker is alive, as far as this one knows} */
    boolean isAlive(int brokerId);

    /** {@return how long a follower may lag before it is out of sync ({@code replica.lag.time.max.ms})} */
    long maxLagMs();

    /** Ends what is under way; nothing is copied any more. From any thread. {@return completes when owners are given no more to do} */
    CompletionStage<Void> end();
}
