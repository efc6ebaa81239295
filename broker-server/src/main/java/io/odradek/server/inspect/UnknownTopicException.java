package io.odradek.server.inspect;

import io.odradek.protocol.errors.ErrorCode;
import java.util.Collection;
import java.util.List;

/** There is no topic of that name, or no such partition of it. */
public final class UnknownTopicException extends InspectionException {
    private static final long serialVersionUID = 1L;
    private static final int MOST_NAMED = 20;

    private UnknownTopicException(String message) {
        super(message, null, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    static UnknownTopicException topic(String name, Collection<String> known) {
        List<String> named = known.stream().limit(MOST_NAMED).toList();
        int others = known.size() - named.size();
        return new UnknownTopicException(
                "There is no topic " + name + ", only " + named + (others > 0 ? " and " + others + " more" : ""));
    }

    static UnknownTopicException partition(String topic, int partition, int partitions) {
        return new UnknownTopicException(
                "Topic " + topic + " has no partition " + partition + ": it has " + partitions);
    }
}
