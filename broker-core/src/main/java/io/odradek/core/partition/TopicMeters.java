package io.odradek.core.partition;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.Meters;

/**
 * What is counted of a topic's partitions on this broker: what producers and coordinators write ({@code topic.produce.requests},
 * for each partition of a request; {@code topic.produce.failed}, {@code topic.bytes.in}, {@code topic.records.in}, and {@code
 * topic.bytes.rejected} of what is too large), what consumers read ({@code topic.fetch.requests}, {@code topic.fetch.failed},
 * {@code topic.bytes.out}), and from the first one on how many records have been converted of and for clients that know no
 * batches ({@code topic.produce.conversions}, {@code topic.fetch.conversions}); and of all topics together what followers copy
 * ({@code replication.bytes.in}, {@code replication.bytes.out}; of that what makes replicas in new places, {@code
 * reassignment.bytes.in} and {@code reassignment.bytes.out}) and how replicas come into sync and fall out of it ({@code
 * isr.expands}, {@code isr.shrinks}, {@code isr.failed}). For any thread.
 */
public final class TopicMeters {
    /** Counts nothing. */
    static final TopicMeters NONE = new TopicMeters(Meters.NONE, "");

    private final Meters.Counter produceRequests;
    private final Meters.Counter produceFailed;
    private final Meters.Counter bytesIn;
    private final Meters.Counter recordsIn;
    private final Meters.Counter bytesRejected;
    private final Meters.Counter fetchRequests;
    private final Meters.Counter fetchFailed;
    private final Meters.Counter bytesOut;
    private final Meters.Counter replicationBytesIn;
    private final Meters.Counter replicationBytesOut;
    private final Meters.Counter reassignmentBytesIn;
    private final Meters.Counter reassignmentBytesOut;
    private final Meters.Counter isrExpands;
    private final Meters.Counter isrShrinks;
    private final Meters.Counter isrFailed;
    private final Meters meters;
    private final String topic;
    private Meters.Counter produceConversions;
    private Meters.Counter fetchConversions;
    private boolean closed;

    /** How many partitions count with it; of {@link TopicCounting}. */
    int users;

    TopicMeters(Meters meters, String topic) {
        this.meters = meters;
        this.topic = topic;
        produceRequests = meters.counter("topic.produce.requests", "topic", topic);
        produceFailed = meters.counter("topic.produce.failed", "topic", topic);
        bytesIn = meters.counter("topic.bytes.in", "topic", topic);
        recordsIn = meters.counter("topic.records.in", "topic", topic);
        bytesRejected = meters.counter("topic.bytes.rejected", "topic", topic);
        fetchRequests = meters.counter("topic.fetch.requests", "topic", topic);
        fetchFailed = meters.counter("topic.fetch.failed", "topic", topic);
        bytesOut = meters.counter("topic.bytes.out", "topic", topic);
        replicationBytesIn = meters.counter("replication.bytes.in");
        replicationBytesOut = meters.counter("replication.bytes.out");
        reassignmentBytesIn = meters.counter("reassignment.bytes.in");
        reassignmentBytesOut = meters.counter("reassignment.bytes.out");
        isrExpands = meters.counter("isr.expands");
        isrShrinks = meters.counter("isr.shrinks");
        isrFailed = meters.counter("isr.failed");
    }

    /** Somebody writes to a partition. */
    public void writes() {
        produceRequests.add(1);
    }

    /** What was to be written has been appended. */
    void appended(long bytes, long records) {
        bytesIn.add(bytes);
        recordsIn.add(records);
    }

    /**
     * What was to be written has been refused. As with Kafka, what a client can be expected to meet is no failure.
     *
     * @param bytes how much it was
     */
    public void refused(ErrorCode error, long bytes) {
        switch (error) {
            case MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE -> bytesRejected.add(bytes);
            case UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, CORRUPT_MESSAGE, KAFKA_STORAGE_ERROR -> {}
            default -> produceFailed.add(1);
        }
    }

    /** Somebody reads a partition. */
    public void reads() {
        fetchRequests.add(1);
    }

    /** A partition could not be read, for no reason that a client can be expected to meet. */
    public void unreadable() {
        fetchFailed.add(1);
    }

    /** Records are sent to somebody who reads. */
    public void sent(long bytes, boolean toFollower) {
        (toFollower ? replicationBytesOut : bytesOut).add(bytes);
    }

    /** Records of somebody who writes, and knows no record batches, have been converted and appended. */
    public synchronized void convertedUp(long records) {
        produceConversions = conversions(produceConversions, "topic.produce.conversions", records);
    }

    /** Records have been converted for somebody who reads, and knows no record batches. */
    public synchronized void convertedDown(long records) {
        fetchConversions = conversions(fetchConversions, "topic.fetch.conversions", records);
    }

    private Meters.Counter conversions(Meters.Counter known, String name, long records) {
        Meters.Counter counter = known == null && !closed ? meters.counter(name, "topic", topic) : known;
        if (counter != null) {
            counter.add(records);
        }
        return counter;
    }

    /** Records are sent to a follower that gets a replica only now; {@link #sent} is told of them, too. */
    public void sentToNewReplica(long bytes) {
        reassignmentBytesOut.add(bytes);
    }

    /** Records have been copied from a leader. @param isNew whether this broker gets a replica only now */
    void copied(long bytes, boolean isNew) {
        replicationBytesIn.add(bytes);
        if (isNew) {
            reassignmentBytesIn.add(bytes);
        }
    }

    /** The controller has agreed to other replicas in sync. */
    void inSync(int before, int now) {
        if (now != before) {
            (now > before ? isrExpands : isrShrinks).add(1);
        }
    }

    /** The controller has not agreed to them. */
    void inSyncRefused() {
        isrFailed.add(1);
    }

    synchronized void close() {
        closed = true;
        if (produceConversions != null) {
            produceConversions.close();
        }
        if (fetchConversions != null) {
            fetchConversions.close();
        }
        produceRequests.close();
        produceFailed.close();
        bytesIn.close();
        recordsIn.close();
        bytesRejected.close();
        fetchRequests.close();
        fetchFailed.close();
        bytesOut.close();
    }
}
