package io.odradek.core.request;

import io.odradek.core.fetch.ByteBudget;
import io.odradek.core.fetch.FetchContext;
import io.odradek.core.fetch.FetchLimits;
import io.odradek.core.fetch.FetchWish;
import io.odradek.core.fetch.PartitionResults;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.partition.TopicCounting;
import io.odradek.core.partition.TopicMeters;
import io.odradek.core.transport.RequestCharge;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.NodeEndpoint;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A fetch on its way. It waits as a whole, for what its partitions have together: a parked part that sees more says so, and
 * it is enough when all of them have enough, or one has something urgent. What a parked part had found is read again before
 * it is sent, because the files it lay in may be gone.
 *
 * <p>The Java client closes its session when it is closed, and waits for the answers to this and to the fetch before: that
 * one waits no more then.
 *
 * <p>A part that was answered on another owner's loop is not worth waking that loop for: it leaves when its partitions
 * change, or when its purgatory is swept.
 */
class FetchInFlight extends SplitRequest implements Runnable {
    private static final int FIRST_WITH_LEADERS = 16;
    /** What an answer takes beside its records, and what a partition does in it, about. */
    private static final int ANSWER_BYTES = 20;

    private static final int PARTITION_BYTES = 60;

    private final FetchLimits limits;
    private FetchContext session;
    private FetchItem[] items;
    private final FetchReader reader;

    /** @param items what the wishes of the session mean */
    FetchInFlight(
            RequestContext context, FetchContext session, FetchLimits limits, FetchItem[] items, FetchReader reader) {
        super(context);
        this.reader = reader;
        this.session = session;
        this.limits = limits;
        this.items = items;
    }

    FetchLimits limits() {
        return limits;
    }

    /** {@return what is read, and how it is answered} */
    final FetchContext session() {
        return session;
    }

    /** {@return the same, which another one answers} */
    final FetchContext handOn() {
        FetchContext answering = session;
        session = null;
        return answering;
    }

    final FetchItem[] items() {
        return items;
    }

    final FetchReader reader() {
        return reader;
    }

    /** {@return whether it is a client's or a follower's: what the broker looks at itself is nobody's, and counts nowhere} */
    boolean isOfSomebody() {
        return context().connection().peer() != OwnRequest.SELF;
    }

    /** {@return what counts it; null if nothing does, and there are no parts where nobody knows any of the partitions} */
    final TopicCounting counting() {
        return first() != null && isOfSomebody() ? first().owner().counting() : null;
    }

    @Override
    protected Part part(PartitionOwner owner, int[] places) {
        return new FetchPart(this, owner, places, items, reader);
    }

    private FetchPart first() {
        return (FetchPart) firstPart();
    }

    @Override
    protected boolean isEnough() {
        if (!limits.mayWait()) {
            return true;
        }
        long sizeBytes = 0;
        for (FetchPart part = first(); part != null; part = part.following()) {
            if (part.isUrgent()) {
                return true;
            }
            sizeBytes += part.foundBytes();
        }
        return sizeBytes >= limits.minBytes();
    }

    @Override
    protected void waits(Part last) {
        ((FetchPart) last).expireAbout(limits.maxWaitMs());
        FetchContext waiting = session;
        if (waiting != null) {
            waiting.whenClosed(this);
        }
    }

    /** Its session has been closed by a request that waits behind this one: what there is will do. */
    @Override
    public void run() {
        FetchPart part = first();
        part.owner().loop().post(() -> timeIsUp(part));
    }

    @Override
    protected void conclude(Part last, boolean waited) {
        boolean fresh = !waited;
        for (FetchPart part = first(); part != null; part = part.following()) {
            fresh &= !part.isReckoned();
        }
        if (fresh) {
            answerNow();
            return;
        }
        last.serveAgain();
        List<FetchPart> others = new ArrayList<>();
        for (FetchPart other = first(); other != null; other = other.following()) {
            if (other != last && other.foundBytes() > 0) {
                others.add(other);
            }
        }
        if (others.isEmpty()) {
            answerNow();
        } else {
            workOnceMore(others);
        }
    }

    @Override
    protected void answer() {
        send(results(new ByteBudget(limits.maxBytes())));
    }

    /** {@return what the partitions gave, in the order of the wishes} @param budget cuts it; null to leave it as it was found */
    final PartitionData[] results(ByteBudget budget) {
        PartitionData[] results = new PartitionData[items.length];
        for (FetchPart part = first(); part != null; part = part.following()) {
            PartitionData[] data = part.data();
            for (int i = 0; i < data.length; i++) {
                results[part.places()[i]] = data[i];
            }
        }
        List<FetchWish> wishes = session.wishes();
        for (int i = 0; i < results.length; i++) {
            FetchWish wish = wishes.get(i);
            if (results[i] == null) {
                results[i] = unknown(wish, items[i]);
            } else if (budget != null) {
                results[i] = budget.take(results[i], wish.maxBytes());
            }
        }
        return results;
    }

    /** Answers with these results. */
    final void send(PartitionData[] results) {
        FetchContext answering = session;
        if (throttled(results) > 0) {
            session = null;
            context().respond(answering.respondNothing());
            return;
        }
        if (reader.isThrottling(limits)) {
            for (int i = 0; i < results.length; i++) {
                reader.sent(items[i].id(), limits, results[i].records().sizeBytes());
            }
        }
        TopicCounting counting = counting();
        if (counting != null) {
            count(results, counting);
        }
        List<NodeEndpoint> leaders = nameLeaders(results);
        session = null;
        FetchResponse response = answering.respond(Arrays.asList(results));
        context().respond(leaders.isEmpty() ? response : with(response, leaders));
    }

    /** {@return for how long the client is to rest, in milliseconds; then it gets nothing} */
    private int throttled(PartitionData[] results) {
        RequestCharge charge = limits.fromFollower() ? null : context().charge();
        if (charge == null) {
            return 0;
        }
        long sizeBytes = ANSWER_BYTES;
        for (PartitionData result : results) {
            int recordsBytes = result.records().sizeBytes();
            sizeBytes += recordsBytes == 0 ? 0 : PARTITION_BYTES + recordsBytes;
        }
        return charge.fetched(sizeBytes);
    }

    private void count(PartitionData[] results, TopicCounting counting) {
        for (int i = 0; i < results.length; i++) {
            int sizeBytes = results[i].records().sizeBytes();
            if (sizeBytes > 0) {
                TopicMeters meters = counting.of(items[i].id().topic());
                meters.sent(sizeBytes, limits.fromFollower());
                if (limits.fromFollower() && counting.comes(items[i].id(), limits.replicaId())) {
                    meters.sentToNewReplica(sizeBytes);
                }
            }
        }
    }

    /** Puts in who leads what this broker does not, or not in that epoch. {@return where those are} */
    private List<NodeEndpoint> nameLeaders(PartitionData[] results) {
        if (context().header().apiVersion() < FIRST_WITH_LEADERS) {
            return List.of();
        }
        CurrentLeaders leaders = null;
        for (int i = 0; i < results.length; i++) {
            ErrorCode error = results[i].errorCode();
            if (error == ErrorCode.NOT_LEADER_OR_FOLLOWER || error == ErrorCode.FENCED_LEADER_EPOCH) {
                leaders = leaders == null ? reader.lookup().leaders(context()) : leaders;
                PartitionInfo partition = leaders.leaderOf(items[i].id());
                if (partition != null) {
                    results[i] = PartitionResults.with(results[i], partition.leader(), partition.leaderEpoch());
                }
            }
        }
        return leaders == null ? List.of() : leaders.endpoints(NodeEndpoint::new);
    }

    private static FetchResponse with(FetchResponse response, List<NodeEndpoint> leaders) {
        return new FetchResponse(response.errorCode(), response.sessionId(), response.responses(), leaders);
    }

    /** Parts that have not left yet keep nothing but themselves. */
    @Override
    protected void ended() {
        items = null;
        if (session != null) {
            session.abandon();
            session = null;
        }
    }

    private static PartitionData unknown(FetchWish wish, FetchItem item) {
        ErrorCode error = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        if (item == FetchItem.UNKNOWN_TOPIC_ID) {
            error = ErrorCode.UNKNOWN_TOPIC_ID;
        } else if (item == FetchItem.REFUSED) {
            error = ErrorCode.TOPIC_AUTHORIZATION_FAILED;
        }
        return PartitionResults.error(wish.target().partition(), error, PartitionResults.Offsets.UNKNOWN);
    }
}
