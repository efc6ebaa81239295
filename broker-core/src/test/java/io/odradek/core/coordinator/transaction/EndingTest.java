package io.odradek.core.coordinator.transaction;

import static io.odradek.core.coordinator.transaction.Outcome.ABORT;
import static io.odradek.core.coordinator.transaction.Outcome.COMMIT;
import static io.odradek.core.coordinator.transaction.Transactions.CHANGED_MS;
import static io.odradek.core.coordinator.transaction.Transactions.ID;
import static io.odradek.core.coordinator.transaction.Transactions.NEW_ID;
import static io.odradek.core.coordinator.transaction.Transactions.NONE;
import static io.odradek.core.coordinator.transaction.Transactions.NOW_MS;
import static io.odradek.core.coordinator.transaction.Transactions.START_MS;
import static io.odradek.core.coordinator.transaction.Transactions.TIMEOUT_MS;
import static io.odradek.core.coordinator.transaction.Transactions.V1;
import static io.odradek.core.coordinator.transaction.Transactions.V2;
import static io.odradek.core.coordinator.transaction.Transactions.WRITTEN;
import static io.odradek.core.coordinator.transaction.Transactions.at;
import static io.odradek.core.coordinator.transaction.Transactions.complete;
import static io.odradek.core.coordinator.transaction.Transactions.empty;
import static io.odradek.core.coordinator.transaction.Transactions.goOnAs;
import static io.odradek.core.coordinator.transaction.Transactions.ongoing;
import static io.odradek.core.coordinator.transaction.Transactions.prepared;
import static io.odradek.core.coordinator.transaction.Transactions.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.transaction.Decision.Change;
import io.odradek.core.coordinator.transaction.Decision.NeedsProducerId;
import io.odradek.core.coordinator.transaction.Decision.Stay;
import io.odradek.core.coordinator.transaction.TransactionState.Complete;
import io.odradek.core.coordinator.transaction.TransactionState.EpochFence;
import io.odradek.core.coordinator.transaction.TransactionState.Prepare;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndingTest {
    private static final int LAST = Short.MAX_VALUE - 1;
    private static final Decision CONCURRENT = refused(ErrorCode.CONCURRENT_TRANSACTIONS);
    private static final Decision INVALID = refused(ErrorCode.INVALID_TXN_STATE);
    private static final Decision FENCED = refused(ErrorCode.PRODUCER_FENCED);
    private static final Decision STRANGER = refused(ErrorCode.INVALID_PRODUCER_ID_MAPPING);

    private static Decision end(Transaction present, long id, int epoch, Outcome outcome, short version) {
        return end(present, id, epoch, outcome, version, Producer.NO_ID);
    }

    private static Decision end(Transaction present, long id, int epoch, Outcome outcome, short version, long newId) {
        return Ending.end(present, new Ending.Request(id, (short) epoch, outcome, version), newId, NOW_MS);
    }

    private static Transaction v2(int epoch, int lastEpoch, TransactionState state) {
        return at(epoch, lastEpoch, state, V2);
    }

    private static Decision same(int epoch) {
        return new Stay(goOnAs(ID, epoch));
    }

    @Test
    void anOpenTransactionIsPreparedInItsEpoch() {
        for (Outcome outcome : Outcome.values()) {
            Producer producer = new Producer(ID, (short) 3, (short) 2, ID, Producer.NO_ID);
            assertThat(end(at(3, 2, ongoing()), ID, 3, outcome, V1))
                    .isEqualTo(new Change(
                            new Transaction(producer, TIMEOUT_MS, new Prepare(outcome, WRITTEN, START_MS), NOW_MS, V1),
                            goOnAs(ID, 3)));
        }
    }

    @Test
    void inVersionTwoItIsPreparedInTheNextEpochWithWhichTheProducerGoesOn() {
        for (Outcome outcome : Outcome.values()) {
            Producer raised = new Producer(ID, (short) 4, (short) 3, ID, Producer.NO_ID);
            assertThat(end(at(3, 2, ongoing()), ID, 3, outcome, V2))
                    .isEqualTo(new Change(
                            new Transaction(raised, TIMEOUT_MS, new Prepare(outcome, WRITTEN, START_MS), NOW_MS, V2),
                            goOnAs(ID, 4)));
        }
    }

    @Test
    void strangersAndZombiesAreRefusedInEveryState() {
        for (short version : List.of(V1, V2)) {
            assertThat(end(null, ID, 3, ABORT, version)).isEqualTo(STRANGER);
            for (TransactionState state : Transactions.stored()) {
                for (Outcome outcome : Outcome.values()) {
                    Transaction present = at(3, 2, state, version);
                    assertThat(end(present, ID + 1, 3, outcome, version)).isEqualTo(STRANGER);
                    for (int epoch : List.of(-1, 0, 1, 4, LAST)) {
                        assertThat(end(present, ID, epoch, outcome, version))
                                .as("%s %d", present, epoch)
                                .isEqualTo(FENCED);
                    }
                }
            }
        }
        for (TransactionState state : Transactions.stored()) {
            assertThat(end(at(3, 2, state), ID, 2, COMMIT, V1))
                    .as("the epoch before")
                    .isEqualTo(FENCED);
        }
        assertThat(end(v2(3, 2, ongoing()), ID, 2, COMMIT, V2)).isEqualTo(FENCED);
        assertThat(end(v2(3, 2, empty()), ID, 2, ABORT, V2)).isEqualTo(FENCED);
    }

    @Test
    void whatIsDecidedStaysAndARepeatIsGood() {
        assertThat(end(at(3, 2, prepared(COMMIT)), ID, 3, COMMIT, V1)).isEqualTo(CONCURRENT);
        assertThat(end(at(3, 2, prepared(COMMIT)), ID, 3, ABORT, V1)).isEqualTo(INVALID);
        assertThat(end(at(3, 2, prepared(ABORT)), ID, 3, ABORT, V1)).isEqualTo(CONCURRENT);
        assertThat(end(at(3, 2, prepared(ABORT)), ID, 3, COMMIT, V1)).isEqualTo(INVALID);
        assertThat(end(at(3, 2, complete(COMMIT)), ID, 3, COMMIT, V1)).isEqualTo(same(3));
        assertThat(end(at(3, 2, complete(COMMIT)), ID, 3, ABORT, V1)).isEqualTo(INVALID);
        assertThat(end(at(3, 2, complete(ABORT)), ID, 3, ABORT, V1)).isEqualTo(same(3));
        assertThat(end(at(3, 2, complete(ABORT)), ID, 3, COMMIT, V1)).isEqualTo(INVALID);
    }

    @Test
    void inVersionTwoARepeatComesInTheEpochBefore() {
        assertThat(end(v2(4, 3, prepared(COMMIT)), ID, 3, COMMIT, V2)).isEqualTo(CONCURRENT);
        assertThat(end(v2(4, 3, prepared(COMMIT)), ID, 3, ABORT, V2)).isEqualTo(INVALID);
        assertThat(end(v2(4, 3, prepared(ABORT)), ID, 3, ABORT, V2)).isEqualTo(CONCURRENT);
        assertThat(end(v2(4, 3, prepared(ABORT)), ID, 3, COMMIT, V2)).isEqualTo(INVALID);
        assertThat(end(v2(4, NONE, complete(COMMIT)), ID, 3, COMMIT, V2)).isEqualTo(same(4));
        assertThat(end(v2(4, NONE, complete(COMMIT)), ID, 3, ABORT, V2)).isEqualTo(INVALID);
        assertThat(end(v2(4, NONE, complete(ABORT)), ID, 3, ABORT, V2)).isEqualTo(same(4));
        assertThat(end(v2(4, NONE, complete(ABORT)), ID, 3, COMMIT, V2)).isEqualTo(INVALID);
    }

    @Test
    void aZombieOfVersionTwoIsNotTakenForTheProducerThatHasEndedATransactionOfVersionOne() {
        for (Outcome outcome : Outcome.values()) {
            assertThat(end(at(4, NONE, prepared(outcome), V1), ID, 3, outcome, V2))
                    .isEqualTo(FENCED);
            assertThat(end(at(4, NONE, complete(outcome), V1), ID, 3, outcome, V2))
                    .isEqualTo(FENCED);
        }
    }

    @Test
    void withoutATransactionThereIsNothingToEnd() {
        assertThat(end(at(3, 2, empty()), ID, 3, COMMIT, V1)).isEqualTo(INVALID);
        assertThat(end(at(3, 2, empty()), ID, 3, ABORT, V1)).isEqualTo(INVALID);
        assertThat(end(v2(3, 2, empty()), ID, 3, COMMIT, V2)).isEqualTo(INVALID);
        assertThat(end(v2(4, 3, complete(COMMIT)), ID, 4, COMMIT, V2)).isEqualTo(INVALID);
        assertThat(end(v2(4, 3, complete(ABORT)), ID, 4, COMMIT, V2)).isEqualTo(INVALID);
        assertThat(end(at(3, 2, new EpochFence(WRITTEN, 1)), ID, 3, ABORT, V1)).isEqualTo(INVALID);
        assertThat(end(at(3, 2, new EpochFence(WRITTEN, 1)), ID, 3, ABORT, V2)).isEqualTo(INVALID);
    }

    @Test
    void inVersionTwoToAbortNothingRaisesTheEpoch() {
        for (TransactionState state : List.of(empty(), complete(COMMIT), complete(ABORT))) {
            assertThat(end(v2(3, 2, state), ID, 3, ABORT, V2)).isInstanceOfSatisfying(Change.class, change -> {
                assertThat(change.next().producer().epoch()).isEqualTo((short) 4);
                assertThat(change.next().state()).isEqualTo(new Prepare(ABORT, Transactions.partitions(), NOW_MS));
                assertThat(change.verdict()).isEqualTo(goOnAs(ID, 4));
            });
        }
    }

    @Test
    void inVersionTwoWhoGoesOnWaitsUntilTheMarkersAreWritten() {
        for (Outcome outcome : Outcome.values()) {
            assertThat(end(v2(4, 3, prepared(COMMIT)), ID, 4, outcome, V2)).isEqualTo(CONCURRENT);
        }
    }

    @Test
    void whenTheEpochsHaveRunOutTheProducerGoesOnWithANewIdOnceTheMarkersAreWritten() {
        Transaction open = v2(LAST, LAST - 1, ongoing());
        assertThat(end(open, ID, LAST, COMMIT, V2)).isInstanceOf(NeedsProducerId.class);

        Change change = (Change) end(open, ID, LAST, COMMIT, V2, NEW_ID);

        assertThat(change.verdict()).isEqualTo(goOnAs(NEW_ID, 0));
        Transaction ending = change.next();
        assertThat(ending.producer()).isEqualTo(new Producer(ID, Short.MAX_VALUE, (short) LAST, ID, NEW_ID));
        assertThat(end(ending, ID, LAST, COMMIT, V2)).as("a repeat").isEqualTo(CONCURRENT);
        assertThat(end(ending, NEW_ID, 0, ABORT, V2)).as("the next one").isEqualTo(CONCURRENT);
        Transaction ended = Ending.completed(ending, NOW_MS);
        assertThat(ended.producer()).isEqualTo(new Producer(NEW_ID, (short) 0, (short) LAST, ID, Producer.NO_ID));
        assertThat(end(ended, ID, LAST, COMMIT, V2)).as("a repeat").isEqualTo(new Stay(goOnAs(NEW_ID, 0)));
        assertThat(end(ended, ID, LAST, ABORT, V2)).isEqualTo(INVALID);
        assertThat(end(ended, ID, LAST - 1, COMMIT, V2)).isEqualTo(STRANGER);
        assertThat(end(ended, NEW_ID, 0, ABORT, V2)).isInstanceOf(Change.class);
    }

    @Test
    void aFencedTransactionIsAbortedInTheNextEpochWhichNoProducerHas() {
        for (short version : List.of(V1, V2)) {
            Transaction fenced = Ending.fenced(at(3, 2, ongoing(), version), NOW_MS);

            assertThat(fenced)
                    .isEqualTo(new Transaction(
                            new Producer(ID, (short) 4, NONE, ID, Producer.NO_ID),
                            TIMEOUT_MS,
                            prepared(ABORT),
                            NOW_MS,
                            version));
            assertThat(end(fenced, ID, 3, COMMIT, V1)).isEqualTo(FENCED);
            assertThat(end(fenced, ID, 3, ABORT, V1)).isEqualTo(FENCED);
            assertThat(end(fenced, ID, 3, COMMIT, V2)).isEqualTo(version == V2 ? INVALID : FENCED);
        }
    }

    @Test
    void nobodyGoesOnInTheEpochThatFencesTheLastOne() {
        Transaction fenced = Ending.fenced(v2(LAST, LAST - 1, ongoing()), NOW_MS);
        assertThat(fenced.producer().epoch()).isEqualTo(Short.MAX_VALUE);
        for (Transaction present : List.of(fenced, Ending.completed(fenced, NOW_MS))) {
            assertThat(end(present, ID, LAST, ABORT, V2)).isEqualTo(FENCED);
            assertThat(end(present, ID, LAST, COMMIT, V2)).isEqualTo(FENCED);
        }
    }

    @Test
    void aCompleteTransactionHasNoPartitionsAndKeepsWhenItBegan() {
        for (Outcome outcome : Outcome.values()) {
            Transaction ended = Ending.completed(at(3, 2, prepared(outcome)), NOW_MS);
            assertThat(ended)
                    .isEqualTo(at(3, 2, complete(outcome))
                            .becomes(at(3, 2, empty()).producer(), new Complete(outcome, START_MS), NOW_MS, V1));
            assertThat(ended.state().partitions()).isEmpty();
        }
    }

    @Test
    void onlyOpenTransactionsAreOverdueAndOnlyAfterTheirTime() {
        for (TransactionState state : Transactions.stored()) {
            Transaction transaction = at(3, 2, state);
            boolean open = state.equals(ongoing());
            assertThat(Expiry.isOverdue(transaction, START_MS + TIMEOUT_MS)).isFalse();
            assertThat(Expiry.isOverdue(transaction, START_MS + TIMEOUT_MS + 1)).isEqualTo(open);
        }
        assertThat(Expiry.isOverdue(at(3, 2, new EpochFence(WRITTEN, START_MS)), 1L << 40))
                .isTrue();
    }

    @Test
    void onlyIdsAtRestAreForgottenAndOnlyWhenTheyHaveNotBeenUsedForLong() {
        for (TransactionState state : Transactions.stored()) {
            Transaction transaction = at(3, 2, state);
            boolean atRest = List.of(empty(), complete(COMMIT), complete(ABORT)).contains(state);
            assertThat(Expiry.isUnused(transaction, 5_000, CHANGED_MS + 4_999)).isFalse();
            assertThat(Expiry.isUnused(transaction, 5_000, CHANGED_MS + 5_000)).isEqualTo(atRest);
        }
    }
}
