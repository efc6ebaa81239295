package io.odradek.core.request;

import io.odradek.core.controller.TopicNames;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.partition.ReplicaRole.Offline;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.DescribeProducersRequest;
import io.odradek.protocol.api.DescribeProducersRequest.TopicRequest;
import io.odradek.protocol.api.DescribeProducersResponse;
import io.odradek.protocol.api.DescribeProducersResponse.PartitionResponse;
import io.odradek.protocol.api.DescribeProducersResponse.ProducerState;
import io.odradek.protocol.api.DescribeProducersResponse.TopicResponse;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.producer.SnapshotEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * DescribeProducers, version 0: tells what this broker's replicas know of producers that have an id (KIP-664). Leaders answer
 * and followers too, so that replicas can be compared, as with Kafka.
 *
 * <p>Errors of a partition: UNKNOWN_TOPIC_OR_PARTITION, INVALID_TOPIC_EXCEPTION for a name that no topic can have, NOT_LEADER_OR_FOLLOWER where there is no replica, KAFKA_STORAGE_ERROR,
 * INVALID_REQUEST for one that is named a second time, so that a small request cannot ask for a very large answer.
 */
public final class DescribeProducersHandler implements RequestHandler<DescribeProducersRequest> {
    private final PartitionOwners owners;
    private final PartitionLookup lookup;

    /**
     * @param owners the owners of this broker's partitions
     * @param metadata tells unknown partitions from those of other brokers
     */
    public DescribeProducersHandler(PartitionOwners owners, MetadataSource metadata) {
        this.owners = owners;
        this.lookup = new PartitionLookup(metadata);
    }

    @Override
    public void handle(DescribeProducersRequest request, RequestContext context) {
        List<TopicPartition> ids = new ArrayList<>();
        for (TopicRequest topic : request.topics()) {
            for (int index : topic.partitionIndexes()) {
                ids.add(new TopicPartition(topic.name(), index));
            }
        }
        PartitionResponse[] results = new PartitionResponse[ids.size()];
        TopicPartition[] asked = ids.toArray(new TopicPartition[0]);
        Set<TopicPartition> seen = new HashSet<>();
        for (int i = 0; i < asked.length; i++) {
            if (!seen.add(asked[i])) {
                results[i] = refusal(asked[i], ErrorCode.INVALID_REQUEST, "The partition is named twice");
                asked[i] = null;
            }
        }
        PerPartition.start(
                context,
                owners,
                asked,
                (owner, item) -> results[item] = find(owner, ids.get(item)),
                () -> context.respond(new DescribeProducersResponse(byTopic(request, results))));
    }

    private PartitionResponse find(PartitionOwner owner, TopicPartition id) {
        try {
            Partition partition = lookup.require(owner, id);
            if (partition.role() instanceof Offline) {
                partition.requireLeader(-1);
            }
            List<ProducerState> producers = new ArrayList<>();
            for (SnapshotEntry producer : partition.log().producers().all()) {
                producers.add(new ProducerState(
                        producer.producerId(),
                        producer.producerEpoch(),
                        producer.lastSequence(),
                        producer.timestampMs(),
                        producer.coordinatorEpoch(),
                        producer.currentTransactionFirstOffset()));
            }
            return new PartitionResponse(id.partition(), ErrorCode.NONE, null, producers);
        } catch (ApiException e) {
            boolean legal = TopicNames.legal(id.topic());
            return refusal(id, legal ? e.error() : ErrorCode.INVALID_TOPIC_EXCEPTION, e.getMessage());
        }
    }

    private static PartitionResponse refusal(TopicPartition id, ErrorCode error, String message) {
        return new PartitionResponse(id.partition(), error, message, List.of());
    }

    private static List<TopicResponse> byTopic(DescribeProducersRequest request, PartitionResponse[] results) {
        List<PartitionResponse> all = Arrays.asList(results);
        List<TopicResponse> topics = new ArrayList<>(request.topics().size());
        int item = 0;
        for (TopicRequest topic : request.topics()) {
            int end = item + topic.partitionIndexes().size();
            topics.add(new TopicResponse(topic.name(), all.subList(item, end)));
            item = end;
        }
        return topics;
    }
}
