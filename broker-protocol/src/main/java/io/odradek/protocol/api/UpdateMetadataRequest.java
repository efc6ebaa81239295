package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Tagged;
import io.odradek.protocol.schema.Versions;
import io.odradek.protocol.wire.Uuid;
import java.util.List;

/**
 * The controller tells a broker what changed in the cluster, for the Metadata of its clients: partitions, and all live brokers.
 * It is refused from an older controller than the broker knows, or if it is meant for an earlier registration of the broker.
 * Versions: 1 added several endpoints of a broker (KIP-2); 2 the rack (KIP-36); 3 names of listeners (KIP-103);
 * 4 offline replicas (KIP-112); 5 added the broker epoch and groups partitions by topic (KIP-380); 6 is flexible (KIP-482);
 * 7 added topic ids (KIP-516); 8 tells controllers of a KRaft quorum, and whether it is all there is (KIP-866).
 */
@Request(key = 6, versions = "0-8", flexible = "6+")
public record UpdateMetadataRequest(
        int controllerId,
        @Versions("8+") boolean isKRaftController,
        @Tagged(tag = 0, versions = "8+") byte type,
        int controllerEpoch,
        @Versions("5+") @Default("-1") long brokerEpoch,
        @Versions("0-4") List<UpdateMetadataPartitionState> ungroupedPartitionStates,
        @Versions("5+") List<UpdateMetadataTopicState> topicStates,
        List<UpdateMetadataBroker> liveBrokers)
        implements ApiRequest {
    /** {@code leader} of a partition whose topic is being deleted; clients are not told of it any more. */
    public static final int LEADER_DURING_DELETE = -2;

    /** The partitions of one topic. */
    public record UpdateMetadataTopicState(
            @Versions("5+") String topicName,
            @Versions("7+") Uuid topicId,
            @Versions("5+") List<UpdateMetadataPartitionState> partitionStates) {}

    /**
     * A partition as the controller knows it. {@code controllerEpoch} is that of the controller which last changed it;
     * {@code zkVersion} the version of its state node. The leader is -1 if there is none.
     */
    public record UpdateMetadataPartitionState(
            @Versions("0-4") String topicName,
            int partitionIndex,
            int controllerEpoch,
            int leader,
            int leaderEpoch,
            List<Integer> isr,
            int zkVersion,
            List<Integer> replicas,
            @Versions("4+") List<Integer> offlineReplicas) {}

    /** A live broker. */
    public record UpdateMetadataBroker(
            int id,
            @Versions("0") String v0Host,
            @Versions("0") int v0Port,
            @Versions("1+") List<UpdateMetadataEndpoint> endpoints,
            @Versions("2+") @Nullable String rack) {}

    /** Where a broker listens, under which listener's name and with which protocol: 0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL. */
    public record UpdateMetadataEndpoint(
            @Versions("1+") int port,
            @Versions("1+") String host,
            @Versions("3+") String listener,
            @Versions("1+") short securityProtocol) {}
}
