package io.odradek.core.controller;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;

/**
 * How much may be created: by one request, so that none keeps the controller from others for long, and in all, so that
 * brokers can be started again with what they have.
 *
 * @param maxTopics {@code odradek.create.topics.max.topics}
 * @param maxPartitions {@code odradek.create.topics.max.partitions}, in all topics of a request together
 * @param maxOnBroker {@code odradek.broker.max.partitions}, or what the heap allows
 * @param clampsReplicas {@code odradek.create.topics.clamp.replicas}: who asks for too many replicas gets as many as there
 *     are brokers
 */
public record CreationLimits(int maxTopics, int maxPartitions, int maxOnBroker, boolean clampsReplicas) {
    /** Who asks for too many replicas is refused. */
    public CreationLimits(int maxTopics, int maxPartitions, int maxOnBroker) {
        this(maxTopics, maxPartitions, maxOnBroker, false);
    }

    /**
     * Checks that brokers have room for more.
     *
     * @param replicas how many there are
     * @param more how many are to be added
     * @param brokers how many brokers share them
     * @throws ApiException POLICY_VIOLATION if there is no room
     */
    void requireRoom(long replicas, long more, int brokers) {
        if (replicas + more > (long) maxOnBroker * brokers) {
            throw new ApiException(
                    ErrorCode.POLICY_VIOLATION,
                    "There are " + replicas + " replicas of partitions on " + brokers
                            + " live brokers, and there may be "
                            + maxOnBroker + " on each (odradek.broker.max.partitions, by default what the heap of the"
                            + " controller's broker allows); with this topic there would be " + more
                            + " more. Delete topics, or give the brokers more heap (-Xmx)");
        }
    }

    /** {@return what is left to a request that has not created anything} */
    public Budget budget() {
        return new Budget(this);
    }

    /** What is left to one request. */
    public static final class Budget {
        private final CreationLimits limits;
        private int topics;
        private long partitions;

        private Budget(CreationLimits limits) {
            this.limits = limits;
        }

        /** {@return whether there is room for one more topic; if so it is taken} */
        public boolean take(int topicPartitions) {
            int wanted = Math.max(0, topicPartitions);
            if (topics >= limits.maxTopics || partitions + wanted > limits.maxPartitions) {
                return false;
            }
            topics++;
            partitions += wanted;
            return true;
        }

        /** @throws ApiException POLICY_VIOLATION if there is no room for one more topic */
        void require(int topicPartitions) {
            if (!take(topicPartitions)) {
                throw new ApiException(
                        ErrorCode.POLICY_VIOLATION,
                        "One request may create " + limits.maxTopics + " topics and " + limits.maxPartitions
                                + " partitions (odradek.create.topics.max.topics, odradek.create.topics.max.partitions);"
                                + " this topic with its " + Math.max(0, topicPartitions) + " is beyond that");
            }
        }
    }
}
