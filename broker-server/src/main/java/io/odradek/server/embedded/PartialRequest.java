package io.odradek.server.embedded;

import io.odradek.core.fetch.PartitionResults;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.DeleteRecordsRequest;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsTopic;
import io.odradek.protocol.api.DeleteRecordsResponse;
import io.odradek.protocol.api.DescribeProducersRequest;
import io.odradek.protocol.api.DescribeProducersRequest.TopicRequest;
import io.odradek.protocol.api.DescribeProducersResponse;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.FetchableTopicResponse;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsTopic;
import io.odradek.protocol.api.ListOffsetsResponse;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import io.odradek.protocol.api.OffsetForLeaderEpochResponse;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * A request of which some partitions are refused and others served: one of those that a broker answers partition by partition
 * when it has lost one of them.
 *
 * @param refused what is answered with an error; null if that is nothing
 * @param served what is done; null if that is nothing
 */
record PartialRequest(ApiRequest refused, ApiRequest served) {
    /** {@return a request in its two parts; null if its API is not answered partition by partition} */
    static PartialRequest of(ApiRequest request, FaultCondition condition, MetadataImage image) {
        if (request instanceof ProduceRequest produce) {
            return of(produce, condition);
        }
        if (request instanceof FetchRequest fetch) {
            return of(fetch, condition, image);
        }
        if (request instanceof ListOffsetsRequest list) {
            return of(list, condition);
        }
        if (request instanceof OffsetForLeaderEpochRequest epochs) {
            return of(epochs, condition);
        }
        if (request instanceof DeleteRecordsRequest delete) {
            return of(delete, condition);
        }
        return request instanceof DescribeProducersRequest producers ? of(producers, condition) : null;
    }

    private static PartialRequest of(ProduceRequest request, FaultCondition condition) {
        return split(
                request.topicData(),
                TopicProduceData::partitionData,
                (topic, one) -> condition.covers(topic.name(), one.index()),
                (topic, kept) -> new TopicProduceData(topic.name(), kept),
                topics -> new ProduceRequest(request.transactionalId(), request.acks(), request.timeoutMs(), topics));
    }

    /** What is served does not wait: the refusal of the other part is to be answered at once. */
    private static PartialRequest of(FetchRequest request, FaultCondition condition, MetadataImage image) {
        return split(
                request.topics(),
                FetchTopic::partitions,
                (topic, one) -> condition.covers(
                        topic.topic().isEmpty() ? NamedPartitions.nameOf(topic.topicId(), image) : topic.topic(),
                        one.partition()),
                (topic, kept) -> new FetchTopic(topic.topic(), topic.topicId(), kept),
                topics -> withTopics(request, topics, 0));
    }

    private static PartialRequest of(ListOffsetsRequest request, FaultCondition condition) {
        return split(
                request.topics(),
                ListOffsetsTopic::partitions,
                (topic, one) -> condition.covers(topic.name(), one.partitionIndex()),
                (topic, kept) -> new ListOffsetsTopic(topic.name(), kept),
                topics -> new ListOffsetsRequest(request.replicaId(), request.isolationLevel(), topics));
    }

    private static PartialRequest of(OffsetForLeaderEpochRequest request, FaultCondition condition) {
        return split(
                request.topics(),
                OffsetForLeaderTopic::partitions,
                (topic, one) -> condition.covers(topic.topic(), one.partition()),
                (topic, kept) -> new OffsetForLeaderTopic(topic.topic(), kept),
                topics -> new OffsetForLeaderEpochRequest(request.replicaId(), topics));
    }

    private static PartialRequest of(DeleteRecordsRequest request, FaultCondition condition) {
        return split(
                request.topics(),
                DeleteRecordsTopic::partitions,
                (topic, one) -> condition.covers(topic.name(), one.partitionIndex()),
                (topic, kept) -> new DeleteRecordsTopic(topic.name(), kept),
                topics -> new DeleteRecordsRequest(topics, request.timeoutMs()));
    }

    private static PartialRequest of(DescribeProducersRequest request, FaultCondition condition) {
        return split(
                request.topics(),
                TopicRequest::partitionIndexes,
                (topic, one) -> condition.covers(topic.name(), one),
                (topic, kept) -> new TopicRequest(topic.name(), kept),
                DescribeProducersRequest::new);
    }

    /**
     * {@return a request in its two parts}
     *
     * @param partitions what it asks of a topic
     * @param isRefused which of that is refused
     * @param topic a topic of which only some is asked
     * @param request the request for some topics only
     */
    private static <T, P> PartialRequest split(
            List<T> topics,
            Function<T, List<P>> partitions,
            BiPredicate<T, P> isRefused,
            BiFunction<T, List<P>, T> topic,
            Function<List<T>, ApiRequest> request) {
        List<T> refused = new ArrayList<>();
        List<T> served = new ArrayList<>();
        for (T one : topics) {
            List<P> refusedOfIt = new ArrayList<>();
            List<P> servedOfIt = new ArrayList<>();
            for (P partition : partitions.apply(one)) {
                (isRefused.test(one, partition) ? refusedOfIt : servedOfIt).add(partition);
            }
            if (!refusedOfIt.isEmpty()) {
                refused.add(topic.apply(one, refusedOfIt));
            }
            if (!servedOfIt.isEmpty()) {
                served.add(topic.apply(one, servedOfIt));
            }
        }
        return new PartialRequest(
                refused.isEmpty() ? null : request.apply(refused), served.isEmpty() ? null : request.apply(served));
    }

    private static FetchRequest withTopics(FetchRequest request, List<FetchTopic> topics, int maxWaitMs) {
        return new FetchRequest(
                request.clusterId(),
                request.replicaId(),
                request.replicaState(),
                maxWaitMs,
                request.minBytes(),
                request.maxBytes(),
                request.isolationLevel(),
                request.sessionId(),
                request.sessionEpoch(),
                topics,
                request.forgottenTopicsData(),
                request.rackId());
    }

    /** {@return a full fetch as one that opens no session, so that each later one names its partitions too} */
    static FetchRequest withoutSession(FetchRequest request) {
        return new FetchRequest(
                request.clusterId(),
                request.replicaId(),
                request.replicaState(),
                request.maxWaitMs(),
                request.minBytes(),
                request.maxBytes(),
                request.isolationLevel(),
                0,
                -1,
                request.topics(),
                List.of(),
                request.rackId());
    }

    /** {@return the answer to what is refused} */
    ApiResponse refusal(ApiKey api, short version, ErrorCode error) {
        return refused instanceof FetchRequest fetch
                ? refusal(fetch, error)
                : ApiCodecs.errorResponse(api, version, refused, error, null);
    }

    /** Each partition is named, as readers ask anew at once for what an answer leaves out. */
    private static FetchResponse refusal(FetchRequest refused, ErrorCode error) {
        List<FetchableTopicResponse> topics = new ArrayList<>();
        for (FetchTopic topic : refused.topics()) {
            topics.add(new FetchableTopicResponse(
                    topic.topic(),
                    topic.topicId(),
                    topic.partitions().stream()
                            .map(one ->
                                    PartitionResults.error(one.partition(), error, PartitionResults.Offsets.UNKNOWN))
                            .toList()));
        }
        return new FetchResponse(ErrorCode.NONE, 0, topics, List.of());
    }

    /** {@return both answers in one} */
    static ApiResponse merged(ApiResponse served, ApiResponse refusal) {
        if (served instanceof ProduceResponse one && refusal instanceof ProduceResponse other) {
            return new ProduceResponse(joined(one.responses(), other.responses()), one.nodeEndpoints());
        }
        if (served instanceof FetchResponse one && refusal instanceof FetchResponse other) {
            return new FetchResponse(
                    one.errorCode(), one.sessionId(), joined(one.responses(), other.responses()), one.nodeEndpoints());
        }
        if (served instanceof ListOffsetsResponse one && refusal instanceof ListOffsetsResponse other) {
            return new ListOffsetsResponse(joined(one.topics(), other.topics()));
        }
        if (served instanceof OffsetForLeaderEpochResponse one
                && refusal instanceof OffsetForLeaderEpochResponse other) {
            return new OffsetForLeaderEpochResponse(joined(one.topics(), other.topics()));
        }
        if (served instanceof DeleteRecordsResponse one && refusal instanceof DeleteRecordsResponse other) {
            return new DeleteRecordsResponse(joined(one.topics(), other.topics()));
        }
        if (served instanceof DescribeProducersResponse one && refusal instanceof DescribeProducersResponse other) {
            return new DescribeProducersResponse(joined(one.topics(), other.topics()));
        }
        throw new IllegalArgumentException("Two answers of different APIs: " + served + ", " + refusal);
    }

    private static <T> List<T> joined(List<T> one, List<T> other) {
        List<T> both = new ArrayList<>(one);
        both.addAll(other);
        return both;
    }
}
