package io.odradek.core.security.access;

import static io.odradek.core.security.access.Parts.both;

import io.odradek.protocol.api.AlterConfigsRequest;
import io.odradek.protocol.api.AlterConfigsResponse;
import io.odradek.protocol.api.CreatePartitionsRequest;
import io.odradek.protocol.api.CreatePartitionsRequest.CreatePartitionsTopic;
import io.odradek.protocol.api.CreatePartitionsResponse;
import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopic;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.DeleteRecordsRequest;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsTopic;
import io.odradek.protocol.api.DeleteRecordsResponse;
import io.odradek.protocol.api.DescribeConfigsRequest;
import io.odradek.protocol.api.DescribeConfigsRequest.DescribeConfigsResource;
import io.odradek.protocol.api.DescribeConfigsResponse;
import io.odradek.protocol.api.DescribeProducersRequest;
import io.odradek.protocol.api.DescribeProducersResponse;
import io.odradek.protocol.api.IncrementalAlterConfigsRequest;
import io.odradek.protocol.api.IncrementalAlterConfigsResponse;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsTopic;
import io.odradek.protocol.api.ListOffsetsResponse;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import io.odradek.protocol.api.OffsetForLeaderEpochResponse;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;

/** The requests about topics that are made of parts; those of groups and transactions are {@link GroupParts}. */
final class RequestParts {
    private RequestParts() {}

    static Parts<ProduceRequest, TopicProduceData, ProduceResponse> produce() {
        return new Parts<>(
                ProduceRequest::topicData,
                TopicProduceData::name,
                (request, topics) ->
                        new ProduceRequest(request.transactionalId(), request.acks(), request.timeoutMs(), topics),
                (some, others) ->
                        new ProduceResponse(both(some.responses(), others.responses()), some.nodeEndpoints()));
    }

    static Parts<ListOffsetsRequest, ListOffsetsTopic, ListOffsetsResponse> listOffsets() {
        return new Parts<>(
                ListOffsetsRequest::topics,
                ListOffsetsTopic::name,
                (request, topics) -> new ListOffsetsRequest(request.replicaId(), request.isolationLevel(), topics),
                (some, others) -> new ListOffsetsResponse(both(some.topics(), others.topics())));
    }

    static Parts<OffsetForLeaderEpochRequest, OffsetForLeaderTopic, OffsetForLeaderEpochResponse>
            offsetForLeaderEpoch() {
        return new Parts<>(
                OffsetForLeaderEpochRequest::topics,
                OffsetForLeaderTopic::topic,
                (request, topics) -> new OffsetForLeaderEpochRequest(request.replicaId(), topics),
                (some, others) -> new OffsetForLeaderEpochResponse(both(some.topics(), others.topics())));
    }

    static Parts<DeleteRecordsRequest, DeleteRecordsTopic, DeleteRecordsResponse> deleteRecords() {
        return new Parts<>(
                DeleteRecordsRequest::topics,
                DeleteRecordsTopic::name,
                (request, topics) -> new DeleteRecordsRequest(topics, request.timeoutMs()),
                (some, others) -> new DeleteRecordsResponse(both(some.topics(), others.topics())));
    }

    static Parts<CreateTopicsRequest, CreatableTopic, CreateTopicsResponse> createTopics() {
        return new Parts<>(
                CreateTopicsRequest::topics,
                CreatableTopic::name,
                (request, topics) -> new CreateTopicsRequest(topics, request.timeoutMs(), request.validateOnly()),
                (some, others) -> new CreateTopicsResponse(both(some.topics(), others.topics())));
    }

    static Parts<CreatePartitionsRequest, CreatePartitionsTopic, CreatePartitionsResponse> createPartitions() {
        return new Parts<>(
                CreatePartitionsRequest::topics,
                CreatePartitionsTopic::name,
                (request, topics) -> new CreatePartitionsRequest(topics, request.timeoutMs(), request.validateOnly()),
                (some, others) -> new CreatePartitionsResponse(both(some.results(), others.results())));
    }

    static Parts<DescribeConfigsRequest, DescribeConfigsResource, DescribeConfigsResponse> describeConfigs() {
        return new Parts<>(
                DescribeConfigsRequest::resources,
                DescribeConfigsResource::resourceName,
                (request, resources) -> new DescribeConfigsRequest(
                        resources, request.includeSynonyms(), request.includeDocumentation()),
                (some, others) -> new DescribeConfigsResponse(both(some.results(), others.results())));
    }

    static Parts<AlterConfigsRequest, AlterConfigsRequest.AlterConfigsResource, AlterConfigsResponse> alterConfigs() {
        return new Parts<>(
                AlterConfigsRequest::resources,
                AlterConfigsRequest.AlterConfigsResource::resourceName,
                (request, resources) -> new AlterConfigsRequest(resources, request.validateOnly()),
                (some, others) -> new AlterConfigsResponse(both(some.responses(), others.responses())));
    }

    static Parts<
                    IncrementalAlterConfigsRequest,
                    IncrementalAlterConfigsRequest.AlterConfigsResource,
                    IncrementalAlterConfigsResponse>
            incrementalAlterConfigs() {
        return new Parts<>(
                IncrementalAlterConfigsRequest::resources,
                IncrementalAlterConfigsRequest.AlterConfigsResource::resourceName,
                (request, resources) -> new IncrementalAlterConfigsRequest(resources, request.validateOnly()),
                (some, others) -> new IncrementalAlterConfigsResponse(both(some.responses(), others.responses())));
    }

    static Parts<DescribeProducersRequest, DescribeProducersRequest.TopicRequest, DescribeProducersResponse>
            describeProducers() {
        return new Parts<>(
                DescribeProducersRequest::topics,
                DescribeProducersRequest.TopicRequest::name,
                (request, topics) -> new DescribeProducersRequest(topics),
                (some, others) -> new DescribeProducersResponse(both(some.topics(), others.topics())));
    }
}
