package io.odradek.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.errors.ApiException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever happens to a batch's bytes, it is refused with an answer or means what it meant. */
class BrokenBatchTest {
    private static final RecordRules RULES = RecordRules.DEFAULTS;

    @ParameterizedTest
    @EnumSource
    void everyFlippedBitIsNoticedUnlessItIsTheLeaderEpochs(CompressionCodec codec) {
        ByteBuffer batch = sample(codec);
        for (int bit = 0; bit < batch.limit() * 8; bit++) {
            ByteBuffer flipped = copy(batch);
            int index = bit / 8;
            flipped.put(index, (byte) (flipped.get(index) ^ 1 << bit % 8));

            if (index >= RecordBatch.LEADER_EPOCH && index < RecordBatch.LEADER_EPOCH + 4) {
                RecordValidator.validate(flipped, RULES, 1);
                assertThat(SampleRecord.readAll(flipped)).isEqualTo(SampleRecord.readAll(batch));
            } else {
                assertThatThrownBy(() -> RecordValidator.validate(flipped, RULES, 1))
                        .as("bit %d", bit)
                        .isInstanceOf(ApiException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyTruncationIsNoticed(CompressionCodec codec) {
        ByteBuffer batch = sample(codec);
        for (int limit = 0; limit < batch.limit(); limit++) {
            ByteBuffer cut = copy(batch).limit(limit);

            assertThatThrownBy(() -> RecordValidator.validate(cut, RULES, 1)).isInstanceOf(ApiException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void recordsCutUnderARightChecksumAreNoticed(CompressionCodec codec) {
        ByteBuffer batch = sample(codec);
        for (int limit = RecordBatch.HEADER_SIZE; limit < batch.limit(); limit++) {
            ByteBuffer cut = copy(batch).limit(limit);
            BatchBuilder.seal(cut);

            assertThatThrownBy(() -> RecordValidator.validate(cut, RULES, 1))
                    .as("cut at %d of %d", limit, batch.limit())
                    .isInstanceOf(ApiException.class);
        }
    }

    /** A sender of garbage can compute checksums too: nothing but an answer may come of it. */
    @ParameterizedTest
    @EnumSource
    void garbageUnderARightChecksumIsAnsweredOrTaken(CompressionCodec codec) {
        Random random = new Random(SampleRecord.seed());
        ByteBuffer batch = sample(codec);
        for (int round = 0; round < 5_000; round++) {
            ByteBuffer garbled = copy(batch);
            for (int change = 1 + random.nextInt(3); change > 0; change--) {
                int index = RecordBatch.HEADER_SIZE + random.nextInt(batch.limit() - RecordBatch.HEADER_SIZE);
                garbled.put(index, (byte) random.nextInt());
            }
            BatchBuilder.seal(garbled);
            try {
                RecordValidator.validate(garbled, RULES, 1);
                SampleRecord.readAll(garbled);
            } catch (ApiException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    private static ByteBuffer sample(CompressionCodec codec) {
        List<SampleRecord> records = SampleRecord.random(new Random(11), 3);
        return SampleRecord.builder(records.subList(0, 2))
                .codec(codec)
                .append(1_700_000_000_000L, null, ByteBuffer.allocate(400))
                .build();
    }

    private static ByteBuffer copy(ByteBuffer batch) {
        return ByteBuffer.allocate(batch.limit()).put(batch.duplicate()).flip();
    }
}
