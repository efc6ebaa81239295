package io.odradek.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.FetchResponse.AbortedTransaction;
import io.odradek.protocol.api.FetchResponse.EpochEndOffset;
import io.odradek.protocol.api.FetchResponse.LeaderIdAndEpoch;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.api.FetchResponse.SnapshotId;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.wire.BytesPayload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommittedRecordsTest {
    private static final TopicPartition ID = new TopicPartition("topic", 0);

    private final ByteBuffer log = ByteBuffer.allocate(4096);
    private final List<Long> shown = new ArrayList<>();
    private final List<Long> hidden = new ArrayList<>();
    private long end;

    private void append(ByteBuffer batch, int records) {
        log.put(batch.putLong(0, end));
        end += records;
    }

    private void write(long producer, long value) {
        BatchBuilder batch = ClusterRequests.batch(0, List.of(value));
        append(
                producer < 0
                        ? batch.build()
                        : batch.producer(producer, (short) 0, 0).transactional().build(),
                1);
    }

    private void mark(long producer, ControlRecord.Type type) {
        append(new ControlRecord(type, 0).toBatch(producer, (short) 0, 0), 1);
    }

    private long read(long from, long lastStable, AbortedTransaction... aborted) {
        PartitionData fetched = new PartitionData(
                0,
                ErrorCode.NONE,
                end,
                lastStable,
                0,
                new EpochEndOffset(-1, -1),
                new LeaderIdAndEpoch(-1, -1),
                new SnapshotId(-1, -1),
                List.of(aborted),
                -1,
                new BytesPayload(log.duplicate().flip()));
        return CommittedRecords.read(
                ID, fetched, from, (offset, value, isShown) -> (isShown ? shown : hidden).add(value));
    }

    @Test
    void whatLiesInAnAbortedTransactionIsLeftOutAndWhatFollowsItsMarkerIsNot() {
        write(1, 10);
        write(2, 20);
        write(-1, 30);
        mark(1, ControlRecord.Type.ABORT);
        mark(2, ControlRecord.Type.COMMIT);
        write(1, 11);
        mark(1, ControlRecord.Type.COMMIT);

        assertThat(read(0, end, new AbortedTransaction(1, 0))).isEqualTo(7);

        assertThat(shown).containsExactly(20L, 30L, 11L);
        assertThat(hidden).containsExactly(10L);
    }

    @Test
    void whatLiesBeforeThePositionIsPassedOver() {
        write(-1, 10);
        write(-1, 11);

        assertThat(read(1, end)).isEqualTo(2);

        assertThat(shown).containsExactly(11L);
    }

    @Test
    void nothingMayBeGivenBeyondTheLastStableOffset() {
        write(1, 10);
        assertThatThrownBy(() -> read(0, 0))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("beyond the last stable offset 0");
    }
}
