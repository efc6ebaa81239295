package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdempotentAppendTest {
    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private final SimulatedWorld world = new SimulatedWorld(1);
    private final LogConfig config = LogConfig.of(Map.of(), Map.of());
    private Log log;

    @BeforeEach
    void open() throws IOException {
        LogContext context = new LogContext(
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, new ProducerLimits(1_000, 2));
        log = Log.open(
                context,
                LogOpening.create(Path.of("/data/events-0"), new TopicPartition("events", 0), new Uuid(1, 2)),
                config);
    }

    @AfterEach
    void close() throws IOException {
        log.close();
        disk.close();
    }

    private AppendResult append(long producer, int epoch, int sequence, String... values) throws IOException {
        return log.append(TestBatches.batch(producer, epoch, sequence, values), 0, 5_000);
    }

    private void refused(ErrorCode error, long producer, int epoch, int sequence) {
        long before = log.endOffset();
        assertThatThrownBy(() -> append(producer, epoch, sequence, "x"))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.error()).isEqualTo(error));
        assertThat(log.endOffset()).isEqualTo(before);
    }

    @Test
    void aRetryOfAnyOfTheLastFiveBatchesIsAnsweredWithItsFirstOffsets() throws IOException {
        for (int i = 0; i < 6; i++) {
            append(1, 0, 2 * i, "a", "b");
        }
        for (int i = 1; i < 6; i++) {
            AppendResult again = append(1, 0, 2 * i, "a", "b");
            assertThat(again.duplicate()).isTrue();
            assertThat(again.firstOffset()).isEqualTo(2 * i);
            assertThat(again.lastOffset()).isEqualTo(2 * i + 1);
        }
        assertThat(log.endOffset()).isEqualTo(12);
        refused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, 1, 0, 0);
    }

    @Test
    void aRetryIsAnsweredWithTheAppendTimeOfTheFirst() throws IOException {
        log.updateConfig(LogConfig.of(Map.of(), Map.of("message.timestamp.type", "LogAppendTime")));
        for (int i = 0; i < 3; i++) {
            log.append(TestBatches.batch(1, 0, i, "a"), 0, 5_000 + i);
        }
        log.updateConfig(config);
        append(1, 0, 3, "a");
        for (int i = 0; i < 3; i++) {
            AppendResult again = log.append(TestBatches.batch(1, 0, i, "a"), 0, 9_000);
            assertThat(again.duplicate()).isTrue();
            assertThat(again.logAppendTimeMs()).isEqualTo(5_000 + i);
        }
        assertThat(append(1, 0, 3, "a").logAppendTimeMs()).isEqualTo(-1);
    }

    @Test
    void aRetryOfABatchThatHasBeenDeletedHasNoAppendTime() throws IOException {
        log.updateConfig(
                LogConfig.of(Map.of(), Map.of("message.timestamp.type", "LogAppendTime", "segment.bytes", "100")));
        append(1, 0, 0, "a");
        append(1, 0, 1, "a");
        log.updateHighWatermark(1);
        log.advanceStartTo(1);
        log.startSaved(1);
        AppendResult again = append(1, 0, 0, "a");
        assertThat(again.duplicate()).isTrue();
        assertThat(again.firstOffset()).isZero();
        assertThat(again.logAppendTimeMs()).isEqualTo(-1);
    }

    @Test
    void aGapIsRefusedAndTheNextSequenceTaken() throws IOException {
        append(1, 0, 0, "a");
        refused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, 1, 0, 2);
        assertThat(append(1, 0, 1, "b").firstOffset()).isEqualTo(1);
    }

    @Test
    void anOlderEpochIsRefusedAndANewerOneBeginsAtZero() throws IOException {
        append(1, 3, 0, "a");
        refused(ErrorCode.INVALID_PRODUCER_EPOCH, 1, 2, 1);
        refused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, 1, 4, 1);
        assertThat(append(1, 4, 0, "b").duplicate()).isFalse();
        refused(ErrorCode.INVALID_PRODUCER_EPOCH, 1, 3, 1);
    }

    @Test
    void sequencesGoOnWithZeroAfterTheLargestInt() throws IOException {
        log.truncateFullyAndStartAt(1);
        append(1, 0, Integer.MAX_VALUE - 1, "a", "b", "c");
        assertThat(append(1, 0, Integer.MAX_VALUE - 1, "a", "b", "c").duplicate())
                .isTrue();
        refused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, 1, 0, 0);
        assertThat(append(1, 0, 1, "d").firstOffset()).isEqualTo(4);
    }

    @Test
    void theProducerThatWroteLongestAgoIsForgottenBeyondTheBound() throws IOException {
        append(1, 0, 0, "a");
        append(2, 0, 0, "a");
        append(3, 0, 0, "a");
        assertThat(append(2, 0, 0, "a").duplicate()).isTrue();
        assertThat(append(1, 0, 0, "a").duplicate()).isFalse();
    }

    @Test
    void producersExpireByTheTimestampOfTheirLastBatch() throws IOException {
        append(1, 0, 0, "a");
        log.producers().expire(2_000);
        assertThat(append(1, 0, 0, "a").duplicate()).isTrue();
        log.producers().expire(2_001);
        assertThat(append(1, 0, 0, "a").duplicate()).isFalse();
    }
}
