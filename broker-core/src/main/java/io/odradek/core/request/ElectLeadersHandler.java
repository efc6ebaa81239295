package io.odradek.core.request;

import io.odradek.core.controller.Controller;
import io.odradek.core.controller.ElectionType;
import io.odradek.core.controller.Outcome;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ElectLeadersRequest;
import io.odradek.protocol.api.ElectLeadersRequest.TopicPartitions;
import io.odradek.protocol.api.ElectLeadersResponse;
import io.odradek.protocol.api.ElectLeadersResponse.PartitionResult;
import io.odradek.protocol.api.ElectLeadersResponse.ReplicaElectionResult;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * ElectLeaders 0 to 2: elects the preferred leaders of partitions, or leaders that are out of sync where no other is live, and
 * answers when this broker shows them. With a null list it is for all partitions, of which those that need no election are
 * left out of the answer. If the time given is over first, what is under way goes on and is answered REQUEST_TIMED_OUT.
 *
 * <p>Versions: 0 is KIP-183 and elects preferred leaders only; 1 brought the type of the election (KIP-460) and an error of the
 * whole; 2 is flexible (KIP-482).
 *
 * <p>Errors of a partition: UNKNOWN_TOPIC_OR_PARTITION, ELECTION_NOT_NEEDED, PREFERRED_LEADER_NOT_AVAILABLE,
 * ELIGIBLE_LEADERS_NOT_AVAILABLE, REQUEST_TIMED_OUT, KAFKA_STORAGE_ERROR; of the whole: NOT_CONTROLLER, INVALID_REQUEST for
 * a type that there is not.
 */
public final class ElectLeadersHandler implements RequestHandler<ElectLeadersRequest> {
    private final Controller controller;
    private final EventLoop loop;

    /**
     * @param controller this broker's controller
     * @param loop where waiting requests live
     */
    public ElectLeadersHandler(Controller controller, EventLoop loop) {
        this.controller = controller;
        this.loop = loop;
    }

    @Override
    public void handle(ElectLeadersRequest request, RequestContext context) {
        byte type = request.electionType();
        if (type != ElectLeadersRequest.PREFERRED && type != ElectLeadersRequest.UNCLEAN) {
            context.fail(ErrorCode.INVALID_REQUEST, "There is no election of type " + type);
            return;
        }
        SortedSet<TopicPartition> wanted = wanted(request);
        var election = controller.electLeaders(
                type == ElectLeadersRequest.UNCLEAN ? ElectionType.UNCLEAN : ElectionType.PREFERRED, wanted);
        Deadline.await(context, loop, Math.max(0, request.timeoutMs()), election, (outcomes, error) -> {
            if (outcomes != null) {
                context.respond(new ElectLeadersResponse(ErrorCode.NONE, results(outcomes)));
                return;
            }
            Outcome failure = failure(error);
            SortedMap<TopicPartition, Outcome> all = new TreeMap<>();
            if (wanted != null) {
                wanted.forEach(id -> all.put(id, failure));
            }
            boolean whole = wanted == null || failure.error() == ErrorCode.NOT_CONTROLLER;
            context.respond(new ElectLeadersResponse(whole ? failure.error() : ErrorCode.NONE, results(all)));
        });
    }

    private static SortedSet<TopicPartition> wanted(ElectLeadersRequest request) {
        if (request.topicPartitions() == null) {
            return null;
        }
        SortedSet<TopicPartition> wanted = new TreeSet<>();
        for (TopicPartitions topic : request.topicPartitions()) {
            topic.partitions().forEach(partition -> wanted.add(new TopicPartition(topic.topic(), partition)));
        }
        return wanted;
    }

    private static Outcome failure(Throwable error) {
        if (error == null) {
            return new Outcome(ErrorCode.REQUEST_TIMED_OUT, "The time given is over");
        }
        return error instanceof ApiException refusal
                ? new Outcome(refusal.error(), refusal.getMessage())
                : new Outcome(ErrorCode.UNKNOWN_SERVER_ERROR, error.toString());
    }

    private static List<ReplicaElectionResult> results(SortedMap<TopicPartition, Outcome> outcomes) {
        SortedMap<String, List<PartitionResult>> byTopic = new TreeMap<>();
        for (Map.Entry<TopicPartition, Outcome> entry : outcomes.entrySet()) {
            byTopic.computeIfAbsent(entry.getKey().topic(), any -> new ArrayList<>())
                    .add(new PartitionResult(
                            entry.getKey().partition(),
                            entry.getValue().error(),
                            entry.getValue().message()));
        }
        List<ReplicaElectionResult> results = new ArrayList<>(byTopic.size());
        byTopic.forEach((topic, partitions) -> results.add(new ReplicaElectionResult(topic, partitions)));
        return results;
    }
}
