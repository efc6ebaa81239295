package io.odradek.server.storm;

import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.InitProducerIdResponse;
import io.odradek.protocol.api.JoinGroupRequest;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.api.MetadataResponse.MetadataResponseTopic;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a client of the storm has learnt from its answers, so that its next requests name things that are there: with
 * nothing but chance no request would get past the first check. What belongs to the honest clients is never learnt.
 */
final class Known {
    /** Topics that the storm may do anything to. */
    static final List<String> TOPICS =
            List.of("storm-0", "storm-1", "storm-2", "storm-3", "storm-4", "storm-5", "storm-6", "storm-7");

    /** Topics that others need: to be read, and to be refused for everything else. */
    static final List<String> TOPICS_TO_READ = List.of(HonestClients.TOPIC, "__consumer_offsets");

    private static final int MOST = 16;
    private static final int REQUESTS_OF_JOINED = 3;

    private final List<Uuid> topicIds = new ArrayList<>(List.of(Uuid.ZERO));
    private final List<Integer> sessions = new ArrayList<>(List.of(0));
    private final List<Member> members = new ArrayList<>(List.of(new Member("storm-group-0", "", -1)));
    private Member joined;
    private int requestsOfJoined;
    private final List<Long> producers = new ArrayList<>(List.of(-1L));

    /** A member of a group. */
    record Member(String group, String id, int generation) {}

    void learn(ApiRequest request, ApiResponse response, Random random) {
        if (response instanceof MetadataResponse metadata) {
            for (MetadataResponseTopic topic : metadata.topics()) {
                if (topic.name() != null && TOPICS.contains(topic.name())) {
                    keep(topicIds, topic.topicId(), random);
                }
            }
        } else if (response instanceof FetchResponse fetch && fetch.sessionId() != 0) {
            keep(sessions, fetch.sessionId(), random);
        } else if (response instanceof JoinGroupResponse answer
                && !answer.memberId().isEmpty()) {
            String group = ((JoinGroupRequest) request).groupId();
            joined = new Member(group, answer.memberId(), answer.generationId());
            requestsOfJoined = answer.errorCode() == ErrorCode.NONE ? REQUESTS_OF_JOINED : 1;
            keep(members, joined, random);
        } else if (response instanceof InitProducerIdResponse producer && producer.producerId() >= 0) {
            keep(producers, producer.producerId(), random);
        }
    }

    private static <T> void keep(List<T> known, T value, Random random) {
        if (known.size() < MOST) {
            known.add(value);
        } else {
            known.set(random.nextInt(MOST), value);
        }
    }

    Uuid topicId(Random random) {
        return any(topicIds, random);
    }

    int session(Random random) {
        return any(sessions, random);
    }

    boolean hasJoined() {
        return requestsOfJoined > 0;
    }

    /** {@return the member that has just joined, for as many requests as it takes to go on; otherwise any} */
    Member member(Random random) {
        if (requestsOfJoined > 0) {
            requestsOfJoined--;
            return joined;
        }
        return any(members, random);
    }

    long producer(Random random) {
        return any(producers, random);
    }

    static <T> T any(List<T> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }
}
