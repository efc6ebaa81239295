package io.odradek.core.coordinator.group;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.api.OffsetCommitResponse.OffsetCommitResponsePartition;
import io.odradek.protocol.api.OffsetCommitResponse.OffsetCommitResponseTopic;
import io.odradek.protocol.api.OffsetDeleteRequest;
import io.odradek.protocol.api.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.odradek.protocol.api.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.odradek.protocol.api.OffsetDeleteResponse;
import io.odradek.protocol.api.OffsetDeleteResponse.OffsetDeleteResponsePartition;
import io.odradek.protocol.api.OffsetDeleteResponse.OffsetDeleteResponseTopic;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Responses in the order of the partitions of their requests. */
final class OffsetResponses {
    private OffsetResponses() {}

    static OffsetCommitResponse commit(OffsetCommitRequest request, ErrorCode everywhere) {
        return commit(request, (id, partition) -> everywhere);
    }

    static OffsetCommitResponse commit(
            OffsetCommitRequest request, BiFunction<TopicPartition, OffsetCommitRequestPartition, ErrorCode> errors) {
        List<OffsetCommitResponseTopic> topics =
                new ArrayList<>(request.topics().size());
        for (OffsetCommitRequestTopic topic : request.topics()) {
            List<OffsetCommitResponsePartition> partitions =
                    new ArrayList<>(topic.partitions().size());
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
                TopicPartition id = new TopicPartition(topic.name(), partition.partitionIndex());
                partitions.add(
                        new OffsetCommitResponsePartition(partition.partitionIndex(), errors.apply(id, partition)));
            }
            topics.add(new OffsetCommitResponseTopic(topic.name(), partitions));
        }
        return new OffsetCommitResponse(topics);
    }

    static OffsetDeleteResponse delete(OffsetDeleteRequest request, Function<TopicPartition, ErrorCode> errors) {
        List<OffsetDeleteResponseTopic> topics =
                new ArrayList<>(request.topics().size());
        for (OffsetDeleteRequestTopic topic : request.topics()) {
            List<OffsetDeleteResponsePartition> partitions =
                    new ArrayList<>(topic.partitions().size());
            for (OffsetDeleteRequestPartition partition : topic.partitions()) {
                TopicPartition id = new TopicPartition(topic.name(), partition.partitionIndex());
                partitions.add(new OffsetDeleteResponsePartition(partition.partitionIndex(), errors.apply(id)));
            }
            topics.add(new OffsetDeleteResponseTopic(topic.name(), partitions));
        }
        return new OffsetDeleteResponse(ErrorCode.NONE, topics);
    }

    static OffsetDeleteResponse deleteError(ErrorCode error) {
        return new OffsetDeleteResponse(error, List.of());
    }
}
