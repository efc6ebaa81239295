package io.odradek.core.engine;

import io.odradek.core.brokers.BrokerLines;
import io.odradek.core.config.BrokerConfig;
import io.odradek.core.controller.ProducerIds;
import io.odradek.core.controller.TopicNames;
import io.odradek.core.coordinator.transaction.TransactionCoordinator;
import io.odradek.core.coordinator.transaction.TransactionSettings;
import io.odradek.core.markers.LocalWay;
import io.odradek.core.markers.MarkerSender;
import io.odradek.core.markers.MarkerWay;
import io.odradek.core.markers.MarkerWriter;
import io.odradek.core.markers.RemoteMarkers;
import io.odradek.core.markers.TransactionMarker;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.request.transaction.AddOffsetsToTxnHandler;
import io.odradek.core.request.transaction.AddPartitionsToTxnHandler;
import io.odradek.core.request.transaction.DescribeTransactionsHandler;
import io.odradek.core.request.transaction.EndTxnHandler;
import io.odradek.core.request.transaction.InitTransactionsHandler;
import io.odradek.core.request.transaction.TxnOffsetCommitHandler;
import io.odradek.core.request.transaction.WriteTxnMarkersHandler;
import io.odradek.core.verification.CoordinatorVerifier;
import io.odradek.core.verification.RemoteVerifiers;
import io.odradek.core.verification.TransactionVerifier;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** What serves transactions, put together: coordinator, markers, verification, and the handlers in front of them. */
final class TransactionRooms {
    /** How long a producer's request waits for a block of ids. */
    private static final long ID_WAIT_MS = 30_000;

    private final EngineHandlers.Rooms rooms;
    private final BooleanSupplier verifies;
    private final ProducerIds ids;
    private final EventLoop loop;
    private final MarkerWriter markers;
    private final TransactionCoordinator coordinator;
    private final TransactionVerifier verifier;
    private final RequestHandler<InitProducerIdRequest> initialization;

    /**
     * Makes them.
     *
     * @param rooms the rooms of the broker
     * @param ids gives out producer ids
     * @param verifies {@code transaction.partition.verification.enable}
     */
    TransactionRooms(
            BrokerConfig config,
            EngineEnvironment environment,
            EngineHandlers.Rooms rooms,
            ProducerIds ids,
            BooleanSupplier verifies) {
        this.rooms = rooms;
        this.ids = ids;
        this.verifies = verifies;
        this.loop = environment.loops().cluster();
        markers = new MarkerWriter(
                rooms.owners(), this::endPositions, environment.clock(), config.int32("request.timeout.ms"));
        LocalWay own = new LocalWay(markers);
        int brokerId = rooms.brokerId();
        IntFunction<? extends MarkerWay> ways = id -> own;
        IntFunction<? extends TransactionVerifier> verifiers = id -> {
            throw new IllegalStateException("There is no broker " + id);
        };
        if (!rooms.office().alone()) {
            RemoteMarkers toOthers = new RemoteMarkers(lines(config, environment, "markers"));
            ways = id -> id == brokerId ? own : toOthers.way(id);
            verifiers = new RemoteVerifiers(lines(config, environment, "verification"))::of;
        }
        coordinator = new TransactionCoordinator(
                environment.clock(),
                settings(config),
                new TransactionCoordinator.Surroundings(
                        rooms.metadata(),
                        this::nextId,
                        new MarkerSender(rooms.metadata(), ways::apply, loop),
                        environment.memory().transactions()));
        verifier = new CoordinatorVerifier(brokerId, coordinator, rooms.metadata(), verifiers);
        initialization = new InitTransactionsHandler(coordinator);
    }

    private BrokerLines lines(BrokerConfig config, EngineEnvironment environment, String purpose) {
        return BrokerLines.of(
                environment.brokers(),
                rooms.metadata(),
                new BrokerLines.Listener(
                        config.listeners().interBrokerName(),
                        "broker-" + rooms.brokerId() + "-txn-" + purpose,
                        config.int32("request.timeout.ms")),
                loop,
                environment.clock());
    }

    private static TransactionSettings settings(BrokerConfig config) {
        return new TransactionSettings(
                config.int32("transaction.max.timeout.ms"),
                config.int32("transactional.id.expiration.ms"),
                config.int32("transaction.abort.timed.out.transaction.cleanup.interval.ms"),
                config.int32("transaction.remove.expired.transaction.cleanup.interval.ms"),
                TransactionSettings.DEFAULTS.commitTimeoutMs(),
                config.int16("odradek.transaction.version"),
                config.int32("offsets.topic.num.partitions"));
    }

    /** The positions of groups count once the group coordinator has seen the marker. */
    private boolean endPositions(
            TopicPartition id, TransactionMarker marker, Consumer<ErrorCode> settled, Runnable served) {
        if (!id.topic().equals(TopicNames.OFFSETS)) {
            return false;
        }
        rooms.groups()
                .endTransaction(
                        id.partition(), marker.producerId(), marker.producerEpoch(), marker.record(), settled, served);
        return true;
    }

    private CompletionStage<Long> nextId() {
        CompletableFuture<Long> id = new CompletableFuture<>();
        loop.post(() -> {
            EventLoop.Timeout timeout = loop.schedule(
                    ID_WAIT_MS,
                    () -> id.completeExceptionally(
                            new ApiException(ErrorCode.REQUEST_TIMED_OUT, "There are no producer ids at present")));
            ids.next().whenComplete((next, failure) -> {
                timeout.cancel();
                if (failure == null) {
                    id.complete(next);
                } else {
                    id.completeExceptionally(failure);
                }
            });
        });
        return id;
    }

    TransactionCoordinator coordinator() {
        return coordinator;
    }

    TransactionVerifier verifier() {
        return verifier;
    }

    /** {@return what serves InitProducerId of a producer with a transactional id} */
    RequestHandler<InitProducerIdRequest> initialization() {
        return initialization;
    }

    /** {@return the handler of an API} @throws IllegalArgumentException if it is none of transactions */
    RequestHandler<?> handler(ApiKey api) {
        return switch (api) {
            case ADD_PARTITIONS_TO_TXN -> new AddPartitionsToTxnHandler(coordinator, rooms.metadata());
            case ADD_OFFSETS_TO_TXN -> new AddOffsetsToTxnHandler(coordinator);
            case END_TXN -> new EndTxnHandler(coordinator);
            case TXN_OFFSET_COMMIT -> new TxnOffsetCommitHandler(rooms.groups(), verifier, rooms.metadata(), verifies);
            case WRITE_TXN_MARKERS -> new WriteTxnMarkersHandler(markers);
            case DESCRIBE_TRANSACTIONS -> new DescribeTransactionsHandler(coordinator);
            default -> throw new IllegalArgumentException(api + " is not of transactions");
        };
    }
}
