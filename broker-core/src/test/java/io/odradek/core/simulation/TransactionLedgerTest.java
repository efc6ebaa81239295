package io.odradek.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.simulation.TransactionLedger.Transaction;
import io.odradek.protocol.TopicPartition;
import org.junit.jupiter.api.Test;

class TransactionLedgerTest {
    private static final TopicPartition INPUT = new TopicPartition("input", 0);

    private final TransactionLedger ledger = new TransactionLedger();
    private long values;

    private Transaction open(int records) {
        Transaction open = ledger.begin("writer");
        for (int i = 0; i < records; i++) {
            ledger.writes(open, values++);
        }
        return open;
    }

    private Transaction copying(long from, long to) {
        Transaction open = open(1);
        ledger.copies(open, INPUT, from, to);
        ledger.committing(open);
        return open;
    }

    private static void violates(String what, Runnable step) {
        assertThatThrownBy(step::run).isInstanceOf(Violation.class).hasMessageContaining(what);
    }

    @Test
    void nothingOfAnOpenTransactionIsShown() {
        open(1);
        violates("its record 0 was read", () -> ledger.shown(0));
    }

    @Test
    void whatItsProducerDoesNotKnowReadersFindOut() {
        Transaction unknown = open(1);
        ledger.committing(unknown);
        ledger.givenUp(unknown);

        ledger.shown(0);

        assertThat(ledger.committed()).isEqualTo(1);
        violates("is not committed", () -> ledger.hidden(0));
    }

    @Test
    void whatWasLeftOutOnceIsNeverShown() {
        Transaction aborted = open(2);
        ledger.committing(aborted);

        ledger.hidden(0);

        violates("its record 1 was read", () -> ledger.shown(1));
        violates("its producer was told so", () -> ledger.committed(aborted));
    }

    @Test
    void whatIsCommittedIsThereAsAWhole() {
        Transaction committed = open(2);
        ledger.committing(committed);
        ledger.committed(committed);
        ledger.lookAnew();
        ledger.found(0);
        violates("Of the 2 records", ledger::checkWhole);

        ledger.lookAnew();
        ledger.found(0);
        ledger.found(1);
        ledger.checkWhole();
    }

    @Test
    void atRestEverythingIsDecided() {
        ledger.committing(open(1));
        violates("Nobody knows", ledger::checkWhole);
    }

    @Test
    void nothingIsCopiedTwice() {
        ledger.committed(copying(0, 10));
        Transaction again = copying(5, 12);
        violates("has copied that from 0 to 10", () -> ledger.committed(again));
    }

    @Test
    void nothingIsLeftOutByTheCopiers() {
        Transaction first = copying(0, 10);
        Transaction third = copying(11, 12);
        ledger.committed(first);
        ledger.committed(third);
        ledger.lookAnew();
        ledger.found(0);
        ledger.found(1);
        violates("nobody that from 10", ledger::checkWhole);
    }

    @Test
    void aPositionIsWhereACopyEndsThatCounts() {
        ledger.committed(copying(0, 10));
        Transaction given = copying(10, 20);
        long least = ledger.copiedTo(INPUT);
        violates("it was copied up to 10", () -> ledger.positionFound(INPUT, least, 0));
        violates("no transaction has moved it", () -> ledger.positionFound(INPUT, least, 15));
        ledger.positionFound(INPUT, least, 20);

        ledger.refused(given);

        violates("no transaction has moved it", () -> ledger.positionFound(INPUT, least, 20));
        ledger.positionFound(INPUT, least, 10);
    }

    @Test
    void anEpochIsGivenOnce() {
        ledger.given(7, (short) 0, "a");
        ledger.given(7, (short) 0, "a");
        ledger.given(7, (short) 1, "b");
        violates("Both a and b", () -> ledger.given(7, (short) 0, "b"));
    }
}
