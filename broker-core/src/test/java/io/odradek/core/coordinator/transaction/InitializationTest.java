package io.odradek.core.coordinator.transaction;

import static io.odradek.core.coordinator.transaction.Transactions.ID;
import static io.odradek.core.coordinator.transaction.Transactions.NEW_ID;
import static io.odradek.core.coordinator.transaction.Transactions.NONE;
import static io.odradek.core.coordinator.transaction.Transactions.NOW_MS;
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
import io.odradek.core.coordinator.transaction.Initialization.Request;
import io.odradek.core.coordinator.transaction.TransactionState.EpochFence;
import io.odradek.core.coordinator.transaction.TransactionState.Prepare;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

class InitializationTest {
    private static final int TIMEOUT_MS = 2_000;
    private static final int LAST = Short.MAX_VALUE - 1;
    private static final List<TransactionState> AT_REST =
            List.of(empty(), complete(Outcome.COMMIT), complete(Outcome.ABORT));

    private static Decision decide(Transaction present, long id, int epoch, long newId) {
        return Initialization.decide(present, new Request(TIMEOUT_MS, id, (short) epoch), newId, NOW_MS);
    }

    private static Decision newProducer(Transaction present) {
        return decide(present, Producer.NO_ID, NONE, Producer.NO_ID);
    }

    private static Decision resumes(Transaction present, int epoch) {
        return decide(present, ID, epoch, Producer.NO_ID);
    }

    private static void becomesEmpty(Decision decision, Producer producer) {
        assertThat(decision).isInstanceOfSatisfying(Change.class, change -> {
            assertThat(change.next().producer()).isEqualTo(producer);
            assertThat(change.next().state()).isEqualTo(empty());
            assertThat(change.next().timeoutMs()).isEqualTo(TIMEOUT_MS);
            assertThat(change.next().lastUpdateMs()).isEqualTo(NOW_MS);
            assertThat(change.verdict()).isEqualTo(goOnAs(producer.id(), producer.epoch()));
        });
    }

    private static Producer producer(long id, int epoch, int lastEpoch, long previousId) {
        return new Producer(id, (short) epoch, (short) lastEpoch, previousId, Producer.NO_ID);
    }

    @Test
    void anIdThatIsNotKnownGetsANewProducerInEpochZero() {
        assertThat(newProducer(null)).isInstanceOf(NeedsProducerId.class);
        becomesEmpty(decide(null, Producer.NO_ID, NONE, NEW_ID), producer(NEW_ID, 0, NONE, NEW_ID));
    }

    @Test
    void aProducerThatReturnsAfterItsIdHasExpiredGetsANewOne() {
        assertThat(resumes(null, 5)).isInstanceOf(NeedsProducerId.class);
        becomesEmpty(decide(null, ID, 5, NEW_ID), producer(NEW_ID, 0, NONE, NEW_ID));
    }

    @Test
    void aNewProducerFencesTheOneBefore() {
        for (TransactionState state : AT_REST) {
            becomesEmpty(newProducer(at(3, 2, state)), producer(ID, 4, NONE, ID));
        }
    }

    @Test
    void aProducerThatResumesIsRaisedAndARepeatGetsTheSame() {
        for (TransactionState state : AT_REST) {
            becomesEmpty(resumes(at(3, 2, state), 3), producer(ID, 4, 3, ID));
            becomesEmpty(resumes(at(4, 3, state), 3), producer(ID, 4, 3, ID));
        }
    }

    @Test
    void aProducerThatHasBeenOvertakenIsFenced() {
        for (TransactionState state : AT_REST) {
            for (int epoch : List.of(0, 1, 4, 5, LAST)) {
                assertThat(resumes(at(3, 2, state), epoch)).isEqualTo(refused(ErrorCode.PRODUCER_FENCED));
            }
            assertThat(resumes(at(3, NONE, state), 2)).isEqualTo(refused(ErrorCode.PRODUCER_FENCED));
            assertThat(decide(at(3, 2, state), ID + 1, 3, NEW_ID)).isEqualTo(refused(ErrorCode.PRODUCER_FENCED));
        }
        assertThat(resumes(at(3, 2, ongoing()), 2)).as("which would abort").isInstanceOf(Change.class);
        assertThat(decide(at(3, 2, ongoing()), ID + 1, 3, NEW_ID)).isEqualTo(refused(ErrorCode.PRODUCER_FENCED));
    }

    @Test
    void anOpenTransactionIsAbortedInTheNextEpochAndTheProducerComesAgain() {
        for (Decision decision : List.of(newProducer(at(3, 2, ongoing())), resumes(at(3, 2, ongoing()), 3))) {
            assertThat(decision).isInstanceOfSatisfying(Change.class, change -> {
                assertThat(change.verdict()).isEqualTo(Verdict.of(ErrorCode.CONCURRENT_TRANSACTIONS));
                assertThat(change.next().producer()).isEqualTo(producer(ID, 4, NONE, ID));
                assertThat(change.next().state())
                        .isEqualTo(new Prepare(Outcome.ABORT, Transactions.WRITTEN, Transactions.START_MS));
            });
        }
        assertThat(newProducer(at(3, 2, new EpochFence(Transactions.WRITTEN, 1))))
                .isInstanceOf(Change.class);
    }

    @Test
    void aTransactionThatIsBeingEndedIsWaitedFor() {
        for (Outcome outcome : Outcome.values()) {
            Transaction ending = at(3, 2, prepared(outcome));
            assertThat(newProducer(ending)).isEqualTo(refused(ErrorCode.CONCURRENT_TRANSACTIONS));
            assertThat(resumes(ending, 3)).isEqualTo(refused(ErrorCode.CONCURRENT_TRANSACTIONS));
        }
    }

    @Test
    void whenTheEpochsHaveRunOutThereIsANewProducerId() {
        for (TransactionState state : AT_REST) {
            assertThat(newProducer(at(LAST, 2, state))).isInstanceOf(NeedsProducerId.class);
            becomesEmpty(decide(at(LAST, 2, state), Producer.NO_ID, NONE, NEW_ID), producer(NEW_ID, 0, NONE, ID));
            becomesEmpty(decide(at(LAST, 2, state), ID, LAST, NEW_ID), producer(NEW_ID, 0, LAST, ID));
            becomesEmpty(newProducer(at(LAST - 1, 2, state)), producer(ID, LAST, NONE, ID));
        }
    }

    @Test
    void aRepeatOfWhatBroughtTheNewIdGetsItAgainAndNobodyElseDoes() {
        Producer replaced = producer(NEW_ID, 0, LAST, ID);
        Transaction present = new Transaction(replaced, 1, empty(), 1, Transactions.V1);
        becomesEmpty(resumes(present, LAST), replaced);
        becomesEmpty(resumes(((Change) resumes(present, LAST)).next(), LAST), replaced);
        assertThat(resumes(present, LAST - 1)).isEqualTo(refused(ErrorCode.PRODUCER_FENCED));
    }

    @Test
    void aRepeatInTheLastEpochNeedsNoNewId() {
        becomesEmpty(resumes(at(LAST, LAST - 1, empty()), LAST - 1), producer(ID, LAST, LAST - 1, ID));
    }

    @Test
    void aFencedLastEpochIsFollowedByANewId() {
        Transaction fenced = ((Change) newProducer(at(LAST, 2, ongoing()))).next();
        assertThat(fenced.producer().epoch()).isEqualTo(Short.MAX_VALUE);
        Transaction ended = Ending.completed(fenced, NOW_MS);
        becomesEmpty(decide(ended, Producer.NO_ID, NONE, NEW_ID), producer(NEW_ID, 0, NONE, ID));
    }
}
