package io.odradek.core.fetch;

import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.FetchableTopicResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** Puts partitions together to responses: neighbours of one topic under one heading. */
final class FetchResponses {
    /** The identifier that stands for no session. */
    static final int NO_SESSION = 0;

    private final List<FetchableTopicResponse> topics = new ArrayList<>();
    private FetchTarget heading;
    private List<PartitionData> partitions;

    void add(FetchTarget target, PartitionData data) {
        if (heading == null || !heading.sameTopic(target)) {
            heading = target;
            partitions = new ArrayList<>();
            topics.add(new FetchableTopicResponse(target.topic(), target.topicId(), partitions));
        }
        partitions.add(data);
    }

    FetchResponse build(int sessionId) {
        return new FetchResponse(ErrorCode.NONE, sessionId, topics, List.of());
    }

    static FetchResponse all(List<FetchWish> wishes, List<PartitionData> results, int sessionId) {
        FetchResponses responses = new FetchResponses();
        for (int i = 0; i < results.size(); i++) {
            responses.add(wishes.get(i).target(), results.get(i));
        }
        return responses.build(sessionId);
    }

    static FetchResponse error(ErrorCode error) {
        return new FetchResponse(error, NO_SESSION, List.of(), List.of());
    }
}
