package io.odradek.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The judge of the cluster tests sees what it is there to see. */
class AcknowledgedLedgerTest {
    private static final TopicPartition PARTITION = new TopicPartition("load", 0);

    private final AcknowledgedLedger ledger = new AcknowledgedLedger();
    private final OffsetColumn log = new OffsetColumn();

    @Test
    void whatIsStoredAsItWasAcknowledgedAndSeenIsRight() {
        for (int i = 0; i < 10; i++) {
            store(i, i % 2, i / 2);
            ledger.acknowledged(PARTITION, i, new NumberedRecord(i % 2, i / 2));
            ledger.seen("reader", PARTITION, i, new NumberedRecord(i % 2, i / 2));
        }
        assertThat(ledger.judge(Map.of(PARTITION, log))).isEmpty();
        assertThat(ledger.count()).isEqualTo(10);
        assertThat(ledger.acknowledgedEnd(PARTITION)).isEqualTo(10);
    }

    @Test
    void anAcknowledgedRecordThatIsLostIsNoticed() {
        store(0, 0, 0);
        ledger.acknowledged(PARTITION, 0, new NumberedRecord(0, 0));
        ledger.acknowledged(PARTITION, 1, new NumberedRecord(0, 1));

        assertThat(ledger.judge(Map.of(PARTITION, log)))
                .singleElement()
                .asString()
                .contains("sequence=1", "nothing");
    }

    @Test
    void aPartitionOfWhichNothingIsLeftIsNoticed() {
        ledger.acknowledged(PARTITION, 0, new NumberedRecord(0, 0));

        assertThat(ledger.judge(Map.of())).singleElement().asString().contains("nothing");
    }

    @Test
    void aRecordThatIsThereTwiceIsNoticed() {
        store(0, 0, 0);
        store(1, 0, 0);
        ledger.acknowledged(PARTITION, 0, new NumberedRecord(0, 0));

        assertThat(ledger.judge(Map.of(PARTITION, log)))
                .singleElement()
                .asString()
                .contains("load-0@1");
    }

    @Test
    void recordsInAnotherOrderAreNoticed() {
        store(0, 0, 1);
        store(1, 0, 0);

        assertThat(ledger.judge(Map.of(PARTITION, log))).isNotEmpty();
    }

    @Test
    void aRecordThatAReaderSawAndThatHasGivenWayIsNoticed() {
        store(0, 1, 0);
        ledger.seen("reader", PARTITION, 0, new NumberedRecord(0, 0));

        assertThat(ledger.judge(Map.of(PARTITION, log)))
                .singleElement()
                .asString()
                .contains("seen by reader");
    }

    @Test
    void aReaderThatSeesTwoRecordsAtOneOffsetIsNoticed() {
        store(0, 1, 0);
        ledger.seen("reader", PARTITION, 0, new NumberedRecord(0, 0));
        ledger.seen("reader", PARTITION, 0, new NumberedRecord(1, 0));

        assertThat(ledger.problems()).hasSize(1);
    }

    @Test
    void anOffsetThatIsAcknowledgedTwiceIsNoticed() {
        ledger.acknowledged(PARTITION, 0, new NumberedRecord(0, 0));
        ledger.acknowledged(PARTITION, 0, new NumberedRecord(1, 0));

        assertThat(ledger.problems()).hasSize(1);
    }

    @Test
    void aRecordThatWasGivenUpIsToldOfButMayBeMissing() {
        store(0, 0, 0);
        store(1, 0, 2);
        ledger.refused(PARTITION, new NumberedRecord(0, 1), new RuntimeException("late"));

        assertThat(ledger.judge(Map.of(PARTITION, log)))
                .singleElement()
                .asString()
                .contains("given up");
    }

    @Test
    void aRecordWithAnotherByteIsNone() {
        byte[] bytes = new NumberedRecord(3, 20).toBytes();
        assertThat(NumberedRecord.fromBytes(bytes)).isEqualTo(new NumberedRecord(3, 20));

        bytes[bytes.length - 1]++;
        assertThatThrownBy(() -> NumberedRecord.fromBytes(bytes)).isInstanceOf(IllegalArgumentException.class);
    }

    private void store(long offset, int producer, long sequence) {
        log.put(offset, new NumberedRecord(producer, sequence).number());
    }
}
