package io.odradek.core.coordinator.transaction;

import static io.odradek.core.coordinator.transaction.Transactions.ID;
import static io.odradek.core.coordinator.transaction.Transactions.NEW_ID;
import static io.odradek.core.coordinator.transaction.Transactions.NOW_MS;
import static io.odradek.core.coordinator.transaction.Transactions.START_MS;
import static io.odradek.core.coordinator.transaction.Transactions.V1;
import static io.odradek.core.coordinator.transaction.Transactions.V2;
import static io.odradek.core.coordinator.transaction.Transactions.at;
import static io.odradek.core.coordinator.transaction.Transactions.complete;
import static io.odradek.core.coordinator.transaction.Transactions.empty;
import static io.odradek.core.coordinator.transaction.Transactions.goOnAs;
import static io.odradek.core.coordinator.transaction.Transactions.ongoing;
import static io.odradek.core.coordinator.transaction.Transactions.partitions;
import static io.odradek.core.coordinator.transaction.Transactions.prepared;
import static io.odradek.core.coordinator.transaction.Transactions.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.transaction.Decision.Change;
import io.odradek.core.coordinator.transaction.Decision.Stay;
import io.odradek.core.coordinator.transaction.TransactionState.EpochFence;
import io.odradek.core.coordinator.transaction.TransactionState.Ongoing;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParticipationTest {
    private static final TopicPartition WRITTEN = new TopicPartition("t", 1);
    private static final TopicPartition OTHER = new TopicPartition("t", 9);

    private static Decision add(Transaction present, long id, int epoch, String... partitions) {
        return Participation.add(present, id, (short) epoch, partitions(partitions), V1, NOW_MS);
    }

    private static ErrorCode verify(Transaction present, long id, int epoch, TopicPartition partition) {
        return Participation.verify(present, id, (short) epoch, partition);
    }

    @Test
    void theFirstPartitionBeginsATransaction() {
        for (TransactionState state : List.of(empty(), complete(Outcome.COMMIT), complete(Outcome.ABORT))) {
            assertThat(add(at(3, 2, state), ID, 3, "t-1", "u-0"))
                    .isEqualTo(new Change(
                            at(3, 2, new Ongoing(partitions("t-1", "u-0"), NOW_MS))
                                    .becomes(
                                            at(3, 2, state).producer(),
                                            new Ongoing(partitions("t-1", "u-0"), NOW_MS),
                                            NOW_MS,
                                            V1),
                            goOnAs(ID, 3)));
        }
    }

    @Test
    void furtherOnesJoinItAndItsTimeGoesOn() {
        assertThat(add(at(3, 2, ongoing()), ID, 3, "t-9")).isInstanceOfSatisfying(Change.class, change -> {
            assertThat(change.next().state()).isEqualTo(new Ongoing(partitions("t-1", "t-2", "t-9"), START_MS));
            assertThat(change.next().lastUpdateMs()).isEqualTo(NOW_MS);
        });
    }

    @Test
    void nothingIsStoredForPartitionsThatAreInItAlready() {
        assertThat(add(at(3, 2, ongoing()), ID, 3, "t-2")).isEqualTo(new Stay(goOnAs(ID, 3)));
        assertThat(add(at(3, 2, ongoing()), ID, 3)).isEqualTo(new Stay(goOnAs(ID, 3)));
    }

    @Test
    void theVersionOfTheClientIsKept() {
        Decision decision = Participation.add(at(3, 2, empty()), ID, (short) 3, partitions("t-1"), V2, NOW_MS);
        assertThat(((Change) decision).next().clientVersion()).isEqualTo(V2);
    }

    @Test
    void strangersAndZombiesAreRefusedInEveryState() {
        assertThat(add(null, ID, 3, "t-1")).isEqualTo(refused(ErrorCode.INVALID_PRODUCER_ID_MAPPING));
        assertThat(verify(null, ID, 3, WRITTEN)).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        for (TransactionState state : Transactions.stored()) {
            Transaction present = at(3, 2, state);
            assertThat(add(present, ID + 1, 3, "t-1")).isEqualTo(refused(ErrorCode.INVALID_PRODUCER_ID_MAPPING));
            assertThat(verify(present, ID + 1, 3, WRITTEN)).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
            for (int epoch : List.of(-1, 2, 4)) {
                assertThat(add(present, ID, epoch, "t-1")).isEqualTo(refused(ErrorCode.PRODUCER_FENCED));
                assertThat(verify(present, ID, epoch, WRITTEN)).isEqualTo(ErrorCode.PRODUCER_FENCED);
            }
        }
    }

    @Test
    void whileTheOneBeforeIsBeingEndedItsProducerWaits() {
        for (TransactionState state :
                List.of(prepared(Outcome.COMMIT), prepared(Outcome.ABORT), new EpochFence(Transactions.WRITTEN, 1))) {
            assertThat(add(at(3, 2, state), ID, 3, "t-1")).isEqualTo(refused(ErrorCode.CONCURRENT_TRANSACTIONS));
            assertThat(verify(at(3, 2, state), ID, 3, WRITTEN)).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        }
    }

    @Test
    void aProducerWithTheIdForTheNextTransactionWaitsToo() {
        Producer changing = new Producer(ID, Short.MAX_VALUE, (short) 32766, ID, NEW_ID);
        Transaction present = new Transaction(changing, 1, prepared(Outcome.COMMIT), 1, V2);
        assertThat(add(present, NEW_ID, 0, "t-1")).isEqualTo(refused(ErrorCode.CONCURRENT_TRANSACTIONS));
        assertThat(verify(present, NEW_ID, 0, WRITTEN)).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(add(present, NEW_ID, 1, "t-1")).isEqualTo(refused(ErrorCode.INVALID_PRODUCER_ID_MAPPING));
        assertThat(add(Ending.completed(present, NOW_MS), NEW_ID, 0, "t-1")).isInstanceOf(Change.class);
    }

    @Test
    void onlyWhatIsInTheTransactionIsVerified() {
        assertThat(verify(at(3, 2, ongoing()), ID, 3, WRITTEN)).isEqualTo(ErrorCode.NONE);
        assertThat(verify(at(3, 2, ongoing()), ID, 3, OTHER)).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        for (TransactionState state : List.of(empty(), complete(Outcome.COMMIT), complete(Outcome.ABORT))) {
            assertThat(verify(at(3, 2, state), ID, 3, WRITTEN)).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        }
    }
}
