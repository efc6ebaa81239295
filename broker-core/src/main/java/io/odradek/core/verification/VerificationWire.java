package io.odradek.core.verification;

import io.odradek.core.verification.RemoteVerifier.Asked;
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
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Questions for another broker's coordinator as AddPartitionsToTxn says them. */
final class VerificationWire {
    static final int VERSION = 5;

    private static final long NO_PRODUCER_ID = 0;
    private static final short NO_EPOCH = 0;

    private VerificationWire() {}

    /** {@return a request for questions, of which those of one transactional id ask alike} */
    static AddPartitionsToTxnRequest request(List<Asked> all) {
        SortedMap<String, TransactionQuestion> byId = new TreeMap<>();
        SortedMap<String, SortedSet<TopicPartition>> partitions = new TreeMap<>();
        for (Asked asked : all) {
            TransactionQuestion question = asked.question();
            byId.put(question.transactionalId(), question);
            partitions
                    .computeIfAbsent(question.transactionalId(), id -> new TreeSet<>())
                    .addAll(question.partitions());
        }
        List<AddPartitionsToTxnTransaction> transactions = new ArrayList<>(byId.size());
        byId.forEach((id, question) -> transactions.add(new AddPartitionsToTxnTransaction(
                id, question.producerId(), question.producerEpoch(), !question.adds(), topics(partitions.get(id)))));
        return new AddPartitionsToTxnRequest(transactions, "", NO_PRODUCER_ID, NO_EPOCH, List.of());
    }

    private static List<AddPartitionsToTxnTopic> topics(SortedSet<TopicPartition> partitions) {
        SortedMap<String, List<Integer>> byTopic = new TreeMap<>();
        for (TopicPartition id : partitions) {
            byTopic.computeIfAbsent(id.topic(), topic -> new ArrayList<>()).add(id.partition());
        }
        List<AddPartitionsToTxnTopic> topics = new ArrayList<>(byTopic.size());
        byTopic.forEach((topic, indexes) -> topics.add(new AddPartitionsToTxnTopic(topic, indexes)));
        return topics;
    }

    /** Tells each what was answered; UNKNOWN_SERVER_ERROR of a partition of which nothing was. */
    static void tell(List<Asked> all, AddPartitionsToTxnResponse response) {
        if (response.errorCode() != ErrorCode.NONE) {
            all.forEach(asked -> asked.refuse(response.errorCode()));
            return;
        }
        Map<String, AddPartitionsToTxnResult> byId = new TreeMap<>();
        response.resultsByTransaction().forEach(result -> byId.put(result.transactionalId(), result));
        for (Asked asked : all) {
            SortedMap<TopicPartition, ErrorCode> errors = asked.question().all(ErrorCode.UNKNOWN_SERVER_ERROR);
            AddPartitionsToTxnResult result = byId.get(asked.question().transactionalId());
            if (result != null) {
                take(result, errors);
            }
            asked.reply().accept(errors);
        }
    }

    private static void take(AddPartitionsToTxnResult result, SortedMap<TopicPartition, ErrorCode> errors) {
        for (AddPartitionsToTxnTopicResult topic : result.topicResults()) {
            for (AddPartitionsToTxnPartitionResult partition : topic.resultsByPartition()) {
                errors.replace(
                        new TopicPartition(topic.name(), partition.partitionIndex()), partition.partitionErrorCode());
            }
        }
    }
}
