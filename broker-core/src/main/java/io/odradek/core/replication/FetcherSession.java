package io.odradek.core.replication;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchRequest.ForgottenTopic;
import io.odradek.protocol.api.FetchRequest.ReplicaState;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The follower's side of a fetch session with one leader (KIP-227): the first fetch names all partitions, the others those
 * of which something has changed. When the leader does not know the session, or an answer has been lost, it begins anew.
 */
final class FetcherSession {
    private static final int FULL = 0;
    private static final int NONE = 0;
    private static final byte READ_UNCOMMITTED = 0;

    private final FetcherSettings settings;
    private SortedMap<TopicPartition, Wanted> told = new TreeMap<>();
    private int id = NONE;
    private int epoch = FULL;

    FetcherSession(FetcherSettings settings) {
        this.settings = settings;
    }

    /**
     * What is asked of a partition.
     *
     * @param topicId the topic's identifier
     * @param leaderEpoch the epoch in which the follower follows
     * @param startOffset the start of its log
     * @param offset the end of its log
     * @param lastEpoch the epoch of its last record, -1 for none
     */
    record Wanted(Uuid topicId, int leaderEpoch, long startOffset, long offset, int lastEpoch) {}

    /**
     * {@return the next request}
     *
     * @param wanted all that is wanted now
     * @param brokerEpoch the life of this broker, -1 if it is not known
     */
    FetchRequest next(SortedMap<TopicPartition, Wanted> wanted, long brokerEpoch) {
        SortedMap<TopicPartition, Wanted> changed = new TreeMap<>(wanted);
        SortedMap<TopicPartition, Wanted> gone = new TreeMap<>();
        if (epoch != FULL) {
            changed.entrySet().removeIf(entry -> entry.getValue().equals(told.get(entry.getKey())));
            told.forEach((partition, before) -> {
                Wanted now = wanted.get(partition);
                if (now == null || !now.topicId().equals(before.topicId())) {
                    gone.put(partition, before);
                }
            });
        }
        told = new TreeMap<>(wanted);
        return new FetchRequest(
                null,
                -1,
                new ReplicaState(settings.brokerId(), brokerEpoch),
                settings.timing().maxWaitMs(),
                settings.bounds().minBytes(),
                settings.bounds().maxBytes(),
                READ_UNCOMMITTED,
                id,
                epoch,
                topics(changed),
                forgotten(gone),
                "");
    }

    private List<FetchTopic> topics(SortedMap<TopicPartition, Wanted> wanted) {
        List<FetchTopic> topics = new ArrayList<>();
        List<FetchPartition> partitions = null;
        Uuid topicId = null;
        for (Map.Entry<TopicPartition, Wanted> entry : wanted.entrySet()) {
            Wanted one = entry.getValue();
            if (!one.topicId().equals(topicId)) {
                topicId = one.topicId();
                partitions = new ArrayList<>();
                topics.add(new FetchTopic("", one.topicId(), partitions));
            }
            partitions.add(new FetchPartition(
                    entry.getKey().partition(),
                    one.leaderEpoch(),
                    one.offset(),
                    one.lastEpoch(),
                    one.startOffset(),
                    settings.bounds().partitionMaxBytes(),
                    Uuid.ZERO));
        }
        return topics;
    }

    private static List<ForgottenTopic> forgotten(SortedMap<TopicPartition, Wanted> gone) {
        List<ForgottenTopic> topics = new ArrayList<>();
        for (Map.Entry<TopicPartition, Wanted> entry : gone.entrySet()) {
            topics.add(new ForgottenTopic(
                    "", entry.getValue().topicId(), List.of(entry.getKey().partition())));
        }
        return topics;
    }

    /** Takes the answer to the last request. {@return whether it is one to what was asked} */
    boolean answered(FetchResponse response) {
        if (response.errorCode() != ErrorCode.NONE) {
            lost();
            return false;
        }
        if (epoch == FULL) {
            id = response.sessionId();
        }
        if (id == NONE || response.sessionId() != id) {
            lost();
        } else {
            epoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
        }
        return true;
    }

    /** Begins anew; the leader is told to drop the session that there was. */
    void lost() {
        epoch = FULL;
    }
}
