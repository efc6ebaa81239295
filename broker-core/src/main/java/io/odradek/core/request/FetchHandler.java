package io.odradek.core.request;

import io.odradek.core.fetch.FetchContext;
import io.odradek.core.fetch.FetchLimits;
import io.odradek.core.fetch.FetchSessions;
import io.odradek.core.fetch.FetchWish;
import io.odradek.core.fetch.PartitionResults;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.Clock;
import java.util.List;

/**
 * Fetch, versions 4 to 17: gives record batches as they lie in the logs.
 *
 * <p>A consumer sees what lies below the high watermark (read_committed: below the last stable offset), a follower all.
 * If there are fewer than {@code minBytes}, the answer waits up to {@code maxWaitMs} for more, unless a partition has an
 * error or diverges; partitions that nobody knows do not cut the wait short. Together the records stay within {@code
 * maxBytes} and the broker's {@code fetch.max.bytes}, but the first partition that has records gives a whole batch. The
 * partitions that a session fetches take turns at being first.
 *
 * <p>Errors of the request: FETCH_SESSION_ID_NOT_FOUND, INVALID_FETCH_SESSION_EPOCH, FETCH_SESSION_TOPIC_ID_ERROR. Errors of
 * a partition: UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID, INCONSISTENT_TOPIC_ID (KIP-516), NOT_LEADER_OR_FOLLOWER,
 * FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH (KIP-320), OFFSET_OUT_OF_RANGE with the log's offsets, KAFKA_STORAGE_ERROR,
 * UNSUPPORTED_COMPRESSION_TYPE before version 10 where the topic's {@code compression.type} is zstd.
 * From version 12 on a log that left the leader's is told where (KIP-595).
 */
public final class FetchHandler implements RequestHandler<FetchRequest> {
    private final PartitionOwners owners;
    private final MetadataSource metadata;
    private final FetchSessions sessions;
    private final FetchReader reader;
    private final int brokerMaxBytes;

    /**
     * @param owners the owners of this broker's partitions
     * @param metadata names topics by identifier, and tells unknown partitions from those of other brokers
     * @param sessions the fetch sessions
     * @param clock for the time of followers' fetches
     * @param brokerMaxBytes {@code fetch.max.bytes}
     */
    public FetchHandler(
            PartitionOwners owners, MetadataSource metadata, FetchSessions sessions, Clock clock, int brokerMaxBytes) {
        this.owners = owners;
        this.metadata = metadata;
        this.sessions = sessions;
        this.reader = new FetchReader(new PartitionLookup(metadata), clock);
        this.brokerMaxBytes = brokerMaxBytes;
    }

    @Override
    public void handle(FetchRequest request, RequestContext context) {
        short version = context.header().apiVersion();
        FetchLimits limits = FetchLimits.of(request, version, brokerMaxBytes);
        FetchContext session;
        try {
            session = sessions.open(request, version, limits.replicaId());
        } catch (ApiException e) {
            context.respond(FetchSessions.refusal(e));
            return;
        }
        start(session, limits, context);
    }

    private void start(FetchContext session, FetchLimits limits, RequestContext context) {
        MetadataImage image = metadata.image();
        List<FetchWish> wishes = session.wishes();
        FetchItem[] items = new FetchItem[wishes.size()];
        PartitionData[] results = new PartitionData[items.length];
        int[] ownerOfItem = new int[items.length];
        for (int i = 0; i < items.length; i++) {
            FetchWish wish = wishes.get(i);
            MetadataImage.TopicInfo topic = topic(image, wish);
            int index = wish.target().partition();
            boolean known =
                    topic != null && index >= 0 && index < topic.partitions().size();
            items[i] = new FetchItem(wish, known ? new TopicPartition(topic.name(), index) : null);
            ownerOfItem[i] = known ? owners.indexOf(items[i].id()) : OwnerGroups.NO_OWNER;
            results[i] = known ? null : unknown(topic, wish);
        }
        FetchInFlight fetch = new FetchInFlight(context, session, limits, items, results);
        fetch.start(split(fetch, OwnerGroups.of(ownerOfItem, owners.count())));
    }

    private DelayedFetch[] split(FetchInFlight fetch, int[][] groups) {
        DelayedFetch[] parts = new DelayedFetch[OwnerGroups.count(groups)];
        int part = 0;
        for (int owner = 0; owner < groups.length; owner++) {
            if (groups[owner] != null) {
                parts[part++] = new DelayedFetch(fetch, owners.owner(owner), groups[owner], reader);
            }
        }
        return parts;
    }

    private static MetadataImage.TopicInfo topic(MetadataImage image, FetchWish wish) {
        Uuid topicId = wish.target().topicId();
        String name = topicId.equals(Uuid.ZERO)
                ? wish.target().topic()
                : image.topicNames().get(topicId);
        return name == null ? null : image.topics().get(name);
    }

    private static PartitionData unknown(MetadataImage.TopicInfo topic, FetchWish wish) {
        boolean unknownId = topic == null && wish.target().topic().isEmpty();
        return PartitionResults.error(
                wish.target().partition(),
                unknownId ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                PartitionResults.Offsets.UNKNOWN);
    }
}
