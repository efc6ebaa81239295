package io.odradek.core.partition;

import io.odradek.core.partition.ReplicaRole.Following;
import io.odradek.core.partition.ReplicaRole.Leading;
import io.odradek.core.partition.ReplicaRole.Offline;
import io.odradek.core.partition.ReplicaRole.Reason;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.RecordRules;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.io.PassingFailure;
import io.odradek.storage.log.AbortedTransaction;
import io.odradek.storage.log.DamagedSegmentException;
import io.odradek.storage.log.ForceListener;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.Log.FetchedData;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * This broker's replica of one partition: its log, its role ({@link ReplicaRole} draws the transitions), its high watermark,
 * and the requests that wait for it. Everything here is called on the owner's loop.
 *
 * <p>A change (an append, a moved high watermark, a new role) is remembered, and told to those who wait by
 * {@link #announceChanges}, so that a request that touches several partitions is answered before others are woken.
 */
public final class Partition implements ForceListener {
    private static final FetchedData NOTHING = new FetchedData(BytesPayload.EMPTY, 0);

    private final TopicPartition id;
    private final Uuid topicId;
    private Log log;
    private long highWatermark;
    private final RecordRulesOf rules;
    private final LeadershipListener listener;
    private final ReplicaHost host;
    private final PartitionWatches watches = new PartitionWatches();
    private final AppendOrder appendOrder = new AppendOrder();
    private ReplicaRole role;
    private FollowerLog followerLog;
    private long appendedBytes;
    /** Null while its replicas stay. */
    private LocalReplicas.Move move;

    private boolean comes;
    private TopicMeters meters = TopicMeters.NONE;
    /** What shows it; or null. */
    private PartitionMeters shown;

    /**
     * A replica that follows nobody yet.
     *
     * @param log its open log
     * @param highWatermark the high watermark from the checkpoint; cut to what the log has
     * @param recordLimits the broker's limits for records
     * @param listener is told when this broker starts and stops to lead
     * @param host the broker it lives on
     */
    Partition(
            TopicPartition id,
            Uuid topicId,
            Log log,
            long highWatermark,
            RecordLimits recordLimits,
            LeadershipListener listener,
            ReplicaHost host) {
        this.host = host;
        this.rules = new RecordRulesOf(recordLimits);
        this.listener = listener;
        this.id = id;
        this.topicId = topicId;
        this.log = log;
        this.role = new Following(-1, Following.NOBODY);
        setHighWatermark(Math.max(log.startOffset(), Math.min(highWatermark, log.endOffset())));
        log.onForce(this);
    }

    /** Says what counts what happens to it, and what shows it. */
    void countWith(TopicMeters counting, PartitionMeters showing) {
        meters = counting;
        shown = showing;
    }

    /** Nobody is shown anything of it any more. */
    void hide() {
        shown.close();
    }

    /** {@return what counts what happens to it} */
    public TopicMeters meters() {
        return meters;
    }

    /** {@return the partition's name} */
    public TopicPartition id() {
        return id;
    }

    /** {@return the topic's identifier} */
    public Uuid topicId() {
        return topicId;
    }

    /** {@return its log; written through this class only} */
    public Log log() {
        return log;
    }

    /** Goes on with an equal log, which lies in another folder and is forced to the disk. */
    void replaceLog(Log equal) {
        // What may still be told of the old one is no matter of the folder that the partition lies in now.
        log.onForce(ForceListener.NONE);
        log = equal;
        log.onForce(this);
        if (role instanceof Leading leading) {
            log.beginEpoch(leading.leaderEpoch());
        }
        forced();
    }

    /** {@return what its records are validated by} */
    public RecordRules recordRules() {
        return rules.unbounded(log.config());
    }

    /**
     * {@return the same, with a bound of what may be inflated on the owner's loop: what is MESSAGE_TOO_LARGE by these may be
     * good by {@link #recordRules}}
     */
    public RecordRules recordRulesOnLoop() {
        return rules.onLoop(log.config());
    }

    /** {@return what message sets are validated by, which take more memory} */
    public RecordRules messageSetRules() {
        return rules.ofSets(log.config());
    }

    /** {@return the order in which producers' records are appended} */
    public AppendOrder appendOrder() {
        return appendOrder;
    }

    /** {@return what this replica does} */
    public ReplicaRole role() {
        return role;
    }

    /** {@return the offset below which every in-sync replica has the records} */
    public long highWatermark() {
        return highWatermark;
    }

    /** {@return the offset below which every transaction has ended, and its end is on all in-sync replicas (KIP-98)} */
    public long lastStableOffset() {
        return log.producers().lastStableOffset(highWatermark);
    }

    /** {@return the bytes that were appended here while this broker led; how far the log has grown is the difference of two} */
    public long appendedBytes() {
        return appendedBytes;
    }

    /** {@return those who wait for this partition} */
    public PartitionWatches watches() {
        return watches;
    }

    /** {@return which of its replicas come and go; null while they stay} */
    LocalReplicas.Move move() {
        return move;
    }

    /** {@return whether this replica is one that comes} */
    boolean comes() {
        return comes;
    }

    /** Its replicas come and go, or stay. To be said before the role that it has then. */
    void moves(LocalReplicas.Move now, int brokerId) {
        move = now;
        comes = now != null && now.adding().contains(brokerId);
        if (shown != null) {
            shown.roleChanged();
        }
    }

    /** Becomes the leader in a newer epoch, or takes over changed replicas, or other ones in sync, in its epoch. */
    void lead(LocalReplicas.PartitionState state, int brokerId) {
        if (role instanceof Leading leading && leading.leaderEpoch() == state.leaderEpoch()) {
            become(InSyncRules.changed(leading, state, brokerId, host.nowMs()));
        } else {
            SortedMap<Integer, Replica> followers = state.replicas().size() == 1
                    ? Collections.emptySortedMap()
                    : InSyncRules.followers(state, brokerId, Map.of(), host.nowMs());
            log.beginEpoch(state.leaderEpoch());
            Isr isr = new Isr.Settled(state.isr(), state.partitionEpoch());
            int since = role instanceof Leading leading ? leading.sinceEpoch() : state.leaderEpoch();
            become(new Leading(state.leaderEpoch(), since, log.endOffset(), isr, followers));
        }
        advanceHighWatermark();
    }

    /** Follows another broker, or {@link Following#NOBODY}. */
    void follow(int leaderEpoch, int leader) {
        Following following = new Following(leaderEpoch, leader);
        if (!following.equals(role)) {
            become(following);
        }
    }

    /** Leads no longer, as this broker may be taken for dead; follows whom it followed. */
    void fence() {
        if (role instanceof Leading) {
            follow(role.leaderEpoch(), Following.NOBODY);
        }
    }

    /** Follows nobody from an epoch on, if it has not been told of a later one; a negative one stands for any. */
    void rest(int leaderEpoch) {
        if (!(role instanceof Offline) && (leaderEpoch < 0 || leaderEpoch >= role.leaderEpoch())) {
            follow(Math.max(leaderEpoch, role.leaderEpoch()), Following.NOBODY);
        }
    }

    /** Stops for good. */
    void stop(Reason reason) {
        become(new Offline(role.leaderEpoch(), reason));
    }

    private void become(ReplicaRole next) {
        ReplicaRole before = role;
        boolean led = before instanceof Leading;
        boolean leads = next instanceof Leading;
        role = next;
        if (shown != null) {
            shown.roleChanged();
        }
        if (led && !leads) {
            watches.leadershipEnded();
        } else {
            watches.changed();
        }
        if (followerLog != null) {
            followerLog.ended();
            followerLog = null;
        }
        if (led && !leads) {
            listener.resigned(this);
        }
        if (leads && !led) {
            listener.elected(this);
        }
        host.roleChanged(this, before);
    }

    /** {@return the log as the follower's side sees it; null if this replica does not follow in that epoch (any more)} */
    public FollowerLog followerLog(int leaderEpoch) {
        if (!(role instanceof Following) || role.leaderEpoch() != leaderEpoch) {
            return null;
        }
        if (followerLog == null) {
            followerLog = new FollowerLog(this);
        }
        return followerLog;
    }

    /**
     * Checks that this replica leads, and in the epoch that the client believes in.
     *
     * @param currentLeaderEpoch that epoch, -1 for none
     * @throws ApiException KAFKA_STORAGE_ERROR, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, NOT_LEADER_OR_FOLLOWER
     */
    public Leading requireLeader(int currentLeaderEpoch) {
        if (role instanceof Offline offline) {
            throw new ApiException(
                    offline.reason() == Reason.REMOVED
                            ? ErrorCode.NOT_LEADER_OR_FOLLOWER
                            : ErrorCode.KAFKA_STORAGE_ERROR,
                    "Partition " + id + " is offline");
        }
        if (currentLeaderEpoch >= 0 && currentLeaderEpoch != role.leaderEpoch()) {
            throw new ApiException(
                    currentLeaderEpoch < role.leaderEpoch()
                            ? ErrorCode.FENCED_LEADER_EPOCH
                            : ErrorCode.UNKNOWN_LEADER_EPOCH,
                    "Partition " + id + " is in leader epoch " + role.leaderEpoch() + ", not " + currentLeaderEpoch);
        }
        if (role instanceof Leading leading) {
            return leading;
        }
        throw new ApiException(ErrorCode.NOT_LEADER_OR_FOLLOWER, "This broker does not lead " + id);
    }

    /**
     * Checks that this replica leads, and has done so without a break since an epoch.
     *
     * @throws ApiException as {@link #requireLeader}, NOT_LEADER_OR_FOLLOWER after a break
     */
    void requireLeaderSince(int leaderEpoch) {
        if (requireLeader(-1).sinceEpoch() > leaderEpoch) {
            throw new ApiException(
                    ErrorCode.NOT_LEADER_OR_FOLLOWER,
                    "The leadership of " + id + " that began in leader epoch " + leaderEpoch + " is over");
        }
    }

    /** {@return whether what has been appended may be acknowledged with acks=1} */
    public boolean isForced() {
        return log.recoveryPoint() >= log.awaitedForceOffset();
    }

    @Override
    public void forced() {
        watches.changed();
        advanceHighWatermark();
        if (followerLog != null) {
            followerLog.forced();
        }
        announceChanges();
    }

    @Override
    public void forceFailed(IOException failure) {
        if (!(role instanceof Offline)) {
            failed(failure);
        }
        announceChanges();
    }

    /**
     * Finds records for a fetch. Beyond the bound, up to the log's end, there is nothing, and no error.
     *
     * @param offset the first offset wanted
     * @param maxBytes upper bound in bytes; a first batch larger than that is given whole
     * @param endOffset the exclusive bound of what the reader may see
     * @throws ApiException OFFSET_OUT_OF_RANGE, KAFKA_STORAGE_ERROR
     */
    public FetchedData read(long offset, int maxBytes, long endOffset) {
        if (offset >= endOffset && offset <= log.endOffset()) {
            return NOTHING;
        }
        try {
            return log.read(offset, maxBytes, true, endOffset);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /**
     * Finds the aborted transactions whose records a read_committed consumer must skip in what was read.
     *
     * @param offset the first offset wanted
     * @param fetched what {@link #read} gave for it
     * @param endOffset the exclusive bound of that read
     * @throws ApiException KAFKA_STORAGE_ERROR
     */
    public List<AbortedTransaction> abortedTransactions(long offset, FetchedData fetched, long endOffset) {
        try {
            return log.producers().abortedTransactions(offset, fetched, endOffset);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /**
     * A follower fetched: it has everything before the offset, and the high watermark may move.
     *
     * @throws ApiException UNKNOWN_LEADER_EPOCH if this replica does not know that broker as one of its followers, STALE_BROKER_EPOCH if
     *     the fetch is from an earlier life of it
     */
    public void followerFetched(FollowerFetch fetch) {
        if (role instanceof Leading leading) {
            LeaderDuties.followerFetched(this, leading, fetch);
        }
    }

    /** Leads on in its epoch with other replicas in sync. */
    void leadWith(Isr isr) {
        if (role instanceof Leading leading) {
            become(new Leading(
                    leading.leaderEpoch(), leading.sinceEpoch(), leading.epochStartOffset(), isr, leading.followers()));
            advanceHighWatermark();
        }
    }

    /** The leader has appended as many bytes. */
    void grown(int sizeBytes) {
        appendedBytes += sizeBytes;
    }

    /** Something has changed that others may wait for. */
    void touched() {
        watches.changed();
    }

    /** {@return the broker it lives on} */
    ReplicaHost host() {
        return host;
    }

    /**
     * Takes the replica out of service because its log cannot be read or written; but if the disk is only full, no more files
     * may be opened, or a part of the log is lost, it goes on with what it has. {@return the error to answer}
     */
    public ApiException failed(IOException e) {
        if (!PassingFailure.is(e) && !(e instanceof DamagedSegmentException)) {
            stop(Reason.STORAGE_FAILURE);
        }
        host.failed(this, e);
        return new ApiException(
                ErrorCode.KAFKA_STORAGE_ERROR, "The log of " + id + " cannot be used: " + e.getMessage());
    }

    /** Wakes those who wait, if anything has changed since the last call. */
    public void announceChanges() {
        if (watches.areDue()) {
            watches.announce(highWatermark, log.recoveryPoint());
        }
    }

    void advanceHighWatermark() {
        if (role instanceof Leading leading) {
            long end = log.settledEndOffset();
            long candidate = leading.followers().isEmpty() ? end : LeaderDuties.highWatermark(this, leading, end);
            if (candidate > highWatermark) {
                setHighWatermark(candidate);
            }
        }
    }

    /** Sets the high watermark: forward, or back where the log was cut. */
    void setHighWatermark(long offset) {
        if (offset != highWatermark) {
            highWatermark = offset;
            watches.changed();
            if (shown != null) {
                shown.changed();
            }
        }
        log.updateHighWatermark(offset);
    }
}
