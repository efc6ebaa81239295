package io.odradek.core.request;

import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.Clock;
import java.util.concurrent.Executor;

/**
 * Produce, versions 0 to 12: appends one batch to each partition named. Before version 3 it is made of a message set.
 *
 * <p>acks=0 is not answered; if any partition refuses, the connection is closed, which is the only way to tell the client.
 * acks=1 is answered when the leader has appended, and forced where {@code log.flush.policy} or {@code flush.messages} says
 * so; acks=-1 when the high watermark has passed the records. Both are answered with REQUEST_TIMED_OUT if that takes longer
 * than {@code timeoutMs}, or {@code odradek.request.max.wait.ms}. Partitions fail one by one; the others are appended.
 *
 * <p>Batches that are large, or inflate far, are checked in the background: what comes for their partition waits for them,
 * nobody else does. No more than a third of {@code queued.max.requests} wait so; further ones are REQUEST_TIMED_OUT at once, which
 * producers retry.
 *
 * <p>Versions: 1 has the throttle time in the response (KIP-13); 2 brought messages with timestamps, and tells the append time
 * (KIP-32); 3 brought record batches and transactional ids (KIP-98); from 4 on KAFKA_STORAGE_ERROR is known (KIP-112); 5
 * tells where the log starts (KIP-107); from 6 on a throttled client is answered first (KIP-219); 7 allows zstd (KIP-110); 8
 * names the records at fault (KIP-467); 9 is flexible (KIP-482); 10 names the leader to turn to, with
 * NOT_LEADER_OR_FOLLOWER, where it is known (KIP-951); 11 knows TRANSACTION_ABORTABLE, and 12 is transactions v2: partitions are
 * added to the transaction by writing to them (KIP-890).
 *
 * <p>Before the first batches of a transaction its coordinator is asked, once for all partitions ({@link ProduceQuestions}); the
 * producer's next batches for a partition wait behind, those of others do not. These too are a third of {@code
 * queued.max.requests} at most.
 *
 * <p>Error of the whole request, given for each partition: INVALID_REQUIRED_ACKS for other acks. Errors of a partition:
 * UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, INVALID_TOPIC_EXCEPTION for internal topics unless the client is
 * Kafka's own admin client, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND, KAFKA_STORAGE_ERROR,
 * UNSUPPORTED_COMPRESSION_TYPE for zstd before version 7, what {@code RecordValidator} finds (with the records at fault from
 * version 8 on, KIP-467), and what the log finds of a producer's sequence and epoch. Of a transactional batch also:
 * TRANSACTION_ABORTABLE if it is of no open transaction or that has ended meanwhile (INVALID_TXN_STATE before version 11, and
 * where the request has no transactional id), INVALID_PRODUCER_ID_MAPPING, INVALID_PRODUCER_EPOCH, and NOT_ENOUGH_REPLICAS
 * while the coordinator cannot say, which clients take for a reason to try again.
 */
public final class ProduceHandler implements RequestHandler<ProduceRequest> {
    private final PartitionOwners owners;
    private final ProduceServices services;

    /**
     * @param owners the owners of this broker's partitions
     * @param metadata tells unknown partitions from those of other brokers
     * @param clock for LogAppendTime and the age of segments
     * @param background checks large batches
     * @param bounds for how many at a time, and for the longest wait
     * @param verification asks whether transactional batches may be taken
     */
    public ProduceHandler(
            PartitionOwners owners,
            MetadataSource metadata,
            Clock clock,
            Executor background,
            Bounds bounds,
            ProduceVerification verification) {
        this.owners = owners;
        this.services = new ProduceServices(
                new PartitionLookup(metadata),
                clock,
                new FewAtOnce(background, bounds.checksAtATime(), Integer.MAX_VALUE),
                new HeldUp(bounds.behindChecks(), "Too many requests wait for large batches to be checked"),
                new HeldUp(bounds.behindCoordinators(), "Too many requests wait for coordinators of transactions"),
                bounds.maxWaitMs(),
                verification);
    }

    /** Which asks nobody about transactions. */
    public ProduceHandler(
            PartitionOwners owners, MetadataSource metadata, Clock clock, Executor background, Bounds bounds) {
        this(owners, metadata, clock, background, bounds, ProduceVerification.NONE);
    }

    /** With the bounds that the settings have by default, and nowhere but the owner's loop to check batches. */
    public ProduceHandler(PartitionOwners owners, MetadataSource metadata, Clock clock) {
        this(owners, metadata, clock, Runnable::run, Bounds.DEFAULTS);
    }

    /**
     * What bounds the work and the wait.
     *
     * @param checksAtATime large batches checked in the background at a time ({@code odradek.records.background.checks})
     * @param behindChecks requests that such batches hold up; further ones are told to come again
     * @param behindCoordinators requests that wait for what coordinators of transactions say; further ones likewise
     * @param maxWaitMs the longest wait for acks=-1 ({@code odradek.request.max.wait.ms})
     */
    public record Bounds(int checksAtATime, int behindChecks, int behindCoordinators, long maxWaitMs) {
        /** The settings' defaults. */
        public static final Bounds DEFAULTS = new Bounds(2, 166, 166, 3_600_000);
    }

    @Override
    public void handle(ProduceRequest request, RequestContext context) {
        ProduceInFlight inFlight = new ProduceInFlight(request, context, services);
        boolean known = request.acks() >= -1 && request.acks() <= 1;
        if (!known || inFlight.itemCount() == 0) {
            inFlight.refuse(known ? ErrorCode.NONE : ErrorCode.INVALID_REQUIRED_ACKS);
            return;
        }
        inFlight.serve(owners);
    }
}
