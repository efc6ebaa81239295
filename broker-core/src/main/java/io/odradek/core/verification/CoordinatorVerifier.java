package io.odradek.core.verification;

import io.odradek.core.coordinator.runtime.CoordinatorRuntime;
import io.odradek.core.coordinator.transaction.Transaction;
import io.odradek.core.coordinator.transaction.TransactionCoordinator;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Finds the coordinator of a transactional id: this broker's own, which is asked by plain calls, or another broker's. */
public final class CoordinatorVerifier implements TransactionVerifier {
    private static final int NOBODY = -1;

    private final int brokerId;
    private final TransactionCoordinator own;
    private final MetadataSource metadata;
    private final IntFunction<? extends TransactionVerifier> others;

    /**
     * @param brokerId this broker's id
     * @param own its coordinator
     * @param metadata tells who leads the partition that an id lives in
     * @param others the way to the coordinator of another broker, by its id
     */
    public CoordinatorVerifier(
            int brokerId,
            TransactionCoordinator own,
            MetadataSource metadata,
            IntFunction<? extends TransactionVerifier> others) {
        this.brokerId = brokerId;
        this.own = own;
        this.metadata = metadata;
        this.others = others;
    }

    @Override
    public void ask(TransactionQuestion question, Consumer<SortedMap<TopicPartition, ErrorCode>> reply) {
        int coordinator = coordinatorOf(question.transactionalId());
        if (coordinator == brokerId) {
            askOwn(question, reply);
        } else if (coordinator < 0) {
            reply.accept(question.all(ErrorCode.COORDINATOR_NOT_AVAILABLE));
        } else {
            others.apply(coordinator).ask(question, reply);
        }
    }

    private int coordinatorOf(String transactionalId) {
        TopicInfo topic = metadata.image().topics().get(TransactionCoordinator.TOPIC);
        if (topic == null) {
            return NOBODY;
        }
        int partition = CoordinatorRuntime.partitionOf(
                transactionalId, topic.partitions().size());
        return topic.partitions().get(partition).leader();
    }

    private void askOwn(TransactionQuestion question, Consumer<SortedMap<TopicPartition, ErrorCode>> reply) {
        if (question.adds()) {
            own.addPartitions(
                    question.transactionalId(),
                    question.producerId(),
                    question.producerEpoch(),
                    question.partitions(),
                    Transaction.EPOCH_EACH,
                    error -> reply.accept(question.all(error)));
        } else {
            own.verifyPartitions(
                    question.transactionalId(),
                    question.producerId(),
                    question.producerEpoch(),
                    question.partitions(),
                    reply);
        }
    }
}
