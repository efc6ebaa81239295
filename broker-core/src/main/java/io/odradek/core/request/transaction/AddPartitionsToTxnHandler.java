package io.odradek.core.request.transaction;

import io.odradek.core.coordinator.transaction.Transaction;
import io.odradek.core.coordinator.transaction.TransactionCoordinator;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.AddPartitionsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.odradek.protocol.api.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import io.odradek.protocol.api.AddPartitionsToTxnResponse;
import io.odradek.protocol.api.AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult;
import io.odradek.protocol.api.AddPartitionsToTxnResponse.AddPartitionsToTxnResult;
import io.odradek.protocol.api.AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * AddPartitionsToTxn, versions 0 to 5: partitions join a transaction before they are written to. From version 4 on a broker asks,
 * for several transactions, either whether partitions are in them or that they be added, in the name of producers that speak
 * transactions v2 (KIP-890).
 *
 * <p>Of one transaction all partitions are added or none: if one does not exist, it is UNKNOWN_TOPIC_OR_PARTITION and the others
 * are OPERATION_NOT_ATTEMPTED. Else each has the coordinator's error; PRODUCER_FENCED is INVALID_PRODUCER_EPOCH before version 2.
 *
 * <p>Versions: 0 is KIP-98; from 1 on a throttled client is answered first (KIP-219); 2 knows PRODUCER_FENCED (KIP-588); 3 is
 * flexible (KIP-482); 4 is for brokers, and 5 knows TRANSACTION_ABORTABLE (KIP-890).
 */
public final class AddPartitionsToTxnHandler implements RequestHandler<AddPartitionsToTxnRequest> {
    private static final int FENCED_SINCE = 2;
    private static final int SEVERAL_SINCE = 4;

    private final TransactionCoordinator coordinator;
    private final MetadataSource metadata;

    /**
     * @param coordinator the transactional ids of this broker
     * @param metadata tells which partitions exist
     */
    public AddPartitionsToTxnHandler(TransactionCoordinator coordinator, MetadataSource metadata) {
        this.coordinator = coordinator;
        this.metadata = metadata;
    }

    @Override
    public void handle(AddPartitionsToTxnRequest request, RequestContext context) {
        int version = context.header().apiVersion();
        TransactionCoordinator during = coordinator.during(context);
        if (version < SEVERAL_SINCE) {
            var one = new AddPartitionsToTxnTransaction(
                    request.v3AndBelowTransactionalId(),
                    request.v3AndBelowProducerId(),
                    request.v3AndBelowProducerEpoch(),
                    false,
                    request.v3AndBelowTopics());
            serve(
                    during,
                    one,
                    Transaction.FIRST_VERSION,
                    errors -> context.respond(
                            new AddPartitionsToTxnResponse(ErrorCode.NONE, List.of(), results(errors, version))));
            return;
        }
        List<AddPartitionsToTxnTransaction> transactions = request.transactions();
        Gathered<AddPartitionsToTxnResult> results = new Gathered<>(
                transactions.size(),
                all -> context.respond(new AddPartitionsToTxnResponse(ErrorCode.NONE, all, List.of())));
        for (int i = 0; i < transactions.size(); i++) {
            AddPartitionsToTxnTransaction transaction = transactions.get(i);
            int index = i;
            serve(
                    during,
                    transaction,
                    Transaction.EPOCH_EACH,
                    errors -> results.put(
                            index,
                            new AddPartitionsToTxnResult(transaction.transactionalId(), results(errors, version))));
        }
    }

    private void serve(
            TransactionCoordinator during,
            AddPartitionsToTxnTransaction transaction,
            short clientVersion,
            Consumer<SortedMap<TopicPartition, ErrorCode>> reply) {
        SortedSet<TopicPartition> partitions = partitions(transaction.topics());
        SortedMap<TopicPartition, ErrorCode> missing = missing(partitions);
        if (!missing.isEmpty()) {
            reply.accept(missing);
        } else if (transaction.verifyOnly()) {
            during.verifyPartitions(
                    transaction.transactionalId(),
                    transaction.producerId(),
                    transaction.producerEpoch(),
                    partitions,
                    reply);
        } else {
            during.addPartitions(
                    transaction.transactionalId(),
                    transaction.producerId(),
                    transaction.producerEpoch(),
                    partitions,
                    clientVersion,
                    error -> {
                        SortedMap<TopicPartition, ErrorCode> errors = new TreeMap<>();
                        partitions.forEach(id -> errors.put(id, error));
                        reply.accept(errors);
                    });
        }
    }

    private static SortedSet<TopicPartition> partitions(List<AddPartitionsToTxnTopic> topics) {
        SortedSet<TopicPartition> partitions = new TreeSet<>();
        for (AddPartitionsToTxnTopic topic : topics) {
            topic.partitions().forEach(index -> partitions.add(new TopicPartition(topic.name(), index)));
        }
        return partitions;
    }

    /** {@return the errors of all partitions if one does not exist, else none} */
    private SortedMap<TopicPartition, ErrorCode> missing(SortedSet<TopicPartition> partitions) {
        SortedMap<TopicPartition, ErrorCode> errors = new TreeMap<>();
        boolean anyMissing = false;
        for (TopicPartition id : partitions) {
            TopicInfo topic = metadata.image().topics().get(id.topic());
            boolean exists = topic != null
                    && id.partition() >= 0
                    && id.partition() < topic.partitions().size();
            errors.put(id, exists ? ErrorCode.OPERATION_NOT_ATTEMPTED : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
            anyMissing |= !exists;
        }
        return anyMissing ? errors : new TreeMap<>();
    }

    private static List<AddPartitionsToTxnTopicResult> results(
            SortedMap<TopicPartition, ErrorCode> errors, int version) {
        SortedMap<String, List<AddPartitionsToTxnPartitionResult>> byTopic = new TreeMap<>();
        errors.forEach((id, error) -> byTopic.computeIfAbsent(id.topic(), topic -> new ArrayList<>())
                .add(new AddPartitionsToTxnPartitionResult(id.partition(), Fencing.in(version, FENCED_SINCE, error))));
        List<AddPartitionsToTxnTopicResult> results = new ArrayList<>(byTopic.size());
        byTopic.forEach((topic, partitions) -> results.add(new AddPartitionsToTxnTopicResult(topic, partitions)));
        return results;
    }
}
