package io.odradek.server.embedded;

import io.odradek.core.fetch.FetchLimits;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest;
import io.odradek.protocol.api.RequestHeader;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which requests a fault is about.
 *
 * @param apis of one of these APIs; empty for all that clients use
 * @param topic that name this topic; null for any
 * @param partition of it, -1 for any
 * @param clientId of this client; null for any
 * @param after so many of them pass before it strikes
 * @param times so many it strikes
 */
record FaultCondition(Set<ApiKey> apis, String topic, int partition, String clientId, long after, int times) {
    /** What brokers ask of each other. */
    private static final Set<ApiKey> AMONG_BROKERS = EnumSet.of(
            ApiKey.LEADER_AND_ISR,
            ApiKey.STOP_REPLICA,
            ApiKey.UPDATE_METADATA,
            ApiKey.CONTROLLED_SHUTDOWN,
            ApiKey.WRITE_TXN_MARKERS,
            ApiKey.ALTER_PARTITION,
            ApiKey.ENVELOPE,
            ApiKey.ALLOCATE_PRODUCER_IDS);

    /** {@return whether it is about this request; what it names of topics is left to {@link NamedPartitions}} */
    boolean isAbout(ApiRequest request, RequestHeader header) {
        ApiKey api = ApiKey.of(header.apiKey());
        boolean apiFits = apis.isEmpty() ? !AMONG_BROKERS.contains(api) : apis.contains(api);
        return apiFits && (clientId == null || clientId.equals(header.clientId())) && !isOfReplica(request, header);
    }

    /** {@return whether another broker asks} */
    static boolean isOfBroker(ApiRequest request, RequestHeader header) {
        return AMONG_BROKERS.contains(ApiKey.of(header.apiKey())) || isOfReplica(request, header);
    }

    /** A follower is no client. */
    private static boolean isOfReplica(ApiRequest request, RequestHeader header) {
        if (request instanceof FetchRequest fetch) {
            return FetchLimits.replicaId(fetch, header.apiVersion()) >= 0;
        }
        if (request instanceof ListOffsetsRequest list) {
            return list.replicaId() >= 0;
        }
        return request instanceof OffsetForLeaderEpochRequest epochs && epochs.replicaId() >= 0;
    }

    /** {@return whether it strikes what a request asks of this partition} */
    boolean covers(String name, int index) {
        return topic == null || topic.equals(name) && (partition < 0 || partition == index);
    }

    String describe() {
        StringBuilder text = new StringBuilder(
                apis.isEmpty()
                        ? "ANY"
                        : String.join(" or ", apis.stream().map(ApiKey::name).toList()));
        if (topic != null) {
            text.append(" of topic ").append(topic).append(partition < 0 ? "" : "-" + partition);
        }
        if (clientId != null) {
            text.append(" by client ").append(clientId);
        }
        if (after > 0) {
            text.append(", after ").append(after);
        }
        if (times != Integer.MAX_VALUE) {
            text.append(", ").append(times).append(times == 1 ? " time" : " times");
        }
        return text.toString();
    }
}
