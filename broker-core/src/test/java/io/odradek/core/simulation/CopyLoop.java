package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.AddOffsetsToTxnRequest;
import io.odradek.protocol.api.AddOffsetsToTxnResponse;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.api.OffsetFetchResponse;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponsePartition;
import io.odradek.protocol.api.TxnOffsetCommitResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A member of a group that copies committed records of the partitions it owns, and commits its new positions in the
 * transactions of the copies (KIP-98, KIP-447): each record is copied once, whatever becomes of the members.
 */
final class CopyLoop extends TransactionalClient {
    private static final int LEAVES_ONCE_IN = 60;
    private static final int ABORTS_ONCE_IN = 10;
    private static final int HEARTBEATS_ONCE_IN = 3;
    private static final int MOST_OUTPUTS = 3;

    /** What the open transaction copies. */
    private record Copying(TopicPartition input, long to, int generation) {}

    private final List<TopicPartition> outputs;
    private final GroupMembership membership;
    private final Map<TopicPartition, Long> nothingUpTo = new TreeMap<>();
    private Copying copying;
    private boolean offsetsAdded;
    private long copied;

    /**
     * @param inputs partitions that the members of the group share
     * @param outputs where the copies are written, in any of them
     */
    CopyLoop(
            String name,
            String group,
            ClusterWorld cluster,
            ClusterClients shared,
            List<TopicPartition> inputs,
            List<TopicPartition> outputs) {
        super(name, name, cluster, shared);
        this.outputs = outputs;
        this.membership = new GroupMembership(this, group, inputs);
    }

    /** {@return how many transactions it has committed} */
    long copied() {
        return copied;
    }

    @Override
    protected void idle() {
        if (!membership.isStable() || membership.owned().isEmpty() || random.nextInt(HEARTBEATS_ONCE_IN) == 0) {
            membership.step();
            return;
        }
        if (random.nextInt(LEAVES_ONCE_IN) == 0) {
            membership.leave();
            return;
        }
        List<TopicPartition> mine = new ArrayList<>(membership.owned().keySet());
        TopicPartition id = mine.get(random.nextInt(mine.size()));
        Long position = membership.owned().get(id);
        if (position == null) {
            fetchPosition(id);
        } else {
            read(id, position);
        }
    }

    /** When no transaction is open that may still move it. */
    private void fetchPosition(TopicPartition id) {
        long least = shared.transactions().copiedTo(id);
        int askedIn = membership.generation();
        membership.ask(
                ApiKey.OFFSET_FETCH,
                ClusterRequests.OFFSET_FETCH_VERSION,
                TransactionRequests.stablePosition(membership.group(), id),
                answer -> {
                    if (answer instanceof OffsetFetchResponse response) {
                        positionFetched(id, least, askedIn, response);
                    } else {
                        membership.lost();
                    }
                    pause();
                });
    }

    private void positionFetched(TopicPartition id, long least, int askedIn, OffsetFetchResponse response) {
        OffsetFetchResponsePartition found = response.errorCode() == ErrorCode.NONE
                ? response.topics().get(0).partitions().get(0)
                : null;
        ErrorCode error = found == null ? response.errorCode() : found.errorCode();
        if (error == ErrorCode.UNSTABLE_OFFSET_COMMIT) {
            return;
        }
        if (error != ErrorCode.NONE) {
            membership.refused(error);
        } else if (membership.generation() == askedIn) {
            long position = Math.max(0, found.committedOffset());
            shared.transactions().positionFound(id, least, position);
            membership.owned().put(id, position);
            nothingUpTo.remove(id);
            if (traces()) {
                trace("goes on at " + position + " of " + id);
            }
        }
    }

    private void read(TopicPartition id, long position) {
        ClientMetadata.Led led = metadata().of(id);
        if (led == null || led.leader() < 0) {
            refresh();
            return;
        }
        long from = Math.max(position, nothingUpTo.getOrDefault(id, 0L));
        send(
                led.leader(),
                ApiKey.FETCH,
                ClusterRequests.FETCH_VERSION,
                TransactionRequests.fetch(led.topicId(), id.partition(), led.epoch(), from, 0),
                answer -> {
                    FetchResponse response = (FetchResponse) answer;
                    PartitionData fetched = response == null
                                    || response.errorCode() != ErrorCode.NONE
                                    || response.responses().isEmpty()
                            ? null
                            : response.responses().get(0).partitions().get(0);
                    if (fetched == null || fetched.errorCode() != ErrorCode.NONE) {
                        refresh();
                    } else {
                        copy(id, position, from, fetched);
                        pause();
                    }
                });
    }

    private void copy(TopicPartition id, long position, long from, PartitionData fetched) {
        List<Long> shown = new ArrayList<>();
        long next = CommittedRecords.read(id, fetched, from, (offset, value, isShown) -> {
            if (isShown) {
                shared.transactions().shown(value);
                shown.add(value);
            } else {
                shared.transactions().hidden(value);
            }
        });
        if (shown.isEmpty()) {
            nothingUpTo.put(id, next);
            return;
        }
        begin();
        copying = new Copying(id, next, membership.generation());
        offsetsAdded = false;
        shared.transactions().copies(transaction(), id, position, next);
        int parts = Math.min(shown.size(), 1 + random.nextInt(MOST_OUTPUTS));
        for (int i = 0; i < parts; i++) {
            int records = shown.size() / parts + (i < shown.size() % parts ? 1 : 0);
            write(outputs.get(random.nextInt(outputs.size())), records);
        }
    }

    @Override
    protected void written() {
        if (copying == null) {
            // The positions have moved as well.
            end(random.nextInt(ABORTS_ONCE_IN) > 0);
            pause();
        } else if (!speaksSecond() && !offsetsAdded) {
            addOffsets();
        } else {
            commitOffsets();
        }
    }

    private void addOffsets() {
        TransactionLedger.Transaction in = transaction();
        send(
                coordinator(),
                ApiKey.ADD_OFFSETS_TO_TXN,
                TransactionRequests.ADD_OFFSETS_VERSION,
                new AddOffsetsToTxnRequest(
                        committer().transactionalId(),
                        committer().producerId(),
                        committer().epoch(),
                        membership.group()),
                answer -> {
                    if (transaction() == in) {
                        offsetsAdded((AddOffsetsToTxnResponse) answer);
                    }
                    pause();
                });
    }

    private void offsetsAdded(AddOffsetsToTxnResponse answer) {
        if (answer == null) {
            unanswered();
        } else if (answer.errorCode() == ErrorCode.NONE) {
            offsetsAdded = true;
        } else if (!isPassing(answer.errorCode())) {
            fenced(answer.errorCode());
        }
    }

    private TransactionRequests.Committer committer() {
        int generation = copying == null ? membership.generation() : copying.generation;
        return committer(membership.group(), generation, membership.member());
    }

    private void commitOffsets() {
        TransactionLedger.Transaction in = transaction();
        membership.ask(
                ApiKey.TXN_OFFSET_COMMIT,
                TransactionRequests.commitOffsetsVersion(speaksSecond()),
                TransactionRequests.commit(committer(), copying.input, copying.to),
                answer -> {
                    if (transaction() != in) {
                        pause();
                    } else if (answer instanceof TxnOffsetCommitResponse response) {
                        offsetsCommitted(
                                response.topics().get(0).partitions().get(0).errorCode());
                    } else {
                        mayArriveLate();
                        membership.findAgain();
                    }
                });
    }

    private void offsetsCommitted(ErrorCode error) {
        if (traces()) {
            trace("moves to " + copying.to + " of " + copying.input + ": " + error);
        }
        Violation.unless(error != ErrorCode.UNKNOWN_SERVER_ERROR, "The coordinator of %s fails", membership.group());
        switch (error) {
            case NONE -> copying = null;
            case NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE -> {
                mayArriveLate();
                membership.findAgain();
                return;
            }
            case COORDINATOR_LOAD_IN_PROGRESS, REQUEST_TIMED_OUT -> {
                // It is asked again.
            }
            case INVALID_PRODUCER_EPOCH, PRODUCER_FENCED, INVALID_PRODUCER_ID_MAPPING -> fenced(error);
            case TRANSACTION_ABORTABLE, INVALID_TXN_STATE -> {
                mayArriveLate();
                end(false);
            }
            default -> {
                membership.refused(error);
                end(false);
            }
        }
        pause();
    }

    @Override
    protected void ended(boolean committed) {
        copied += committed ? 1 : 0;
        forgetPositions();
    }

    @Override
    protected void dropped() {
        forgetPositions();
        membership.vanish();
    }

    /** They are asked for again. */
    private void forgetPositions() {
        copying = null;
        membership.owned().replaceAll((id, position) -> null);
        nothingUpTo.clear();
    }
}
