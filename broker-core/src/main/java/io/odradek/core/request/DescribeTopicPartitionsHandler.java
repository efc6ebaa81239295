package io.odradek.core.request;

import io.odradek.core.controller.TopicNames;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.DescribeTopicPartitionsRequest;
import io.odradek.protocol.api.DescribeTopicPartitionsRequest.TopicRequest;
import io.odradek.protocol.api.DescribeTopicPartitionsResponse;
import io.odradek.protocol.api.DescribeTopicPartitionsResponse.Cursor;
import io.odradek.protocol.api.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition;
import io.odradek.protocol.api.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataResponse.MetadataResponsePartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * DescribeTopicPartitions 0 (KIP-966): topics with their partitions in the order of their names, a page at a time. A page has
 * at most as many partitions as the request and {@code max.request.partition.size.limit} allow; where there are more, its
 * cursor says where the next one begins. Pages are made of what is known when each is asked for.
 *
 * <p>Errors of a topic: UNKNOWN_TOPIC_OR_PARTITION, INVALID_TOPIC_EXCEPTION; of a partition: LEADER_NOT_AVAILABLE,
 * LISTENER_NOT_FOUND; of the whole: INVALID_REQUEST for a cursor that points before the first partition.
 */
public final class DescribeTopicPartitionsHandler implements RequestHandler<DescribeTopicPartitionsRequest> {
    /** What is said of a partition is said as in the newest Metadata. */
    private static final short METADATA_VERSION = 12;

    private static final MetadataRequest ALL = new MetadataRequest(null, false, false, true);

    private final MetadataSource metadata;
    private final int mostPartitions;

    /**
     * @param metadata the image
     * @param mostPartitions {@code max.request.partition.size.limit}
     */
    public DescribeTopicPartitionsHandler(MetadataSource metadata, int mostPartitions) {
        this.metadata = metadata;
        this.mostPartitions = mostPartitions;
    }

    @Override
    public void handle(DescribeTopicPartitionsRequest request, RequestContext context) {
        DescribeTopicPartitionsRequest.Cursor cursor = request.cursor();
        if (cursor != null && cursor.partitionIndex() < 0) {
            context.fail(
                    ErrorCode.INVALID_REQUEST, "There is no partition " + cursor.partitionIndex() + " to begin with");
            return;
        }
        MetadataImage image = metadata.image();
        boolean all = request.topics().isEmpty();
        SortedSet<String> names = new TreeSet<>();
        if (all) {
            names.addAll(image.topics().keySet());
        } else {
            for (TopicRequest topic : request.topics()) {
                names.add(topic.name());
            }
        }
        if (cursor != null) {
            names = names.tailSet(cursor.topicName());
        }
        int most = Math.max(1, Math.min(mostPartitions, request.responsePartitionLimit()));
        String listener = context.connection().peer().listenerName();
        Page page = new Page(new MetadataAnswer(image, listener, METADATA_VERSION, ALL), most);
        for (String name : names) {
            boolean begun = cursor != null && name.equals(cursor.topicName());
            if (!page.add(name, begun ? cursor.partitionIndex() : 0)) {
                break;
            }
        }
        context.respond(new DescribeTopicPartitionsResponse(page.topics, page.next));
    }

    /** What fits into an answer. */
    private static final class Page {
        private final MetadataAnswer answer;
        private final List<DescribeTopicPartitionsResponseTopic> topics = new ArrayList<>();
        private int left;
        private Cursor next;

        Page(MetadataAnswer answer, int most) {
            this.answer = answer;
            this.left = most;
        }

        /** {@return whether all of it has fitted} */
        boolean add(String name, int first) {
            if (left == 0) {
                next = new Cursor(name, 0);
                return false;
            }
            TopicInfo topic = answer.image().topics().get(name);
            if (topic == null) {
                ErrorCode error = TopicNames.legal(name)
                        ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                        : ErrorCode.INVALID_TOPIC_EXCEPTION;
                add(name, error, Uuid.ZERO, List.of());
                return true;
            }
            int count = topic.partitions().size();
            int end = (int) Math.min(count, (long) first + left);
            List<DescribeTopicPartitionsResponsePartition> partitions = new ArrayList<>();
            for (int index = first; index < end; index++) {
                partitions.add(
                        described(answer.partition(index, topic.partitions().get(index))));
            }
            add(name, ErrorCode.NONE, topic.id(), partitions);
            left -= partitions.size();
            if (end < count) {
                next = new Cursor(name, end);
                return false;
            }
            return true;
        }

        private void add(
                String name, ErrorCode error, Uuid id, List<DescribeTopicPartitionsResponsePartition> partitions) {
            topics.add(new DescribeTopicPartitionsResponseTopic(
                    error, name, id, TopicNames.internal(name), partitions, AuthorizedOperations.TOPIC));
        }

        private static DescribeTopicPartitionsResponsePartition described(MetadataResponsePartition partition) {
            return new DescribeTopicPartitionsResponsePartition(
                    partition.errorCode(),
                    partition.partitionIndex(),
                    partition.leaderId(),
                    partition.leaderEpoch(),
                    partition.replicaNodes(),
                    partition.isrNodes(),
                    // Never null, which the Java client does not expect.
                    List.of(),
                    List.of(),
                    partition.offlineReplicas());
        }
    }
}
