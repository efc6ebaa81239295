package io.odradek.core.fetch;

import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchRequest.ForgottenTopic;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out what a Fetch request means with regard to its session (KIP-227). Epoch -1: no session, an old one is closed.
 * Epoch 0: a new session, an old one is closed. Any other epoch: the next fetch of a session that is there.
 */
public final class FetchSessions {
    private static final int NO_EPOCH = -1;
    private static final int INITIAL_EPOCH = 0;
    private static final int FIRST_VERSION_WITH_TOPIC_IDS = 13;

    private final FetchSessionCache cache;

    /** @param cache where sessions are kept */
    public FetchSessions(FetchSessionCache cache) {
        this.cache = cache;
    }

    /**
     * Reads the session fields of a request.
     *
     * @param replicaId the follower's broker id, -1 for a consumer
     * @return what to read and how to answer; it must be ended
     * @throws ApiException for the whole request: FETCH_SESSION_ID_NOT_FOUND, INVALID_FETCH_SESSION_EPOCH,
     *     FETCH_SESSION_TOPIC_ID_ERROR
     */
    public FetchContext open(FetchRequest request, short version, int replicaId) {
        if (request.sessionEpoch() == NO_EPOCH || request.sessionEpoch() == INITIAL_EPOCH) {
            if (request.sessionId() != FetchResponses.NO_SESSION) {
                cache.remove(request.sessionId());
            }
            List<FetchWish> wishes = wishes(request);
            return request.sessionEpoch() == NO_EPOCH
                    ? new Sessionless(wishes)
                    : new Full(cache, wishes, replicaId >= 0, usesTopicIds(version));
        }
        return openIncremental(request, version);
    }

    /** {@return the answer to a request that {@link #open} refused} */
    public static FetchResponse refusal(ApiException refusal) {
        return FetchResponses.error(refusal.error());
    }

    private FetchContext openIncremental(FetchRequest request, short version) {
        FetchSession session = cache.get(request.sessionId());
        if (session == null) {
            throw new ApiException(
                    ErrorCode.FETCH_SESSION_ID_NOT_FOUND, "There is no fetch session " + request.sessionId());
        }
        if (!session.begin(request.sessionEpoch(), cache.nowMs())) {
            throw new ApiException(
                    ErrorCode.INVALID_FETCH_SESSION_EPOCH,
                    "Fetch session " + request.sessionId() + " does not expect epoch " + request.sessionEpoch());
        }
        if (session.usesTopicIds() != usesTopicIds(version)) {
            session.refuse();
            throw new ApiException(
                    ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR,
                    "Fetch session " + request.sessionId() + " names topics in the other way");
        }
        if (!session.update(wishes(request))) {
            // The client begins anew, with a full fetch, and is told then that it gets no session.
            cache.remove(session.id());
            throw new ApiException(
                    ErrorCode.FETCH_SESSION_ID_NOT_FOUND,
                    "Fetch session " + request.sessionId() + " has outgrown " + cache.setting());
        }
        for (ForgottenTopic topic : request.forgottenTopicsData()) {
            for (int partition : topic.partitions()) {
                session.forget(new FetchTarget(topic.topic(), topic.topicId(), partition));
            }
        }
        List<FetchWish> wishes = session.wishes();
        if (wishes.isEmpty()) {
            cache.remove(session.id());
            session.end();
            return new Sessionless(wishes);
        }
        return new Incremental(session, wishes);
    }

    private static boolean usesTopicIds(short version) {
        return version >= FIRST_VERSION_WITH_TOPIC_IDS;
    }

    /** A partition that is named twice is read once, as it was named last. */
    private static List<FetchWish> wishes(FetchRequest request) {
        Map<FetchTarget, FetchWish> wishes = new LinkedHashMap<>();
        for (FetchTopic topic : request.topics()) {
            Uuid topicId = topic.topicId();
            for (FetchPartition partition : topic.partitions()) {
                FetchTarget target = new FetchTarget(topic.topic(), topicId, partition.partition());
                wishes.put(target, FetchWish.of(target, partition));
            }
        }
        return new ArrayList<>(wishes.values());
    }

    /** A fetch that stands alone. */
    private record Sessionless(List<FetchWish> wishes) implements FetchContext {
        @Override
        public FetchResponse respond(List<PartitionData> results) {
            return FetchResponses.all(wishes, results, FetchResponses.NO_SESSION);
        }

        @Override
        public FetchResponse respondNothing() {
            return new FetchResponses().build(FetchResponses.NO_SESSION);
        }

        @Override
        public void abandon() {
            // There is no session to give back.
        }
    }

    /** The first fetch of a session, which is created with the response. */
    private record Full(FetchSessionCache cache, List<FetchWish> wishes, boolean privileged, boolean topicIds)
            implements FetchContext {
        @Override
        public FetchResponse respond(List<PartitionData> results) {
            FetchSession session = cache.create(privileged, topicIds, wishes);
            if (session == null) {
                return FetchResponses.all(wishes, results, FetchResponses.NO_SESSION);
            }
            session.tellAll(wishes, results);
            session.end();
            return FetchResponses.all(wishes, results, session.id());
        }

        /** Without a session, which the client asks for again. */
        @Override
        public FetchResponse respondNothing() {
            return new FetchResponses().build(FetchResponses.NO_SESSION);
        }

        @Override
        public void abandon() {
            // The session has not been created.
        }
    }

    /** A further fetch of a session. */
    private record Incremental(FetchSession session, List<FetchWish> wishes) implements FetchContext {
        @Override
        public FetchResponse respond(List<PartitionData> results) {
            FetchResponse response = session.tellChanges(wishes, results);
            session.end();
            return response;
        }

        @Override
        public FetchResponse respondNothing() {
            session.end();
            return new FetchResponses().build(session.id());
        }

        @Override
        public void whenClosed(Runnable task) {
            session.whenClosed(task);
        }

        @Override
        public void abandon() {
            session.end();
        }
    }
}
