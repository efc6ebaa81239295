package io.odradek.core.request.cluster;

import io.odradek.core.fetch.FetchLimits;
import io.odradek.core.fetch.PartitionResults;
import io.odradek.core.fetch.PartitionResults.Offsets;
import io.odradek.core.request.RequestHandler;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.FetchableTopicResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes Fetch in the name of a replica from brokers of the cluster only, as far as that can be told: whoever fetches as a
 * follower moves the high watermark and the in-sync replicas. From others each of its partitions is
 * TOPIC_AUTHORIZATION_FAILED, as Kafka has it where an authorizer does not let them act for the cluster; without one Kafka
 * would take their word. Where clients come by the brokers' listener nobody can be told apart; there it is left to what the
 * leader knows of its followers and their brokers' epochs. ListOffsets in the name of a replica changes nothing, and is open
 * to all.
 */
public final class ReplicaRequests {
    private static final int NO_SESSION = 0;

    private final ClusterPeers peers;

    /** @param peers tells who is a broker */
    public ReplicaRequests(ClusterPeers peers) {
        this.peers = peers;
    }

    /** {@return a handler that does the same for consumers and brokers} */
    public RequestHandler<FetchRequest> fetch(RequestHandler<FetchRequest> handler) {
        return (request, context) -> {
            boolean asReplica = FetchLimits.replicaId(request, context.header().apiVersion()) >= 0;
            if (asReplica && !peers.isBroker(context.connection().peer())) {
                context.respond(refusal(request));
            } else {
                handler.handle(request, context);
            }
        };
    }

    /** {@return the answer to who may not fetch as a replica} */
    public static FetchResponse refusal(FetchRequest request) {
        List<FetchableTopicResponse> topics = new ArrayList<>(request.topics().size());
        for (FetchTopic topic : request.topics()) {
            List<PartitionData> partitions = new ArrayList<>(topic.partitions().size());
            for (FetchPartition partition : topic.partitions()) {
                partitions.add(PartitionResults.error(
                        partition.partition(), ErrorCode.TOPIC_AUTHORIZATION_FAILED, Offsets.UNKNOWN));
            }
            topics.add(new FetchableTopicResponse(topic.topic(), topic.topicId(), partitions));
        }
        return new FetchResponse(ErrorCode.NONE, NO_SESSION, topics, List.of());
    }
}
