package io.odradek.core.request;

import io.odradek.core.fetch.FetchContext;
import io.odradek.core.fetch.FetchLimits;
import io.odradek.core.fetch.FetchSessions;
import io.odradek.core.fetch.FetchTarget;
import io.odradek.core.fetch.FetchWish;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.quota.ReplicationThrottle;
import io.odradek.core.transport.RequestCharge;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.wire.Uuid;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Fetch, versions 0 to 17: gives record batches as they lie in the logs; to readers of versions 0 to 3, who know none, what
 * {@link OldFetchInFlight} makes of them.
 *
 * <p>A consumer sees what lies below the high watermark (read_committed: below the last stable offset), a follower all.
 * If there are fewer than {@code minBytes}, the answer waits up to {@code maxWaitMs}, or {@code odradek.request.max.wait.ms},
 * for more, unless a partition has an error or diverges; partitions that nobody knows do not cut the wait short. Together the records stay within {@code
 * maxBytes} and the broker's {@code fetch.max.bytes}, but the first partition that has records gives a whole batch. A follower that is not
 * in sync gets no records of a throttled replica while its broker has given more of those than it may (KIP-73). The
 * partitions that a session fetches take turns at being first. A consumer that has had more than it may is answered with nothing, and
 * asked for less than what it may have in a while (KIP-219).
 *
 * <p>Errors of the request: FETCH_SESSION_ID_NOT_FOUND, INVALID_FETCH_SESSION_EPOCH, FETCH_SESSION_TOPIC_ID_ERROR. Errors of
 * a partition: TOPIC_AUTHORIZATION_FAILED, UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID, INCONSISTENT_TOPIC_ID (KIP-516), NOT_LEADER_OR_FOLLOWER,
 * FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH (KIP-320; also to a broker that is not known as a follower), STALE_BROKER_EPOCH to
 * a follower that has fetched in a later life (KIP-903), OFFSET_OUT_OF_RANGE with the log's offsets, KAFKA_STORAGE_ERROR,
 * UNSUPPORTED_COMPRESSION_TYPE before version 10 where the topic's {@code compression.type} is zstd. Before version 4
 * UNSUPPORTED_VERSION where {@code message.downconversion.enable} forbids it, and to followers; UNSUPPORTED_COMPRESSION_TYPE for records
 * that are compressed with zstd, and CORRUPT_MESSAGE for those that are damaged.
 * From version 12 on a log that left the leader's is told where (KIP-595).
 *
 * <p>Versions: before 2 there were messages of magic 0, then of magic 1, with timestamps (KIP-32); 1 tells of throttling
 * (KIP-13); from 3 on the first message is whole, and there is a maximum of all (KIP-74); 4 brought record batches and isolation levels (KIP-98); 5 the log's start (KIP-107); from 6 on
 * KAFKA_STORAGE_ERROR is known (KIP-112); 7 brought sessions (KIP-227); from 8 on a throttled client is answered first
 * (KIP-219); 9 brought leader epochs (KIP-320); from 10 on zstd may be sent (KIP-110); 11 brought racks and the replica to
 * prefer (KIP-392), which is not filled in; 12 is flexible (KIP-482) and has the fetched epoch (KIP-595); 13 names topics by
 * identifier (KIP-516); 14 is 13 again, for tiered storage (KIP-405); 15 has a follower's state in a tagged field (KIP-903);
 * 16 names the leader to turn to, with NOT_LEADER_OR_FOLLOWER and FENCED_LEADER_EPOCH, where it is known (KIP-951); 17 lets followers name their folders (KIP-853).
 */
public final class FetchHandler implements RequestHandler<FetchRequest> {
    private static final short FIRST_WITH_IDS = 13;

    private final PartitionOwners owners;
    private final MetadataSource metadata;
    private final FetchSessions sessions;
    private final FetchReader reader;
    private final Bounds bounds;
    private final TopicReaders readers;
    private final Supplier<DownConversions> conversions;

    /**
     * @param owners the owners of this broker's partitions
     * @param metadata names topics by identifier, and tells unknown partitions from those of other brokers
     * @param sessions the fetch sessions
     * @param bounds what a fetch may ask for
     * @param throttle how much followers that are not in sync are given of throttled replicas; null where there are none
     * @param readers say which topics consumers may read; null for all
     * @param conversions asked for when the first reader comes who knows no record batches
     */
    public FetchHandler(
            PartitionOwners owners,
            MetadataSource metadata,
            FetchSessions sessions,
            Bounds bounds,
            ReplicationThrottle throttle,
            TopicReaders readers,
            Supplier<DownConversions> conversions) {
        this.owners = owners;
        this.metadata = metadata;
        this.sessions = sessions;
        this.reader = new FetchReader(new PartitionLookup(metadata), throttle);
        this.bounds = bounds;
        this.readers = readers;
        this.conversions = conversions;
    }

    /** With the longest wait that the settings have by default, and open to everybody who knows record batches. */
    public FetchHandler(PartitionOwners owners, MetadataSource metadata, FetchSessions sessions, int brokerMaxBytes) {
        this(owners, metadata, sessions, new Bounds(brokerMaxBytes, 3_600_000), null, null, null);
    }

    /**
     * What a fetch may ask for.
     *
     * @param maxBytes the most records ({@code fetch.max.bytes})
     * @param maxWaitMs the longest wait ({@code odradek.request.max.wait.ms})
     */
    public record Bounds(int maxBytes, int maxWaitMs) {}

    @Override
    public void handle(FetchRequest request, RequestContext context) {
        short version = context.header().apiVersion();
        RequestCharge charge = context.charge();
        int maxBytes = charge == null ? bounds.maxBytes() : Math.min(bounds.maxBytes(), charge.mostFetchBytes());
        FetchLimits limits = FetchLimits.of(request, version, maxBytes, bounds.maxWaitMs());
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
        boolean byId = context.header().apiVersion() >= FIRST_WITH_IDS;
        List<FetchWish> wishes = session.wishes();
        FetchItem[] items = new FetchItem[wishes.size()];
        TopicPartition[] ids = new TopicPartition[items.length];
        for (int i = 0; i < items.length; i++) {
            items[i] = item(image, wishes.get(i), byId);
            ids[i] = items[i].id();
        }
        if (readers != null && !limits.fromFollower()) {
            refuse(items, ids, wishes, image, readers.of(context));
        }
        if (limits.knowsBatches()) {
            new FetchInFlight(context, session, limits, items, reader).split(ids, owners);
        } else {
            new OldFetchInFlight(context, session, limits, items, reader, conversions.get()).split(ids, owners);
        }
    }

    /** A topic that may not be read is refused whether it exists or not; only of an identifier it has to be known. */
    private static void refuse(
            FetchItem[] items,
            TopicPartition[] ids,
            List<FetchWish> wishes,
            MetadataImage image,
            Predicate<String> mayRead) {
        String last = null;
        boolean may = true;
        for (int i = 0; i < items.length; i++) {
            FetchTarget target = wishes.get(i).target();
            String name = target.topic().isEmpty() ? image.topicNames().get(target.topicId()) : target.topic();
            if (name != null && !name.equals(last)) {
                last = name;
                may = mayRead.test(name);
            }
            if (name != null && !may) {
                items[i] = FetchItem.REFUSED;
                ids[i] = null;
            }
        }
    }

    /** Partitions that nobody knows need no memory of their own. */
    private static FetchItem item(MetadataImage image, FetchWish wish, boolean byId) {
        MetadataImage.TopicInfo topic = topic(image, wish);
        if (topic == null && byId) {
            return FetchItem.UNKNOWN_TOPIC_ID;
        }
        int index = wish.target().partition();
        return topic == null || index < 0 || index >= topic.partitions().size()
                ? FetchItem.UNKNOWN
                : new FetchItem(wish, new TopicPartition(topic.name(), index));
    }

    private static MetadataImage.TopicInfo topic(MetadataImage image, FetchWish wish) {
        Uuid topicId = wish.target().topicId();
        String name = topicId.equals(Uuid.ZERO)
                ? wish.target().topic()
                : image.topicNames().get(topicId);
        return name == null ? null : image.topics().get(name);
    }
}
