package io.odradek.storage.log;

import static io.odradek.storage.log.AppendOrigin.COORDINATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.Guests;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.FirstSequence.Past;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The batches of {@link TestBatches} are of the time 1,000; producers are forgotten 1,000 ms later. */
class FirstSequenceTest {
    private static final long EXPIRATION_MS = 1_000;
    private static final long SOON = 1_500;

    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private final SimulatedWorld world = new SimulatedWorld(1);
    private final LostPasts lostPasts = new LostPasts();
    private Log log;

    @BeforeEach
    void open() throws IOException {
        LogContext context = new LogContext(
                disk,
                new Guests(world.clock(), world.newRandoms("log")),
                LogEvents.IMMEDIATE,
                new ProducerLimits(EXPIRATION_MS, 3),
                LogContext.Recovery.DEFAULT,
                lostPasts);
        log = Log.open(
                context,
                LogOpening.create(Path.of("/data/events-0"), new TopicPartition("events", 0), new Uuid(1, 2)),
                LogConfig.of(Map.of(), Map.of()));
    }

    @AfterEach
    void close() throws IOException {
        log.close();
        disk.close();
    }

    private AppendResult append(long producer, int epoch, int sequence, long nowMs) throws IOException {
        return log.append(TestBatches.batch(producer, epoch, sequence, "x"), 0, nowMs);
    }

    private void refused(long producer, int epoch, int sequence, long nowMs) {
        long before = log.endOffset();
        assertThatThrownBy(() -> append(producer, epoch, sequence, nowMs))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.error()).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER));
        assertThat(log.endOffset()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "0, false, false, -1, true, false, false",
        "0, false, false, 1000, false, false, false",
        "0, false, false, 999, false, false, true",
        "0, false, false, -1, false, false, true",
        "0, false, true, 1000, false, false, true",
        "0, true, false, 1000, false, false, true",
        "1, false, false, 1000, false, false, true",
        "1, false, false, -1, true, false, true",
        "0, false, false, -1, true, true, true",
    })
    void aLogMayHaveKnownAProducerIfSomethingOfItsPastIsGone(
            long startOffset,
            boolean compacted,
            boolean forgotten,
            long oldestMs,
            boolean empty,
            boolean again,
            boolean may) {
        assertThat(new Past(startOffset, compacted, forgotten, oldestMs, empty, again).mayHaveKnown(1_000))
                .isEqualTo(may);
    }

    @Test
    void aSecondRequestThatOvertakesTheFirstIsRefusedAndBothAreTakenInOrderThen() throws IOException {
        refused(1, 0, 1, SOON);
        assertThat(append(1, 0, 0, SOON).firstOffset()).isZero();
        assertThat(append(1, 0, 1, SOON).firstOffset()).isEqualTo(1);
        refused(2, 0, 7, SOON);
        refused(1, 1, 2, SOON);
    }

    @Test
    void whereRetentionHasTakenRecordsAProducerGoesOn() throws IOException {
        append(1, 0, 0, SOON);
        append(1, 0, 1, SOON);
        refused(2, 0, 7, SOON);
        log.advanceStartTo(1);
        assertThat(append(2, 0, 7, SOON).firstOffset()).isEqualTo(2);
    }

    @Test
    void aProducerThatHasBeenForgottenGoesOnButNotOneThatCameLater() throws IOException {
        append(5, 0, 0, SOON);
        log.producers().expire(2_001);
        assertThat(append(5, 0, 1, 1_999).firstOffset()).isEqualTo(1);
        refused(6, 0, 1, 1_999);
    }

    @Test
    void aProducerThatMayHaveBeenForgottenBeforeTheLogWasOpenedGoesOn() throws IOException {
        append(1, 0, 0, SOON);
        refused(2, 0, 1, 2_000);
        assertThat(append(2, 0, 1, 2_001).firstOffset()).isEqualTo(1);
    }

    @Test
    void aProducerForWhichThereWasNoRoomGoesOn() throws IOException {
        for (int producer = 1; producer <= 3; producer++) {
            append(producer, 0, 0, SOON);
        }
        assertThat(append(4, 0, 1, SOON).firstOffset()).isEqualTo(3);
    }

    @Test
    void whereTheTopicWasDeletedAProducerGoesOn() throws IOException {
        refused(2, 0, 7, SOON);
        lostPasts.deleted(List.of(new TopicPartition("others", 0)));
        refused(2, 0, 7, SOON);
        lostPasts.deleted(List.of(new TopicPartition("events", 1)));
        assertThat(append(2, 0, 7, SOON).firstOffset()).isZero();
    }

    @Test
    void whereTheTopicWasDeletedAProducerGoesOnBehindTheMarkerOfATransactionThatItBeganBefore() throws IOException {
        log.append(new ControlRecord(ControlRecord.Type.COMMIT, 0).toBatch(2, (short) 0, 1_000), 0, SOON, COORDINATOR);
        refused(2, 0, 7, SOON);
        lostPasts.deleted(List.of(new TopicPartition("events", 0)));
        assertThat(append(2, 0, 7, SOON).firstOffset()).isEqualTo(1);
        refused(2, 0, 7 + 2, SOON);
    }

    @Test
    void whereRetentionHasTakenRecordsAnEpochThatAMarkerHasBegunStillBeginsWithSequenceZero() throws IOException {
        append(1, 0, 0, SOON);
        append(1, 0, 1, SOON);
        log.append(new ControlRecord(ControlRecord.Type.COMMIT, 0).toBatch(2, (short) 1, 1_000), 0, SOON, COORDINATOR);
        log.advanceStartTo(1);
        refused(2, 1, 7, SOON);
        assertThat(append(2, 1, 0, SOON).firstOffset()).isEqualTo(3);
    }

    @Test
    void whereTheLogWasMissingAProducerGoesOn() throws IOException {
        lostPasts.missing(new TopicPartition("events", 1));
        refused(2, 0, 7, SOON);
        lostPasts.missing(new TopicPartition("events", 0));
        assertThat(append(2, 0, 7, SOON).firstOffset()).isZero();
    }

    @Test
    void whereMoreWasLostThanIsKeptAProducerGoesOn() throws IOException {
        for (int topic = 0; topic < 10_000; topic++) {
            lostPasts.deleted(List.of(new TopicPartition("others-" + topic, 0)));
            lostPasts.deleted(List.of(new TopicPartition("others-0", 0)));
        }
        refused(2, 0, 7, SOON);
        lostPasts.deleted(List.of(new TopicPartition("one more", 0)));
        assertThat(append(2, 0, 7, SOON).firstOffset()).isZero();
    }

    @Test
    void aFollowerTakesWhatItsLeaderHas() throws IOException {
        log.appendAsFollower(TestBatches.batch(1, 0, 9, "x"), SOON);
        assertThat(append(1, 0, 10, SOON).firstOffset()).isEqualTo(1);
    }
}
