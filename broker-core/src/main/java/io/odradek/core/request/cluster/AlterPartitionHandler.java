package io.odradek.core.request.cluster;

import io.odradek.core.controller.IsrOutcome;
import io.odradek.core.controller.IsrProposal;
import io.odradek.core.controller.IsrProposal.Member;
import io.odradek.core.request.Deadline;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.AlterPartitionRequest;
import io.odradek.protocol.api.AlterPartitionRequest.BrokerState;
import io.odradek.protocol.api.AlterPartitionRequest.PartitionData;
import io.odradek.protocol.api.AlterPartitionRequest.TopicData;
import io.odradek.protocol.api.AlterPartitionResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * AlterPartition 0 to 3: a leader proposes other in-sync replicas, and is told what they are from now on (KIP-497). Topics are
 * named by name up to version 1, by identifier from then on (KIP-841); from version 3 on each replica is named with the life of
 * its broker in which it caught up (KIP-903).
 *
 * <p>Errors of the request: NOT_CONTROLLER, STALE_BROKER_EPOCH, REQUEST_TIMED_OUT. Of a partition: what
 * {@link IsrOutcome#error} says, but OPERATION_NOT_ATTEMPTED for INELIGIBLE_REPLICA before version 2.
 */
final class AlterPartitionHandler implements RequestHandler<AlterPartitionRequest> {
    private static final int FIRST_WITH_TOPIC_IDS = 2;
    private static final int FIRST_WITH_BROKER_EPOCHS = 3;
    private static final int UNCHECKED = -1;
    private static final byte RECOVERED = 0;

    private final ClusterApis.Rooms rooms;

    AlterPartitionHandler(ClusterApis.Rooms rooms) {
        this.rooms = rooms;
    }

    @Override
    public void handle(AlterPartitionRequest request, RequestContext context) {
        int version = context.header().apiVersion();
        var outcomes = rooms.controller()
                .alterPartitions(request.brokerId(), request.brokerEpoch(), proposals(request, version));
        Deadline.await(context, rooms.loop(), rooms.maxWaitMs(), outcomes, (all, error) -> {
            if (all == null) {
                Failures.answer(context, error);
            } else {
                context.respond(new AlterPartitionResponse(ErrorCode.NONE, byTopic(all, version)));
            }
        });
    }

    private static List<IsrProposal> proposals(AlterPartitionRequest request, int version) {
        boolean byId = version >= FIRST_WITH_TOPIC_IDS;
        List<IsrProposal> proposals = new ArrayList<>();
        for (TopicData topic : request.topics()) {
            for (PartitionData partition : topic.partitions()) {
                proposals.add(new IsrProposal(
                        byId ? topic.topicId() : Uuid.ZERO,
                        byId ? null : topic.topicName(),
                        partition.partitionIndex(),
                        partition.leaderEpoch(),
                        partition.partitionEpoch(),
                        members(partition, version)));
            }
        }
        return proposals;
    }

    private static List<Member> members(PartitionData partition, int version) {
        List<Member> members = new ArrayList<>();
        if (version >= FIRST_WITH_BROKER_EPOCHS) {
            for (BrokerState broker : partition.newIsrWithEpochs()) {
                members.add(new Member(broker.brokerId(), broker.brokerEpoch()));
            }
        } else {
            for (int broker : partition.newIsr()) {
                members.add(new Member(broker, UNCHECKED));
            }
        }
        return members;
    }

    private static List<AlterPartitionResponse.TopicData> byTopic(List<IsrOutcome> outcomes, int version) {
        boolean byId = version >= FIRST_WITH_TOPIC_IDS;
        Map<Object, AlterPartitionResponse.TopicData> topics = new LinkedHashMap<>();
        for (IsrOutcome outcome : outcomes) {
            Uuid id = outcome.proposal().topicId();
            String name = byId ? "" : outcome.proposal().topic();
            topics.computeIfAbsent(
                            byId ? id : name,
                            first -> new AlterPartitionResponse.TopicData(name, id, new ArrayList<>()))
                    .partitions()
                    .add(new AlterPartitionResponse.PartitionData(
                            outcome.proposal().partition(),
                            errorIn(version, outcome.error()),
                            outcome.leader(),
                            outcome.leaderEpoch(),
                            outcome.isr(),
                            RECOVERED,
                            outcome.partitionEpoch()));
        }
        return List.copyOf(topics.values());
    }

    private static ErrorCode errorIn(int version, ErrorCode error) {
        return version < FIRST_WITH_TOPIC_IDS && error == ErrorCode.INELIGIBLE_REPLICA
                ? ErrorCode.OPERATION_NOT_ATTEMPTED
                : error;
    }
}
