package io.odradek.server.inspect;

import io.odradek.core.brokers.BrokerLine;
import io.odradek.core.brokers.BrokerLines;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.transport.BrokerAnswer;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.FetchableTopicResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Payload;
import io.odradek.server.Broker;
import io.odradek.storage.env.Clock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A broker of this process and, over the network, the others of its cluster. One that does not answer counts as not there for
 * a while, so that it holds up who looks at the rest only once.
 */
public final class ClusterAccess implements BrokerAccess {
    /** How long another broker has to answer. */
    public static final int ANSWER_WITHIN_MS = 2_000;

    private static final long LEFT_ALONE_NS = 30_000_000_000L;

    private final Broker broker;
    private final BrokerLines others;
    private final Clock clock;
    private final Map<Integer, Long> silentUntilNs = new ConcurrentHashMap<>();
    /** Known to the loop of the lines alone. */
    private final Map<Integer, BrokerLine> lines = new HashMap<>();

    /** @param others the lines to the other brokers */
    public ClusterAccess(Broker broker, BrokerLines others, Clock clock) {
        this.broker = broker;
        this.others = others;
        this.clock = clock;
    }

    @Override
    public MetadataImage image() {
        return broker.metadata();
    }

    @Override
    public SortedSet<Integer> ids() {
        SortedSet<Integer> ids = new TreeSet<>(image().brokers().keySet());
        ids.removeIf(id -> id != broker.brokerId() && isSilent(id));
        ids.add(broker.brokerId());
        return ids;
    }

    private boolean isSilent(int id) {
        Long untilNs = silentUntilNs.get(id);
        return untilNs != null && clock.monotonicNs() - untilNs < 0;
    }

    @Override
    public CompletionStage<ApiResponse> ask(int brokerId, ApiKey api, int version, ApiRequest request) {
        if (brokerId == broker.brokerId()) {
            return broker.ask(api, version, request);
        }
        CompletableFuture<ApiResponse> asked = new CompletableFuture<>();
        others.loop()
                .post(() -> lines.computeIfAbsent(brokerId, others::to)
                        .send(api, version, request)
                        .whenComplete((answer, failure) -> take(brokerId, answer, failure, asked)));
        return asked;
    }

    private void take(int brokerId, BrokerAnswer answer, Throwable failure, CompletableFuture<ApiResponse> asked) {
        if (failure != null) {
            silentUntilNs.put(brokerId, clock.monotonicNs() + LEFT_ALONE_NS);
            asked.completeExceptionally(failure);
            return;
        }
        try (answer) {
            ApiResponse response = answer.response();
            asked.complete(response instanceof FetchResponse fetched ? kept(fetched) : response);
        } catch (RuntimeException broken) {
            asked.completeExceptionally(broken);
        }
    }

    /** The records are in a buffer of the network's, which goes back to it. */
    private static FetchResponse kept(FetchResponse fetched) {
        List<FetchableTopicResponse> topics = new ArrayList<>();
        for (FetchableTopicResponse topic : fetched.responses()) {
            List<PartitionData> partitions = new ArrayList<>();
            for (PartitionData data : topic.partitions()) {
                partitions.add(new PartitionData(
                        data.partitionIndex(),
                        data.errorCode(),
                        data.highWatermark(),
                        data.lastStableOffset(),
                        data.logStartOffset(),
                        data.divergingEpoch(),
                        data.currentLeader(),
                        data.snapshotId(),
                        data.abortedTransactions(),
                        data.preferredReadReplica(),
                        kept(data.records())));
            }
            topics.add(new FetchableTopicResponse(topic.topic(), topic.topicId(), partitions));
        }
        return new FetchResponse(fetched.errorCode(), fetched.sessionId(), topics, fetched.nodeEndpoints());
    }

    private static Payload kept(Payload records) {
        if (!(records instanceof BytesPayload bytes)) {
            return BytesPayload.EMPTY;
        }
        ByteBuffer copy = ByteBuffer.allocate(bytes.sizeBytes());
        return new BytesPayload(copy.put(bytes.buffer().duplicate()).flip());
    }
}
