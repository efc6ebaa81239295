package io.odradek.server.embedded;

import io.odradek.core.fetch.PartitionResults;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.FetchableTopicResponse;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsTopic;
import io.odradek.protocol.api.ListOffsetsResponse;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A request of which some partitions are refused and others served: a Produce, a Fetch or a ListOffsets, as those are what a
 * broker answers partition by partition when it has lost one of them.
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
        return request instanceof ListOffsetsRequest list ? of(list, condition) : null;
    }

    private static PartialRequest of(ProduceRequest request, FaultCondition condition) {
        Function<Boolean, ApiRequest> part = refuse -> {
            List<TopicProduceData> topics = new ArrayList<>();
            for (TopicProduceData topic : request.topicData()) {
                add(
                        topics,
                        topic.partitionData(),
                        one -> condition.covers(topic.name(), one.index()) == refuse,
                        kept -> new TopicProduceData(topic.name(), kept));
            }
            return topics.isEmpty()
                    ? null
                    : new ProduceRequest(request.transactionalId(), request.acks(), request.timeoutMs(), topics);
        };
        return new PartialRequest(part.apply(true), part.apply(false));
    }

    private static PartialRequest of(ListOffsetsRequest request, FaultCondition condition) {
        Function<Boolean, ApiRequest> part = refuse -> {
            List<ListOffsetsTopic> topics = new ArrayList<>();
            for (ListOffsetsTopic topic : request.topics()) {
                add(
                        topics,
                        topic.partitions(),
                        one -> condition.covers(topic.name(), one.partitionIndex()) == refuse,
                        kept -> new ListOffsetsTopic(topic.name(), kept));
            }
            return topics.isEmpty()
                    ? null
                    : new ListOffsetsRequest(request.replicaId(), request.isolationLevel(), topics);
        };
        return new PartialRequest(part.apply(true), part.apply(false));
    }

    /** What is served does not wait: the refusal of the other part is to be answered at once. */
    private static PartialRequest of(FetchRequest request, FaultCondition condition, MetadataImage image) {
        Function<Boolean, List<FetchTopic>> part = refuse -> {
            List<FetchTopic> topics = new ArrayList<>();
            for (FetchTopic topic : request.topics()) {
                String name = topic.topic().isEmpty() ? NamedPartitions.nameOf(topic.topicId(), image) : topic.topic();
                add(
                        topics,
                        topic.partitions(),
                        one -> condition.covers(name, one.partition()) == refuse,
                        kept -> new FetchTopic(topic.topic(), topic.topicId(), kept));
            }
            return topics;
        };
        List<FetchTopic> refused = part.apply(true);
        List<FetchTopic> served = part.apply(false);
        return new PartialRequest(
                refused.isEmpty() ? null : withTopics(request, refused, 0),
                served.isEmpty() ? null : withTopics(request, served, 0));
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

    private interface Test<P> {
        boolean holds(P partition);
    }

    private static <T, P> void add(List<T> topics, List<P> partitions, Test<P> kept, Function<List<P>, T> topic) {
        List<P> left = new ArrayList<>();
        for (P partition : partitions) {
            if (kept.holds(partition)) {
                left.add(partition);
            }
        }
        if (!left.isEmpty()) {
            topics.add(topic.apply(left));
        }
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
        throw new IllegalArgumentException("Two answers of different APIs: " + served + ", " + refusal);
    }

    private static <T> List<T> joined(List<T> one, List<T> other) {
        List<T> both = new ArrayList<>(one);
        both.addAll(other);
        return both;
    }
}
