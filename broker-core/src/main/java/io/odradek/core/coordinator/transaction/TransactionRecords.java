package io.odradek.core.coordinator.transaction;

import io.odradek.core.coordinator.runtime.CoordinatorRecord;
import io.odradek.core.coordinator.transaction.TransactionState.Complete;
import io.odradek.core.coordinator.transaction.TransactionState.Dead;
import io.odradek.core.coordinator.transaction.TransactionState.Empty;
import io.odradek.core.coordinator.transaction.TransactionState.EpochFence;
import io.odradek.core.coordinator.transaction.TransactionState.Ongoing;
import io.odradek.core.coordinator.transaction.TransactionState.Prepare;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.persisted.TransactionLogKey;
import io.odradek.protocol.persisted.TransactionLogKeyCodec;
import io.odradek.protocol.persisted.TransactionLogValue;
import io.odradek.protocol.persisted.TransactionLogValue.PartitionsSchema;
import io.odradek.protocol.persisted.TransactionLogValueCodec;
import io.odradek.protocol.wire.MalformedMessageException;
import io.odradek.protocol.wire.WireReader;
import io.odradek.protocol.wire.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The records of {@code __transaction_state}: version 0, as Kafka 3.9 writes it, and from {@code transaction.version} 1 on version
 * 1, which has the producer ids before and after. Both are read in any case.
 */
final class TransactionRecords {
    private static final short KEY = 0;
    private static final short PLAIN_VALUE = 0;
    private static final short FLEXIBLE_VALUE = 1;
    private static final int KEY_BYTES = 64;
    private static final int VALUE_BYTES = 128;

    private TransactionRecords() {}

    /**
     * {@return what is to be stored of a transactional id}
     *
     * @param transactionVersion the finalized {@code transaction.version}
     */
    static CoordinatorRecord write(String transactionalId, Transaction transaction, short transactionVersion) {
        short version = transactionVersion > 0 ? FLEXIBLE_VALUE : PLAIN_VALUE;
        WireWriter out = versioned(version, VALUE_BYTES);
        TransactionLogValueCodec.write(out, value(transaction), version);
        return new CoordinatorRecord(key(transactionalId), out.finishUnframed());
    }

    /** {@return what makes a transactional id be forgotten} */
    static CoordinatorRecord tombstone(String transactionalId) {
        return new CoordinatorRecord(key(transactionalId), null);
    }

    /**
     * {@return the transactional id of a record}
     *
     * @throws MalformedMessageException if it cannot be read
     */
    static String readKey(CoordinatorRecord record) {
        WireReader in = new WireReader(record.key());
        short version = in.readInt16();
        if (version != KEY) {
            throw new MalformedMessageException("a key of version " + version);
        }
        return TransactionLogKeyCodec.read(in, version).transactionalId();
    }

    /**
     * {@return what a record says of its transactional id, null for a tombstone}
     *
     * @throws MalformedMessageException if it cannot be read
     */
    static Transaction readValue(CoordinatorRecord record) {
        if (record.value() == null) {
            return null;
        }
        WireReader in = new WireReader(record.value());
        short version = in.readInt16();
        if (version < PLAIN_VALUE || version > FLEXIBLE_VALUE) {
            throw new MalformedMessageException("a value of version " + version);
        }
        TransactionLogValue value = TransactionLogValueCodec.read(in, version);
        Producer producer = new Producer(
                value.producerId(),
                value.producerEpoch(),
                Producer.NO_EPOCH,
                value.previousProducerId(),
                value.nextProducerId());
        return new Transaction(
                producer,
                value.transactionTimeoutMs(),
                state(value),
                value.transactionLastUpdateTimestampMs(),
                value.clientTransactionVersion());
    }

    private static TransactionLogValue value(Transaction transaction) {
        Producer producer = transaction.producer();
        TransactionState state = transaction.state();
        return new TransactionLogValue(
                producer.id(),
                producer.epoch(),
                transaction.timeoutMs(),
                state.status().id(),
                state instanceof Empty ? null : partitions(state.partitions()),
                transaction.lastUpdateMs(),
                state.startMs(),
                producer.previousId(),
                producer.nextId(),
                transaction.clientVersion(),
                Producer.NO_EPOCH);
    }

    private static List<PartitionsSchema> partitions(SortedSet<TopicPartition> partitions) {
        SortedMap<String, List<Integer>> byTopic = new TreeMap<>();
        for (TopicPartition id : partitions) {
            byTopic.computeIfAbsent(id.topic(), topic -> new ArrayList<>()).add(id.partition());
        }
        List<PartitionsSchema> topics = new ArrayList<>(byTopic.size());
        byTopic.forEach((topic, indexes) -> topics.add(new PartitionsSchema(topic, indexes)));
        return topics;
    }

    private static TransactionState state(TransactionLogValue value) {
        TransactionStatus status = TransactionStatus.of(value.transactionStatus());
        if (status == null) {
            throw new MalformedMessageException("a transaction in state " + value.transactionStatus());
        }
        SortedSet<TopicPartition> partitions = partitions(value);
        long startMs = value.transactionStartTimestampMs();
        return switch (status) {
            case EMPTY -> new Empty();
            case ONGOING -> new Ongoing(partitions, startMs);
            case PREPARE_COMMIT -> new Prepare(Outcome.COMMIT, partitions, startMs);
            case PREPARE_ABORT -> new Prepare(Outcome.ABORT, partitions, startMs);
            case COMPLETE_COMMIT -> new Complete(Outcome.COMMIT, startMs);
            case COMPLETE_ABORT -> new Complete(Outcome.ABORT, startMs);
            case DEAD -> new Dead();
            case PREPARE_EPOCH_FENCE -> new EpochFence(partitions, startMs);
        };
    }

    private static SortedSet<TopicPartition> partitions(TransactionLogValue value) {
        SortedSet<TopicPartition> partitions = new TreeSet<>();
        if (value.transactionPartitions() != null) {
            for (PartitionsSchema topic : value.transactionPartitions()) {
                topic.partitionIds().forEach(index -> partitions.add(new TopicPartition(topic.topic(), index)));
            }
        }
        return partitions;
    }

    private static ByteBuffer key(String transactionalId) {
        WireWriter out = versioned(KEY, KEY_BYTES);
        TransactionLogKeyCodec.write(out, new TransactionLogKey(transactionalId), KEY);
        return out.finishUnframed();
    }

    private static WireWriter versioned(short version, int firstCapacityBytes) {
        WireWriter out = WireWriter.heap(firstCapacityBytes);
        out.writeInt16(version);
        return out;
    }
}
