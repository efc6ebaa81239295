package io.odradek.core.coordinator.transaction;

import static io.odradek.core.coordinator.transaction.TransactionBed.FIRST_PRODUCER;
import static io.odradek.core.coordinator.transaction.TransactionBed.ID;
import static io.odradek.core.coordinator.transaction.TransactionBed.TIMEOUT_MS;
import static io.odradek.core.coordinator.transaction.Transactions.V2;
import static io.odradek.core.coordinator.transaction.Transactions.goOnAs;
import static io.odradek.core.coordinator.transaction.Transactions.partitions;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.Reply;
import io.odradek.core.coordinator.runtime.CoordinatorRecord;
import io.odradek.core.partition.SimulatedOwnerLoop;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TransactionCoordinatorTest {
    private static final long WEEK_MS = 604_800_000;

    private final TransactionBed bed = new TransactionBed();

    @Test
    void aTransactionIsCommittedAndItsProducerGoesOn() {
        Verdict producer = bed.newProducer();
        assertThat(producer).isEqualTo(goOnAs(FIRST_PRODUCER, 0));
        for (Outcome outcome : Outcome.values()) {
            assertThat(bed.add(producer, "t-0", "t-1").get()).isEqualTo(ErrorCode.NONE);
            assertThat(bed.add(producer, "u-0").get()).isEqualTo(ErrorCode.NONE);
            assertThat(bed.end(producer, outcome).get()).isEqualTo(producer);
            assertThat(bed.markings).hasSize(1);
            assertThat(bed.markings.get(0).ended)
                    .isEqualTo(new EndedTransaction(
                            FIRST_PRODUCER, (short) 0, outcome, partitions("t-0", "t-1", "u-0"), 0, Transactions.V1));
            assertThat(bed.add(producer, "t-0").get()).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
            bed.written();
            assertThat(bed.status()).isEqualTo(outcome.complete());
        }
    }

    @Test
    void inVersionTwoEachTransactionHasAnEpochAndItsMarkersTheNext() {
        Verdict producer = bed.newProducer();
        for (int epoch = 0; epoch < 3; epoch++) {
            assertThat(bed.add(producer, V2, "t-0").get()).isEqualTo(ErrorCode.NONE);
            Verdict next = bed.end(producer, Outcome.COMMIT, V2).get();
            assertThat(next).isEqualTo(goOnAs(FIRST_PRODUCER, epoch + 1));
            assertThat(bed.markings.get(0).ended.producerEpoch()).isEqualTo((short) (epoch + 1));
            assertThat(bed.add(next, V2, "t-0").get()).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
            bed.written();
            assertThat(bed.end(producer, Outcome.COMMIT, V2).get())
                    .as("a repeat")
                    .isEqualTo(next);
            producer = next;
        }
    }

    @Test
    void whatABrokerWantsToKnowOfAPartitionItIsTold() {
        Verdict producer = bed.newProducer();
        bed.add(producer, "t-0");
        assertThat(bed.verify(producer, "t-0", "t-1"))
                .containsEntry(new TopicPartition("t", 0), ErrorCode.NONE)
                .containsEntry(new TopicPartition("t", 1), ErrorCode.TRANSACTION_ABORTABLE);
        bed.end(producer, Outcome.ABORT);
        assertThat(bed.verify(producer, "t-0")).containsValue(ErrorCode.CONCURRENT_TRANSACTIONS);
        bed.written();
        assertThat(bed.verify(producer, "t-0")).as("a late batch").containsValue(ErrorCode.TRANSACTION_ABORTABLE);
    }

    @Test
    void theGroupsPartitionJoinsTheTransaction() {
        Verdict producer = bed.newProducer();
        Reply<ErrorCode> reply = new Reply<>();
        bed.coordinator.addOffsets(ID, producer.producerId(), producer.producerEpoch(), "group", reply);
        bed.world.runUntilIdle();
        assertThat(reply.get()).isEqualTo(ErrorCode.NONE);
        assertThat(bed.known().state().partitions())
                .containsExactly(new TopicPartition("__consumer_offsets", Math.abs("group".hashCode()) % 50));
    }

    @Test
    void noMarkerLeavesAndNobodyIsToldBeforeTheOutcomeIsCommitted() {
        Verdict producer = bed.newProducer();
        bed.add(producer, "t-0");
        bed.log.commitAtOnce(false);

        Reply<Verdict> reply = bed.end(producer, Outcome.COMMIT);
        assertThat(reply.isHere()).isFalse();
        assertThat(bed.markings).isEmpty();

        bed.log.commitAll();
        bed.world.runUntilIdle();
        assertThat(reply.get()).isEqualTo(producer);
        assertThat(bed.markings).hasSize(1);
    }

    @Test
    void anOutcomeThatIsCommittedAfterItsProducerWasToldOtherwiseIsCarriedOut() {
        Verdict producer = bed.newProducer();
        bed.add(producer, "t-0");
        bed.log.commitAtOnce(false);
        Reply<Verdict> reply = bed.end(producer, Outcome.COMMIT);
        bed.world.advanceMs(20_000);
        assertThat(reply.get().error()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(bed.markings).isEmpty();

        bed.log.commitAll();
        bed.world.advanceMs(200);

        assertThat(bed.markings).hasSize(1);
        bed.log.commitAtOnce(true);
        bed.written();
        assertThat(bed.end(producer, Outcome.COMMIT).get()).as("a repeat").isEqualTo(producer);
    }

    @Test
    void anOutcomeThatCouldNotBeAppendedIsNone() {
        Verdict producer = bed.newProducer();
        bed.add(producer, "t-0");
        bed.log.refuse(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(bed.end(producer, Outcome.COMMIT).get().error()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        bed.log.refuse(ErrorCode.NONE);
        assertThat(bed.status()).isEqualTo(TransactionStatus.ONGOING);
        assertThat(bed.end(producer, Outcome.ABORT).get()).isEqualTo(producer);
        assertThat(bed.markings.get(0).ended.outcome()).isEqualTo(Outcome.ABORT);
    }

    @Test
    void anEndThatCannotBeStoredYetIsStoredLater() {
        Verdict producer = bed.newProducer();
        bed.add(producer, "t-0");
        bed.end(producer, Outcome.COMMIT);
        bed.log.refuse(ErrorCode.NOT_ENOUGH_REPLICAS);
        bed.written();
        bed.world.advanceMs(1_000);
        assertThat(bed.status()).isEqualTo(TransactionStatus.PREPARE_COMMIT);

        bed.log.refuse(ErrorCode.NONE);
        bed.world.advanceMs(1_000);

        assertThat(bed.status()).isEqualTo(TransactionStatus.COMPLETE_COMMIT);
        assertThat(bed.markings).isEmpty();
    }

    @Test
    void theNextCoordinatorWritesTheMarkersAgainInItsOwnEpochAndTheOneBeforeNoMore() {
        for (Outcome outcome : Outcome.values()) {
            Verdict producer = bed.newProducer();
            bed.add(producer, "t-0");
            bed.end(producer, outcome);
            TransactionBed.Marking former = bed.markings.get(0);

            bed.failOver();

            assertThat(former.stopped).isTrue();
            assertThat(bed.markings).hasSize(2);
            TransactionBed.Marking again = bed.markings.get(1);
            assertThat(again.ended.outcome()).isEqualTo(outcome);
            assertThat(again.ended.coordinatorEpoch()).isEqualTo(former.ended.coordinatorEpoch() + 1);
            bed.markings.remove(again);
            bed.written();
            assertThat(bed.status()).as("told by the one before").isEqualTo(outcome.prepared());
            bed.markings.add(again);
            bed.written();
            assertThat(bed.status()).isEqualTo(outcome.complete());
        }
    }

    @Test
    void anOutcomeThatWasNotCommittedIsOpenAgainForTheNextCoordinator() {
        Verdict producer = bed.newProducer();
        bed.add(producer, "t-0");
        bed.log.commitAtOnce(false);
        Reply<Verdict> lost = bed.end(producer, Outcome.COMMIT);

        bed.failOver();

        assertThat(lost.get().error()).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(bed.status()).isEqualTo(TransactionStatus.ONGOING);
        assertThat(bed.markings).isEmpty();
        assertThat(bed.end(producer, Outcome.ABORT).get()).isEqualTo(producer);
    }

    @Test
    void markersThatALaterCoordinatorHasWrittenAreLeftToIt() {
        Verdict producer = bed.newProducer();
        bed.add(producer, "t-0");
        bed.end(producer, Outcome.COMMIT);
        bed.written(ErrorCode.TRANSACTION_COORDINATOR_FENCED);
        bed.world.advanceMs(60_000);
        assertThat(bed.status()).isEqualTo(TransactionStatus.PREPARE_COMMIT);
        assertThat(bed.markings).isEmpty();
    }

    @Test
    void aRepeatOfAResumptionIsKnownUntilTheCoordinatorMoves() {
        bed.newProducer();
        assertThat(bed.init(FIRST_PRODUCER, 0).get()).isEqualTo(goOnAs(FIRST_PRODUCER, 1));
        assertThat(bed.init(FIRST_PRODUCER, 0).get()).isEqualTo(goOnAs(FIRST_PRODUCER, 1));
        bed.failOver();
        assertThat(bed.init(FIRST_PRODUCER, 0).get().error()).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(bed.init(FIRST_PRODUCER, 1).get()).isEqualTo(goOnAs(FIRST_PRODUCER, 2));
    }

    @Test
    void aNewProducerAbortsTheTransactionOfTheOneBeforeAndFencesIt() {
        Verdict zombie = bed.newProducer();
        bed.add(zombie, "t-0");

        assertThat(bed.init().get().error()).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(bed.init().get().error()).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(bed.markings).hasSize(1);
        assertThat(bed.markings.get(0).ended.producerEpoch()).isEqualTo((short) 1);
        bed.written();
        assertThat(bed.newProducer()).isEqualTo(goOnAs(FIRST_PRODUCER, 2));

        assertThat(bed.add(zombie, "t-0").get()).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(bed.end(zombie, Outcome.COMMIT).get().error()).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(bed.init(FIRST_PRODUCER, 0).get().error()).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(bed.verify(zombie, "t-0")).containsValue(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void aTransactionWhoseTimeIsOverIsAbortedAndItsProducerFenced() {
        Verdict producer = bed.newProducer();
        bed.add(producer, "t-0");
        bed.world.advanceMs(TIMEOUT_MS);
        assertThat(bed.status()).isEqualTo(TransactionStatus.ONGOING);

        bed.world.advanceMs(10_001);

        assertThat(bed.status()).isEqualTo(TransactionStatus.PREPARE_ABORT);
        assertThat(bed.markings.get(0).ended.producerEpoch()).isEqualTo((short) 1);
        bed.written();
        assertThat(bed.status()).isEqualTo(TransactionStatus.COMPLETE_ABORT);
        assertThat(bed.end(producer, Outcome.COMMIT).get().error()).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(bed.init(FIRST_PRODUCER, 0).get().error()).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void timeGoesOnUnderTheNextCoordinator() {
        bed.add(bed.newProducer(), "t-0");
        bed.world.advanceMs(TIMEOUT_MS / 2);
        bed.failOver();
        bed.world.advanceMs(TIMEOUT_MS / 2 + 10_001);
        assertThat(bed.status()).isEqualTo(TransactionStatus.PREPARE_ABORT);
    }

    @Test
    void anIdThatNobodyUsesIsForgottenForGood() {
        Verdict producer = bed.newProducer();
        bed.add(producer, "t-0");
        bed.end(producer, Outcome.COMMIT);
        bed.written();
        bed.world.advanceMs(WEEK_MS - 3_600_000);
        assertThat(bed.known()).isNotNull();

        bed.world.advanceMs(2 * 3_600_000);

        assertThat(bed.known()).isNull();
        assertThat(bed.memory.usedBytes()).isZero();
        assertThat(bed.add(producer, "t-0").get()).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        bed.failOver();
        assertThat(bed.known()).isNull();
        assertThat(bed.init(producer.producerId(), producer.producerEpoch()).get())
                .isEqualTo(goOnAs(FIRST_PRODUCER + 1, 0));
    }

    @Test
    void aTransactionThatIsOpenIsNotForgotten() {
        TransactionBed slow = new TransactionBed(
                new TransactionSettings(Integer.MAX_VALUE, 1_000, 10_000, 1_000, 5_000, V2, 50), 1L << 40);
        Reply<Verdict> producer = slow.init(ID, Integer.MAX_VALUE, Producer.NO_ID, Producer.NO_EPOCH);
        slow.add(producer.get(), "t-0");
        slow.world.advanceMs(100_000);
        assertThat(slow.status()).isEqualTo(TransactionStatus.ONGOING);
    }

    @Test
    void badRequestsAreRefused() {
        assertThat(bed.init("", TIMEOUT_MS, -1, -1).get().error()).isEqualTo(ErrorCode.INVALID_REQUEST);
        for (int timeoutMs : List.of(0, -1, 900_001, Integer.MAX_VALUE, Integer.MIN_VALUE)) {
            assertThat(bed.init(ID, timeoutMs, -1, -1).get().error()).isEqualTo(ErrorCode.INVALID_TRANSACTION_TIMEOUT);
        }
        assertThat(bed.init(ID, 900_000, -1, -1).get().error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void withoutProducerIdsAProducerComesAgain() {
        bed.noProducerIds = true;
        assertThat(bed.init().get().error()).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        bed.noProducerIds = false;
        assertThat(bed.init().get().error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void whoIsNotCoordinatorSaysSo() {
        bed.coordinator.resigned(0);
        assertThat(bed.init().get().error()).isEqualTo(ErrorCode.NOT_COORDINATOR);
        bed.log.holdReplay();
        bed.coordinator.elected(0, new SimulatedOwnerLoop(bed.world.newLoop("other")), bed.log);
        assertThat(bed.init().get().error()).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        List<ErrorCode> errors = new ArrayList<>();
        bed.coordinator.list(new TransactionFilter(Set.of(), Set.of(), -1), (error, found) -> errors.add(error));
        bed.world.runUntilIdle();
        assertThat(errors).containsExactly(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
    }

    @Test
    void whatFailsHalfWayCostsItsOwnIdAndIsMadeGood() {
        Verdict producer = bed.newProducer();
        bed.add(producer, "t-0");
        bed.end(producer, Outcome.COMMIT);
        bed.log.breakNextAppend(true);
        bed.written();

        assertThat(bed.markings).as("begun anew").hasSize(1);
        bed.written();
        assertThat(bed.status()).isEqualTo(TransactionStatus.COMPLETE_COMMIT);
    }

    @Test
    void aBatchThatCannotBeReadCostsNoMoreThanWhatItSays() {
        Verdict producer = bed.newProducer();
        bed.add(producer, "t-0");
        Verdict other = bed.init("other", TIMEOUT_MS, -1, -1).get();
        CoordinatorRecord record = TransactionRecords.write("other", bed.known(), V2);
        ByteBuffer flipped =
                new BatchBuilder(1_000).append(0, record.key(), record.value()).build();
        flipped.put(flipped.limit() - 3, (byte) ~flipped.get(flipped.limit() - 3));
        bed.log.put(flipped);

        bed.failOver();

        assertThat(bed.end(producer, Outcome.COMMIT).get()).isEqualTo(producer);
        assertThat(bed.init("other", TIMEOUT_MS, other.producerId(), other.producerEpoch())
                        .get())
                .isEqualTo(goOnAs(other.producerId(), 1));
    }

    @Test
    void withoutMemoryNoIdGrowsAndWhatIsThereGoesOn() {
        TransactionBed small = new TransactionBed(TransactionSettings.DEFAULTS, 600);
        Verdict producer = small.newProducer();
        assertThat(small.add(producer, "t-0").get()).isEqualTo(ErrorCode.NONE);
        assertThat(small.init("another", TIMEOUT_MS, -1, -1).get().error())
                .isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(small.add(producer, "a-1", "a-2", "a-3").get()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(small.end(producer, Outcome.COMMIT).get()).isEqualTo(producer);
        small.written();
        assertThat(small.status()).isEqualTo(TransactionStatus.COMPLETE_COMMIT);
        small.coordinator.resigned(0);
        assertThat(small.memory.usedBytes()).isZero();
    }

    @Test
    void idsAreListedByStateProducerAndTime() {
        bed.newProducer();
        Verdict other = bed.init("other", TIMEOUT_MS, -1, -1).get();
        Reply<ErrorCode> added = new Reply<>();
        bed.coordinator.addPartitions(
                "other", other.producerId(), other.producerEpoch(), partitions("t-0"), Transactions.V1, added);
        bed.world.advanceMs(5_000);

        assertThat(bed.list(new TransactionFilter(Set.of(), Set.of(), -1))).containsOnlyKeys(ID, "other");
        assertThat(bed.list(new TransactionFilter(Set.of(TransactionStatus.ONGOING), Set.of(), -1)))
                .containsOnlyKeys("other");
        assertThat(bed.list(new TransactionFilter(Set.of(), Set.of(FIRST_PRODUCER), -1)))
                .containsOnlyKeys(ID);
        assertThat(bed.list(new TransactionFilter(Set.of(TransactionStatus.ONGOING), Set.of(), 6_000)))
                .isEmpty();
        assertThat(bed.list(new TransactionFilter(Set.of(TransactionStatus.ONGOING), Set.of(), 4_000)))
                .containsOnlyKeys("other");
    }
}
