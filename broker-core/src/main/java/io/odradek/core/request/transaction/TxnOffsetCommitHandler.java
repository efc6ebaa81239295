package io.odradek.core.request.transaction;

import io.odradek.core.coordinator.group.CommitTransaction;
import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.coordinator.group.GroupSettings;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.core.verification.TransactionQuestion;
import io.odradek.core.verification.TransactionVerifier;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.api.OffsetCommitResponse.OffsetCommitResponsePartition;
import io.odradek.protocol.api.OffsetCommitResponse.OffsetCommitResponseTopic;
import io.odradek.protocol.api.TxnOffsetCommitRequest;
import io.odradek.protocol.api.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.odradek.protocol.api.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.odradek.protocol.api.TxnOffsetCommitResponse;
import io.odradek.protocol.api.TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition;
import io.odradek.protocol.api.TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * TxnOffsetCommit, versions 0 to 5: keeps the positions of a group, which count once their transaction is committed.
 *
 * <p>First the transaction's coordinator is asked whether the partition that the group lives in is in the transaction
 * ({@code transaction.partition.verification.enable}); from version 5 on it is added. Errors, for each partition: those of
 * OffsetCommit; INVALID_PRODUCER_ID_MAPPING, INVALID_PRODUCER_EPOCH; TRANSACTION_ABORTABLE if the partition is not in the
 * transaction, or that has ended (INVALID_TXN_STATE before version 4); COORDINATOR_LOAD_IN_PROGRESS if the transaction's
 * coordinator cannot be asked now, or ends the transaction before (COORDINATOR_NOT_AVAILABLE before version 2, as clients of then
 * take the former for a fault).
 *
 * <p>Versions: 0 is KIP-98; from 1 on a throttled client is answered first (KIP-219); 2 has leader epochs (KIP-320); 3 names the
 * member (KIP-447) and is flexible (KIP-482); 4 knows TRANSACTION_ABORTABLE, 5 is transactions v2 (KIP-890).
 */
public final class TxnOffsetCommitHandler implements RequestHandler<TxnOffsetCommitRequest> {
    private static final int LOADING_SINCE = 2;
    private static final int ABORTABLE_SINCE = 4;
    private static final int ADDS_SINCE = 5;
    private static final long NO_TIME = -1;

    private final GroupCoordinator groups;
    private final TransactionVerifier verifier;
    private final MetadataSource metadata;
    private final BooleanSupplier verifies;

    /**
     * @param groups the groups of this broker
     * @param verifier asks the coordinators of transactions
     * @param metadata tells how many partitions the topic of groups has
     * @param verifies {@code transaction.partition.verification.enable}
     */
    public TxnOffsetCommitHandler(
            GroupCoordinator groups, TransactionVerifier verifier, MetadataSource metadata, BooleanSupplier verifies) {
        this.groups = groups;
        this.verifier = verifier;
        this.metadata = metadata;
        this.verifies = verifies;
    }

    @Override
    public void handle(TxnOffsetCommitRequest request, RequestContext context) {
        int version = context.header().apiVersion();
        boolean adds = version >= ADDS_SINCE;
        groups.during(context)
                .commit(
                        commit(request),
                        adds
                                ? CommitTransaction.ofVersion2(request.producerId(), request.producerEpoch())
                                : new CommitTransaction(request.producerId(), request.producerEpoch()),
                        answer -> verify(request, adds, answer),
                        response -> context.respond(response(response, version)));
    }

    private void verify(TxnOffsetCommitRequest request, boolean adds, Consumer<ErrorCode> answer) {
        TopicInfo topic = metadata.image().topics().get(GroupSettings.OFFSETS_TOPIC);
        if (topic == null) {
            answer.accept(ErrorCode.NOT_COORDINATOR);
            return;
        }
        if (!adds && !verifies.getAsBoolean()) {
            answer.accept(ErrorCode.NONE);
            return;
        }
        int index = GroupCoordinator.partitionOf(
                request.groupId(), topic.partitions().size());
        TopicPartition partition = new TopicPartition(GroupSettings.OFFSETS_TOPIC, index);
        TransactionQuestion question = new TransactionQuestion(
                request.transactionalId(),
                request.producerId(),
                request.producerEpoch(),
                new TreeSet<>(List.of(partition)),
                adds);
        verifier.ask(question, errors -> answer.accept(ofTransaction(errors.get(partition))));
    }

    /** What the transaction's coordinator says to producers of a group's: its own troubles are not the group's. */
    private static ErrorCode ofTransaction(ErrorCode error) {
        return switch (error) {
            case NOT_COORDINATOR,
                    COORDINATOR_NOT_AVAILABLE,
                    COORDINATOR_LOAD_IN_PROGRESS,
                    CONCURRENT_TRANSACTIONS,
                    NETWORK_EXCEPTION -> ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
            case PRODUCER_FENCED -> ErrorCode.INVALID_PRODUCER_EPOCH;
            default -> error;
        };
    }

    private static OffsetCommitRequest commit(TxnOffsetCommitRequest request) {
        List<OffsetCommitRequestTopic> topics = new ArrayList<>(request.topics().size());
        for (TxnOffsetCommitRequestTopic topic : request.topics()) {
            List<OffsetCommitRequestPartition> partitions =
                    new ArrayList<>(topic.partitions().size());
            for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
                partitions.add(new OffsetCommitRequestPartition(
                        partition.partitionIndex(),
                        partition.committedOffset(),
                        partition.committedLeaderEpoch(),
                        NO_TIME,
                        partition.committedMetadata()));
            }
            topics.add(new OffsetCommitRequestTopic(topic.name(), partitions));
        }
        return new OffsetCommitRequest(
                request.groupId(),
                request.generationIdOrMemberEpoch(),
                request.memberId(),
                request.groupInstanceId(),
                NO_TIME,
                topics);
    }

    private static TxnOffsetCommitResponse response(OffsetCommitResponse response, int version) {
        List<TxnOffsetCommitResponseTopic> topics =
                new ArrayList<>(response.topics().size());
        for (OffsetCommitResponseTopic topic : response.topics()) {
            List<TxnOffsetCommitResponsePartition> partitions =
                    new ArrayList<>(topic.partitions().size());
            for (OffsetCommitResponsePartition partition : topic.partitions()) {
                partitions.add(new TxnOffsetCommitResponsePartition(
                        partition.partitionIndex(), inVersion(version, partition.errorCode())));
            }
            topics.add(new TxnOffsetCommitResponseTopic(topic.name(), Uuid.ZERO, partitions));
        }
        return new TxnOffsetCommitResponse(topics);
    }

    private static ErrorCode inVersion(int version, ErrorCode error) {
        if (error == ErrorCode.TRANSACTION_ABORTABLE && version < ABORTABLE_SINCE) {
            return ErrorCode.INVALID_TXN_STATE;
        }
        return error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS && version < LOADING_SINCE
                ? ErrorCode.COORDINATOR_NOT_AVAILABLE
                : error;
    }
}
