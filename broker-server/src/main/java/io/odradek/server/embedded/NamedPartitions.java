package io.odradek.server.embedded;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.wire.Uuid;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Set;

/** Which topics and partitions a request of any API names: what its declaration calls so. */
final class NamedPartitions {
    private static final Set<String> TOPIC_COMPONENTS =
            Set.of("name", "topic", "topicName", "topicNames", "resourceName", "topicId");
    private static final Set<String> PARTITION_COMPONENTS =
            Set.of("partition", "partitionIndex", "index", "partitions", "partitionIndexes");

    private final MetadataImage image;
    private final String topic;
    private final int partition;

    private NamedPartitions(MetadataImage image, String topic, int partition) {
        this.image = image;
        this.topic = topic;
        this.partition = partition;
    }

    /**
     * {@return whether the request names the topic, and the partition of it if that is not negative}
     *
     * @param image knows the topics' identifiers
     */
    static boolean names(ApiRequest request, String topic, int partition, MetadataImage image) {
        return new NamedPartitions(image, topic, partition).isIn((Record) request);
    }

    /** {@return the name of the topic with an identifier; null if there is none} */
    static String nameOf(Uuid id, MetadataImage image) {
        return image.topicNames().get(id);
    }

    private boolean isIn(Record message) {
        boolean named = false;
        boolean numbered = partition < 0;
        for (RecordComponent component : message.getClass().getRecordComponents()) {
            Object value = valueOf(component, message);
            named |= TOPIC_COMPONENTS.contains(component.getName()) && isTopic(value);
            numbered |= hasPartition(component, value);
            if (value instanceof List<?> many && holdsTopic(many)) {
                return true;
            }
        }
        return named && numbered;
    }

    private boolean holdsTopic(List<?> many) {
        for (Object one : many) {
            if (one instanceof Record nested && isIn(nested)) {
                return true;
            }
        }
        return false;
    }

    private boolean isTopic(Object value) {
        if (value instanceof Uuid id) {
            return topic.equals(nameOf(id, image));
        }
        return topic.equals(value) || value instanceof List<?> names && names.contains(topic);
    }

    private boolean hasPartition(RecordComponent component, Object value) {
        if (value instanceof List<?> many) {
            return many.stream()
                    .anyMatch(one -> one instanceof Record nested
                            ? numbers(nested)
                            : Integer.valueOf(partition).equals(one));
        }
        return PARTITION_COMPONENTS.contains(component.getName())
                && Integer.valueOf(partition).equals(value);
    }

    private boolean numbers(Record nested) {
        for (RecordComponent component : nested.getClass().getRecordComponents()) {
            Object value = valueOf(component, nested);
            if (PARTITION_COMPONENTS.contains(component.getName())
                    && Integer.valueOf(partition).equals(value)) {
                return true;
            }
        }
        return false;
    }

    static Object valueOf(RecordComponent component, Record message) {
        try {
            return component.getAccessor().invoke(message);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
