package io.odradek.core.request.group;

import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.OffsetFetchRequest;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.odradek.protocol.api.OffsetFetchResponse;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponsePartition;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponseTopic;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponseTopics;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * OffsetFetch, versions 0 to 9: the positions of a group, or from version 8 on of several. Before version 2 an error of the
 * group is that of each partition. Version 0 asks for those in the cluster's tree ({@link TreeOffsets}).
 *
 * <p>Versions: 2 asks for all partitions with null, and has an error of the group (KIP-88); 3 has the throttle time in the
 * response (KIP-124), which the client observes from 4 on (KIP-219); 5 has leader epochs (KIP-320); 6 is flexible (KIP-482); 7
 * asks for stable positions (KIP-447); 8 names several groups (KIP-709); 9 names the member of a group of the next protocol
 * (KIP-848).
 */
public final class OffsetFetchHandler implements RequestHandler<OffsetFetchRequest> {
    private static final short GROUP_ERROR_SINCE = 2;
    private static final short SEVERAL_GROUPS_SINCE = 8;

    private final GroupCoordinator coordinator;
    private final TreeOffsets tree;

    /**
     * @param coordinator the groups of this broker
     * @param tree the positions of version 0
     */
    public OffsetFetchHandler(GroupCoordinator coordinator, TreeOffsets tree) {
        this.coordinator = coordinator;
        this.tree = tree;
    }

    @Override
    public void handle(OffsetFetchRequest request, RequestContext context) {
        short version = context.header().apiVersion();
        if (version >= SEVERAL_GROUPS_SINCE) {
            coordinator
                    .during(context)
                    .fetch(
                            request.groups(),
                            request.requireStable(),
                            groups -> context.respond(new OffsetFetchResponse(List.of(), ErrorCode.NONE, groups)));
        } else if (version == 0) {
            tree.fetch(request, context);
        } else {
            coordinator
                    .during(context)
                    .fetch(
                            List.of(single(request)),
                            request.requireStable(),
                            groups -> context.respond(single(request, groups.get(0), version)));
        }
    }

    private static OffsetFetchRequestGroup single(OffsetFetchRequest request) {
        List<OffsetFetchRequestTopics> topics = null;
        if (request.topics() != null) {
            topics = new ArrayList<>(request.topics().size());
            for (OffsetFetchRequestTopic topic : request.topics()) {
                topics.add(new OffsetFetchRequestTopics(topic.name(), topic.partitionIndexes()));
            }
        }
        return new OffsetFetchRequestGroup(request.groupId(), null, -1, topics);
    }

    private static OffsetFetchResponse single(
            OffsetFetchRequest request, OffsetFetchResponseGroup group, short version) {
        if (group.errorCode() != ErrorCode.NONE && version < GROUP_ERROR_SINCE) {
            return new OffsetFetchResponse(everywhere(request, group.errorCode()), ErrorCode.NONE, List.of());
        }
        List<OffsetFetchResponseTopic> topics = new ArrayList<>(group.topics().size());
        for (OffsetFetchResponseTopics topic : group.topics()) {
            List<OffsetFetchResponsePartition> partitions =
                    new ArrayList<>(topic.partitions().size());
            for (OffsetFetchResponsePartitions partition : topic.partitions()) {
                partitions.add(new OffsetFetchResponsePartition(
                        partition.partitionIndex(),
                        partition.committedOffset(),
                        partition.committedLeaderEpoch(),
                        partition.metadata(),
                        partition.errorCode()));
            }
            topics.add(new OffsetFetchResponseTopic(topic.name(), partitions));
        }
        return new OffsetFetchResponse(topics, group.errorCode(), List.of());
    }

    private static List<OffsetFetchResponseTopic> everywhere(OffsetFetchRequest request, ErrorCode error) {
        List<OffsetFetchResponseTopic> topics = new ArrayList<>(request.topics().size());
        for (OffsetFetchRequestTopic topic : request.topics()) {
            List<OffsetFetchResponsePartition> partitions = new ArrayList<>();
            for (int index : topic.partitionIndexes()) {
                partitions.add(new OffsetFetchResponsePartition(index, -1, -1, "", error));
            }
            topics.add(new OffsetFetchResponseTopic(topic.name(), partitions));
        }
        return topics;
    }
}
