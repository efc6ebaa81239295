package io.odradek.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryRecordsTest {
    private final ByteBuffer first = batch("first");
    private final ByteBuffer second = batch("the second");
    private final ByteBuffer both = ByteBuffer.allocate(first.limit() + second.limit() + 3)
            .position(3)
            .put(first.duplicate())
            .put(second.duplicate())
            .position(3);

    @Test
    void allBatchesAreWalkedWhereTheyLie() {
        for (MemoryRecords records : List.of(MemoryRecords.tolerant(both), MemoryRecords.strict(both))) {
            assertThat(records.next()).isTrue();
            assertThat(both.slice(records.position(), records.sizeBytes())).isEqualTo(first);
            assertThat(records.next()).isTrue();
            assertThat(both.slice(records.position(), records.sizeBytes())).isEqualTo(second);
            assertThat(records.next()).isFalse();
            assertThat(records.next()).isFalse();
            assertThat(records.validEnd()).isEqualTo(both.limit());
            assertThat(both.position()).isEqualTo(3);
        }
    }

    @Test
    void aTolerantWalkEndsBeforeACutBatchAtWhateverByteItIsCut() {
        MemoryRecords records = MemoryRecords.tolerant(both);
        for (int limit = 3; limit < both.limit(); limit++) {
            records.reset(both.duplicate().limit(limit));
            List<Integer> sizes = new ArrayList<>();
            while (records.next()) {
                sizes.add(records.sizeBytes());
            }

            boolean firstIsWhole = limit >= 3 + first.limit();
            assertThat(sizes).isEqualTo(firstIsWhole ? List.of(first.limit()) : List.of());
            assertThat(records.validEnd()).isEqualTo(firstIsWhole ? 3 + first.limit() : 3);
        }
    }

    @Test
    void aStrictWalkRefusesACutBatch() {
        for (int limit = 4; limit < 3 + first.limit(); limit++) {
            MemoryRecords records = MemoryRecords.strict(both.duplicate().limit(limit));

            assertCorrupt(records);
        }
    }

    @Test
    void impossibleSizesAndOtherFormatsAreCorrupt() {
        assertCorrupt(MemoryRecords.tolerant(batch("x").putInt(8, -1)));
        assertCorrupt(MemoryRecords.tolerant(batch("x").putInt(8, 0)));
        assertCorrupt(MemoryRecords.tolerant(batch("x").putInt(8, 48)));
        assertCorrupt(MemoryRecords.tolerant(batch("x").put(16, (byte) 1)));
        assertCorrupt(MemoryRecords.strict(batch("x").putInt(8, Integer.MAX_VALUE)));
        assertThat(MemoryRecords.tolerant(batch("x").putInt(8, Integer.MAX_VALUE))
                        .next())
                .isFalse();
    }

    private static void assertCorrupt(MemoryRecords records) {
        assertThatThrownBy(records::next)
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.CORRUPT_MESSAGE));
    }

    private static ByteBuffer batch(String value) {
        return SampleRecord.builder(List.of(SampleRecord.of(1, null, value))).build();
    }
}
