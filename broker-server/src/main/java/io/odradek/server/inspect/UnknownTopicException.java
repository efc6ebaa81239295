package io.odradek.server.inspect;

import io.odradek.protocol.errors.ErrorCode;
import java.util.Collection;

/** There is no topic of that name, or no such partition of it. */
public final class UnknownTopicException extends InspectionException {
    private static final long serialVersionUID = 1L;

    private UnknownTopicException(String message) {
        super(message, null, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    static UnknownTopicException topic(String name, Collection<String> known) {
        return new UnknownTopicException("There is no topic " + name + ", only " + known);
    }

    static UnknownTopicException partition(String topic, int partition, int partitions) {
        return new UnknownTopicException(
                "Topic " + topic + " has no partition " + partition + ": it has " + partitions);
    }
}
