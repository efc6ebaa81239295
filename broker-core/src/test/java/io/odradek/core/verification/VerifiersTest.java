package io.odradek.core.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.brokers.BrokerLines;
import io.odradek.core.coordinator.MemoryPartitionLog;
import io.odradek.core.coordinator.transaction.Transaction;
import io.odradek.core.coordinator.transaction.TransactionCoordinator;
import io.odradek.core.coordinator.transaction.TransactionSettings;
import io.odradek.core.memory.MemoryShare;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.orders.ScriptedClient;
import io.odradek.core.partition.SimulatedOwnerLoop;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.AddPartitionsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.odradek.protocol.api.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import io.odradek.protocol.api.AddPartitionsToTxnResponse;
import io.odradek.protocol.api.AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult;
import io.odradek.protocol.api.AddPartitionsToTxnResponse.AddPartitionsToTxnResult;
import io.odradek.protocol.api.AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who coordinates a transactional id is asked whether a producer may write, here or on another broker. */
class VerifiersTest {
    private static final int OWN = 1;
    private static final int OTHER = 2;
    private static final long PRODUCER = 7;

    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final ScriptedClient client = new ScriptedClient();
    private final List<SortedMap<TopicPartition, ErrorCode>> answers = new ArrayList<>();
    private int coordinatorId = OWN;
    private final RemoteVerifiers remote = new RemoteVerifiers(BrokerLines.of(
            client,
            this::image,
            new BrokerLines.Listener("INTERNAL", "broker-1-txn-verifier", 30_000),
            world.newLoop("net"),
            world.clock()));
    private final TransactionCoordinator own = new TransactionCoordinator(
            world.clock(),
            TransactionSettings.DEFAULTS,
            new TransactionCoordinator.Surroundings(
                    this::image,
                    () -> CompletableFuture.completedFuture(PRODUCER),
                    (ended, done) -> () -> {},
                    new MemoryShare("none", 1L << 40)));
    private final CoordinatorVerifier verifier = new CoordinatorVerifier(OWN, own, this::image, remote::of);

    private MetadataImage image() {
        TreeMap<String, TopicInfo> topics = new TreeMap<>();
        if (coordinatorId != 0) {
            PartitionInfo led = new PartitionInfo(coordinatorId, 0, List.of(1, 2), List.of(1, 2));
            topics.put(
                    TransactionCoordinator.TOPIC,
                    new TopicInfo(TransactionCoordinator.TOPIC, Uuid.ZERO, List.of(led), Map.of()));
        }
        TreeMap<Integer, BrokerInfo> brokers = new TreeMap<>();
        brokers.put(OTHER, new BrokerInfo(OTHER, null, new TreeMap<>(Map.of("INTERNAL", new Endpoint("two", 9092)))));
        return new MetadataImage("cluster", OWN, brokers, topics, Map.of());
    }

    private void ask(String id, boolean adds, int... partitions) {
        TreeSet<TopicPartition> asked = new TreeSet<>();
        for (int partition : partitions) {
            asked.add(new TopicPartition("t", partition));
        }
        verifier.ask(new TransactionQuestion(id, PRODUCER, (short) 0, asked, adds), answers::add);
        world.runUntilIdle();
    }

    private void beOwnCoordinator() {
        own.elected(0, new SimulatedOwnerLoop(world.newLoop("owner")), new MemoryPartitionLog(0));
        world.runUntilIdle();
        own.initProducerId("id", 60_000, -1, (short) -1, verdict -> {});
        world.runUntilIdle();
    }

    @Test
    void theOwnCoordinatorIsAskedByAPlainCall() {
        beOwnCoordinator();
        ask("id", false, 0);
        ask("id", true, 0, 1);
        ask("id", false, 0, 2);
        assertThat(answers)
                .containsExactly(
                        errors(0, ErrorCode.TRANSACTION_ABORTABLE),
                        errors(0, ErrorCode.NONE, 1, ErrorCode.NONE),
                        errors(0, ErrorCode.NONE, 2, ErrorCode.TRANSACTION_ABORTABLE));
        assertThat(client.connections).isEmpty();
        List<Transaction> known = new ArrayList<>();
        own.describe("id", (error, transaction) -> known.add(transaction));
        world.runUntilIdle();
        assertThat(known.get(0).clientVersion()).isEqualTo(Transaction.EPOCH_EACH);
    }

    @Test
    void withoutACoordinatorNobodyCanBeAsked() {
        coordinatorId = 0;
        ask("id", false, 0);
        coordinatorId = -1;
        ask("id", true, 0);
        coordinatorId = OWN;
        ask("id", true, 0);
        assertThat(answers)
                .containsExactly(
                        errors(0, ErrorCode.COORDINATOR_NOT_AVAILABLE),
                        errors(0, ErrorCode.COORDINATOR_NOT_AVAILABLE),
                        errors(0, ErrorCode.NOT_COORDINATOR));
    }

    @Test
    void anotherBrokerIsAskedForAllThatHasGathered() {
        coordinatorId = OTHER;
        ask("a", false, 0);
        ask("a", false, 1);
        ask("b", true, 0, 1);
        ask("a", true, 2);
        assertThat(client.next(AddPartitionsToTxnRequest.class).transactions()).containsExactly(asked("a", true, 0));
        answer(of("a", 0, ErrorCode.NONE));
        assertThat(answers).containsExactly(errors(0, ErrorCode.NONE));
        assertThat(client.next(AddPartitionsToTxnRequest.class).transactions())
                .as("of one id what asks alike")
                .containsExactly(asked("a", true, 1), asked("b", false, 0, 1));

        answer(of("b", 1, ErrorCode.CONCURRENT_TRANSACTIONS), of("a", 1, ErrorCode.PRODUCER_FENCED));

        assertThat(answers.subList(1, 3))
                .containsExactly(
                        errors(1, ErrorCode.PRODUCER_FENCED),
                        errors(0, ErrorCode.UNKNOWN_SERVER_ERROR, 1, ErrorCode.CONCURRENT_TRANSACTIONS));
        assertThat(client.next(AddPartitionsToTxnRequest.class).transactions()).containsExactly(asked("a", false, 2));
        assertThat(client.connections).containsExactly("two:9092 for broker-1-txn-verifier");
    }

    @Test
    void whatAsksAlikeIsAskedAsOneAndEachIsToldItsPartitions() {
        coordinatorId = OTHER;
        ask("z", false, 0);
        for (int partition = 0; partition < 200; partition++) {
            ask("a", true, partition);
        }
        ask("a", false, 0);
        answer(of("z", 0, ErrorCode.NONE));
        List<AddPartitionsToTxnTransaction> together =
                client.next(AddPartitionsToTxnRequest.class).transactions();
        assertThat(together).hasSize(1);
        assertThat(together.get(0).verifyOnly()).isFalse();
        assertThat(together.get(0).topics().get(0).partitions()).hasSize(200);

        answer(of("a", 117, ErrorCode.NONE));

        assertThat(answers).hasSize(201);
        assertThat(answers.get(118)).isEqualTo(errors(117, ErrorCode.NONE));
        assertThat(answers.get(119))
                .as("nothing was said of it")
                .isEqualTo(errors(118, ErrorCode.UNKNOWN_SERVER_ERROR));
        assertThat(client.next(AddPartitionsToTxnRequest.class).transactions())
                .as("which adds nothing")
                .containsExactly(asked("a", true, 0));
    }

    @Test
    void aBrokerThatDoesNotAnswerOrRefusesIsTold() {
        coordinatorId = OTHER;
        ask("a", false, 0);
        client.lose();
        world.runUntilIdle();
        ask("a", false, 1);
        client.answer(new AddPartitionsToTxnResponse(ErrorCode.CLUSTER_AUTHORIZATION_FAILED, List.of(), List.of()));
        world.runUntilIdle();
        coordinatorId = 3;
        ask("a", false, 2);
        assertThat(answers)
                .containsExactly(
                        errors(0, ErrorCode.NETWORK_EXCEPTION),
                        errors(1, ErrorCode.CLUSTER_AUTHORIZATION_FAILED),
                        errors(2, ErrorCode.NETWORK_EXCEPTION));
    }

    private void answer(AddPartitionsToTxnResult... results) {
        client.answer(new AddPartitionsToTxnResponse(ErrorCode.NONE, List.of(results), List.of()));
        world.runUntilIdle();
    }

    private static AddPartitionsToTxnResult of(String id, int partition, ErrorCode error) {
        return new AddPartitionsToTxnResult(
                id,
                List.of(new AddPartitionsToTxnTopicResult(
                        "t", List.of(new AddPartitionsToTxnPartitionResult(partition, error)))));
    }

    private static AddPartitionsToTxnTransaction asked(String id, boolean verifyOnly, Integer... partitions) {
        return new AddPartitionsToTxnTransaction(
                id, PRODUCER, (short) 0, verifyOnly, List.of(new AddPartitionsToTxnTopic("t", List.of(partitions))));
    }

    private static SortedMap<TopicPartition, ErrorCode> errors(Object... pairs) {
        SortedMap<TopicPartition, ErrorCode> errors = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            errors.put(new TopicPartition("t", (Integer) pairs[i]), (ErrorCode) pairs[i + 1]);
        }
        return errors;
    }
}
