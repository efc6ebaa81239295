package io.odradek.core.controller;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;

/**
 * How much one request may create, so that no request keeps the controller from others for long.
 *
 * @param maxTopics {@code odradek.create.topics.max.topics}
 * @param maxPartitions {@code odradek.create.topics.max.partitions}, in all topics together
 */
public record CreationLimits(int maxTopics, int maxPartitions) {
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
