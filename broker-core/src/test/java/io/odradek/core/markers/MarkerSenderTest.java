package io.odradek.core.markers;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.transaction.EndedTransaction;
import io.odradek.core.coordinator.transaction.Outcome;
import io.odradek.core.coordinator.transaction.TransactionMarkers.Writing;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Each partition of a transaction is told by whoever leads it, until it knows or is gone. */
class MarkerSenderTest {
    private static final TopicPartition HERE = new TopicPartition("t", 0);
    private static final TopicPartition THERE = new TopicPartition("t", 1);

    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final TreeMap<String, TopicInfo> topics = new TreeMap<>();
    private final List<Asked> asked = new ArrayList<>();
    private final List<ErrorCode> told = new ArrayList<>();
    private short version;
    private final MarkerSender sender = new MarkerSender(this::image, leader -> way(leader), world.newLoop("cluster"));

    private record Asked(
            int broker,
            TopicPartition id,
            TransactionMarker marker,
            BooleanSupplier unwanted,
            Consumer<ErrorCode> done) {}

    MarkerSenderTest() {
        topic("__transaction_state", 1);
        topic("t", 1, 2);
    }

    private MetadataImage image() {
        return new MetadataImage("cluster", 1, new TreeMap<>(), new TreeMap<>(topics), Map.of());
    }

    private void topic(String name, int... leaders) {
        List<PartitionInfo> partitions = new ArrayList<>();
        for (int leader : leaders) {
            partitions.add(new PartitionInfo(leader, 0, List.of(1, 2), List.of(1, 2)));
        }
        topics.put(name, new TopicInfo(name, Uuid.ZERO, partitions, Map.of()));
    }

    private MarkerWay way(int leader) {
        return (id, marker, unwanted, done) -> asked.add(new Asked(leader, id, marker, unwanted, done));
    }

    private Writing send(Outcome outcome, TopicPartition... partitions) {
        SortedSet<TopicPartition> all = new TreeSet<>(List.of(partitions));
        return sender.write(new EndedTransaction(7, (short) 3, outcome, all, 5, version), told::add);
    }

    private void answer(ErrorCode error) {
        Asked first = asked.remove(0);
        first.done().accept(error);
    }

    private void waitForTheNext() {
        world.advanceMs(2_000);
    }

    @Test
    void eachLeaderIsAskedAndTheEndIsToldAfterTheLast() {
        send(Outcome.COMMIT, HERE, THERE);
        assertThat(asked).extracting(Asked::broker).containsExactly(1, 2);
        assertThat(asked.get(0).marker())
                .isEqualTo(new TransactionMarker(7, (short) 3, new ControlRecord(ControlRecord.Type.COMMIT, 5), false));
        answer(ErrorCode.NONE);
        assertThat(told).isEmpty();
        answer(ErrorCode.NONE);
        assertThat(told).containsExactly(ErrorCode.NONE);
    }

    @Test
    void withTransactionsV2PartitionsAreToldThatTheEpochHasBeenRaised() {
        version = 2;
        send(Outcome.COMMIT, HERE);
        assertThat(asked.get(0).marker().raisesEpoch()).isTrue();
    }

    @Test
    void whatWasNotWrittenIsTriedAgainWithWhoeverLeadsThen() {
        send(Outcome.ABORT, HERE, THERE);
        answer(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        answer(ErrorCode.NETWORK_EXCEPTION);
        topic("t", 2, -1);

        waitForTheNext();
        assertThat(asked).extracting(Asked::broker).containsExactly(2);
        answer(ErrorCode.NONE);
        assertThat(told).isEmpty();

        topic("t", 2, 1);
        waitForTheNext();
        assertThat(asked).extracting(Asked::broker).containsExactly(1);
        answer(ErrorCode.NONE);
        assertThat(told).containsExactly(ErrorCode.NONE);
    }

    @Test
    void aPartitionThatIsGoneHasNothingToBeEnded() {
        topics.remove("t");
        send(Outcome.COMMIT, HERE, THERE);
        waitForTheNext();
        assertThat(told).containsExactly(ErrorCode.NONE);

        topic("t", 1);
        send(Outcome.COMMIT, HERE, THERE);
        answer(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        topics.remove("t");
        waitForTheNext();
        assertThat(told).containsExactly(ErrorCode.NONE, ErrorCode.NONE);
        assertThat(asked).isEmpty();
    }

    @Test
    void aPartitionThatThisBrokerHearsOfLateIsNotTakenForDeleted() {
        TopicPartition grown = new TopicPartition("t", 2);
        TopicPartition made = new TopicPartition("made", 0);
        send(Outcome.COMMIT, grown, made);
        world.advanceMs(1_000);
        assertThat(told).isEmpty();

        topic("t", 1, 2, 2);
        topic("made", 1);
        waitForTheNext();
        assertThat(asked).extracting(Asked::id).containsExactly(made, grown);
        answer(ErrorCode.NONE);
        answer(ErrorCode.NONE);
        assertThat(told).containsExactly(ErrorCode.NONE);
    }

    @Test
    void aBrokerThatKnowsNoTopicsYetTakesNoneForDeleted() {
        topics.clear();
        send(Outcome.COMMIT, HERE);
        waitForTheNext();
        assertThat(told).isEmpty();

        topic("__transaction_state", 1);
        topic("t", 1);
        waitForTheNext();
        answer(ErrorCode.NONE);
        assertThat(told).containsExactly(ErrorCode.NONE);
    }

    @Test
    void aLaterCoordinatorEndsIt() {
        for (ErrorCode fenced : List.of(ErrorCode.TRANSACTION_COORDINATOR_FENCED, ErrorCode.INVALID_PRODUCER_EPOCH)) {
            send(Outcome.COMMIT, HERE, THERE);
            BooleanSupplier unwanted = asked.get(1).unwanted();
            assertThat(unwanted.getAsBoolean()).isFalse();
            answer(fenced);
            assertThat(told).containsExactly(fenced);
            assertThat(unwanted.getAsBoolean())
                    .as("what has not been written yet")
                    .isTrue();
            answer(ErrorCode.NONE);
            waitForTheNext();
            assertThat(asked).isEmpty();
            assertThat(told).containsExactly(fenced);
            told.clear();
        }
    }

    @Test
    void nothingIsWrittenOrToldOnceItIsStopped() {
        Writing writing = send(Outcome.COMMIT, HERE, THERE);
        answer(ErrorCode.NOT_ENOUGH_REPLICAS);
        writing.stop();
        assertThat(asked.get(0).unwanted().getAsBoolean()).isTrue();
        answer(ErrorCode.NONE);
        waitForTheNext();
        assertThat(asked).isEmpty();
        assertThat(told).isEmpty();
    }
}
