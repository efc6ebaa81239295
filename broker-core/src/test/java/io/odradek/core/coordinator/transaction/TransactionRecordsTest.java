package io.odradek.core.coordinator.transaction;

import static io.odradek.core.coordinator.transaction.Transactions.partitions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.odradek.core.coordinator.runtime.CoordinatorRecord;
import io.odradek.core.coordinator.transaction.TransactionState.EpochFence;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import org.apache.kafka.coordinator.transaction.TransactionLog;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;
import org.apache.kafka.server.common.TransactionVersion;
import org.junit.jupiter.api.Test;

/** Against the classes that Apache Kafka 4.4.0 writes and reads its own records with. */
class TransactionRecordsTest {
    private static final String ID = "payments-1";
    private static final SortedSet<TopicPartition> MANY = partitions("t-1", "t-2", "u-0", "__consumer_offsets-49");

    private static List<Transaction> transactions(SortedSet<TopicPartition> partitions) {
        List<Transaction> all = new ArrayList<>();
        for (short clientVersion = 0; clientVersion <= 2; clientVersion++) {
            Producer producer = new Producer(10, (short) 3, Producer.NO_EPOCH, 10 - clientVersion, clientVersion - 1);
            for (TransactionState state : List.of(
                    new TransactionState.Empty(),
                    new TransactionState.Ongoing(partitions, 5),
                    new TransactionState.Prepare(Outcome.COMMIT, partitions, 5),
                    new TransactionState.Prepare(Outcome.ABORT, partitions, 5),
                    new TransactionState.Complete(Outcome.COMMIT, 5),
                    new TransactionState.Complete(Outcome.ABORT, 5),
                    new EpochFence(partitions, 5),
                    new TransactionState.Dead())) {
                all.add(new Transaction(producer, 60_000, state, 7, clientVersion));
            }
        }
        return all;
    }

    @Test
    void anIdIsWrittenAsKafkaWritesIt() {
        assertThat(bytes(TransactionRecords.tombstone(ID).key())).isEqualTo(TransactionLog.keyToBytes(ID));
        assertThat(TransactionRecords.readKey(TransactionRecords.tombstone(ID))).isEqualTo(ID);
        assertThat(TransactionRecords.readValue(TransactionRecords.tombstone(ID)))
                .isNull();
    }

    @Test
    void aTransactionIsWrittenAsKafkaWritesItInEveryVersion() {
        for (Transaction transaction : transactions(partitions("t-1"))) {
            for (short version = oldest(transaction); version <= 2; version++) {
                byte[] kafkas = kafkasBytes(transaction, version);

                CoordinatorRecord record = TransactionRecords.write(ID, transaction, version);

                assertThat(bytes(record.value()))
                        .as("%s %d", transaction, version)
                        .isEqualTo(kafkas);
            }
        }
    }

    @Test
    void manyPartitionsAreWhatKafkaReads() {
        for (Transaction transaction : transactions(MANY)) {
            CoordinatorRecord record = TransactionRecords.write(ID, transaction, (short) 2);

            // Kafka's order of partitions is that of a hash, and no version of its own.
            assertThat(bytes(record.value())).hasSameSizeAs(kafkasBytes(transaction, (short) 2));
            var read = (TransactionLog.TxnRecord) TransactionLog.read(record.key(), record.value());
            assertThat(read.transactionId()).isEqualTo(ID);
            var theirs = read.metadata();
            assertThat(theirs.topicPartitions())
                    .isEqualTo(kafkas(transaction.state().partitions()));
            assertThat(theirs.state().stateName())
                    .isEqualTo(transaction.state().status().text());
            assertThat(theirs.producerId()).isEqualTo(transaction.producer().id());
            assertThat(theirs.prevProducerId()).isEqualTo(transaction.producer().previousId());
            assertThat(theirs.txnStartTimestamp()).isEqualTo(transaction.state().startMs());
            assertThat(theirs.clientTransactionVersion().featureLevel()).isEqualTo(transaction.clientVersion());
        }
    }

    @Test
    void whatKafkaHasWrittenIsRead() {
        for (Transaction transaction : transactions(MANY)) {
            byte[] flexible = kafkasBytes(transaction, (short) 2);
            assertThat(TransactionRecords.readValue(record(flexible))).isEqualTo(transaction);

            if (oldest(transaction) == 0) {
                assertThat(TransactionRecords.readValue(record(kafkasBytes(transaction, (short) 0))))
                        .isEqualTo(withoutOtherIds(transaction));
            }
        }
    }

    @Test
    void theLastEpochIsNotStored() {
        Transaction transaction = Transactions.at(4, 3, Transactions.empty());

        CoordinatorRecord record = TransactionRecords.write(ID, transaction, (short) 2);

        assertThat(TransactionRecords.readValue(record).producer().lastEpoch()).isEqualTo(Producer.NO_EPOCH);
    }

    @Test
    void whatCannotBeReadIsRefused() {
        CoordinatorRecord good =
                TransactionRecords.write(ID, Transactions.at(0, -1, Transactions.ongoing()), (short) 2);
        String value = HexFormat.of().formatHex(bytes(good.value()));

        for (String bad :
                List.of("0002" + value.substring(4), value.substring(0, 20), "", value.replace("03e801", "03e809"))) {
            assertThatExceptionOfType(MalformedMessageException.class)
                    .as(bad)
                    .isThrownBy(() ->
                            TransactionRecords.readValue(record(HexFormat.of().parseHex(bad))));
        }
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> TransactionRecords.readKey(
                        new CoordinatorRecord(ByteBuffer.wrap(new byte[] {0, 1, 0, 0}), null)));
    }

    /** {@return the oldest transaction.version by which it can be written; Kafka writes no version of a client by 0} */
    private static short oldest(Transaction transaction) {
        return (short) (transaction.clientVersion() == 0 ? 0 : 1);
    }

    private static Transaction withoutOtherIds(Transaction transaction) {
        Producer present = transaction.producer();
        Producer alone = new Producer(present.id(), present.epoch(), Producer.NO_EPOCH, Producer.NO_ID, Producer.NO_ID);
        return new Transaction(
                alone,
                transaction.timeoutMs(),
                transaction.state(),
                transaction.lastUpdateMs(),
                transaction.clientVersion());
    }

    private static byte[] kafkasBytes(Transaction transaction, short version) {
        Producer producer = transaction.producer();
        TransactionState state = transaction.state();
        TxnTransitMetadata theirs = new TxnTransitMetadata(
                producer.id(),
                producer.previousId(),
                producer.nextId(),
                producer.epoch(),
                producer.lastEpoch(),
                transaction.timeoutMs(),
                org.apache.kafka.coordinator.transaction.TransactionState.fromId(
                        state.status().id()),
                kafkas(state.partitions()),
                state.startMs(),
                transaction.lastUpdateMs(),
                TransactionVersion.fromFeatureLevel(transaction.clientVersion()));
        return TransactionLog.valueToBytes(theirs, TransactionVersion.fromFeatureLevel(version));
    }

    private static HashSet<org.apache.kafka.common.TopicPartition> kafkas(SortedSet<TopicPartition> partitions) {
        HashSet<org.apache.kafka.common.TopicPartition> theirs = new HashSet<>();
        partitions.forEach(id -> theirs.add(new org.apache.kafka.common.TopicPartition(id.topic(), id.partition())));
        return theirs;
    }

    private static CoordinatorRecord record(byte[] value) {
        return new CoordinatorRecord(ByteBuffer.wrap(TransactionLog.keyToBytes(ID)), ByteBuffer.wrap(value));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
