package io.odradek.core.request.group;

import io.odradek.core.controller.TopicCreator;
import io.odradek.core.controller.TopicNames;
import io.odradek.core.coordinator.runtime.CoordinatorRuntime;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.request.Deadline;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.request.TopicLines;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.FindCoordinatorResponse;
import io.odradek.protocol.api.FindCoordinatorResponse.Coordinator;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.FewLines;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * FindCoordinator, versions 0 to 6: the broker that leads the partition which a key lives in. From version 4 on for several
 * keys at once.
 *
 * <p>The first request for a group creates {@code __consumer_offsets}, the first one for a transactional id {@code
 * __transaction_state}, and it is answered when that is done; if it fails or takes longer than the handler's bound,
 * COORDINATOR_NOT_AVAILABLE, as while the partition has no leader. Other key types: INVALID_REQUEST, with the reason in the
 * message. A key that is named more than once is answered once.
 *
 * <p>Versions: 1 brought key types, messages and the throttle time (KIP-98, KIP-124); from 2 on a throttled client is
 * answered first (KIP-219); 3 is flexible (KIP-482); 4 asks for several keys (KIP-699); from 5 on TRANSACTION_ABORTABLE
 * is known (KIP-890), which is not answered here; 6 has the key type of share groups (KIP-932).
 */
public final class FindCoordinatorHandler implements RequestHandler<FindCoordinatorRequest> {
    private static final short SEVERAL_KEYS_SINCE = 4;
    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;
    private static final int NO_NODE = -1;

    private final MetadataSource metadata;
    private final TopicCreator topics;
    private final EventLoop loop;
    private final long maxWaitMs;
    private final FewLines refusals;
    private final TopicLines lines;

    /**
     * @param metadata the image
     * @param topics creates the topics that keys live in
     * @param loop where waiting requests live
     * @param maxWaitMs how long a request waits for that
     * @param clock for how often the log says that it cannot be done
     */
    public FindCoordinatorHandler(
            MetadataSource metadata, TopicCreator topics, EventLoop loop, long maxWaitMs, Clock clock) {
        this.metadata = metadata;
        this.topics = topics;
        this.loop = loop;
        this.maxWaitMs = maxWaitMs;
        this.refusals = new FewLines(LoggerFactory.getLogger(FindCoordinatorHandler.class), clock);
        this.lines = new TopicLines(clock);
    }

    @Override
    public void handle(FindCoordinatorRequest request, RequestContext context) {
        String topic = topicOf(request.keyType());
        if (topic == null || metadata.image().topics().containsKey(topic)) {
            respond(request, context);
            return;
        }
        var creation = lines.asked(topic, topics.create(topic), context);
        Deadline.await(context, loop, maxWaitMs, creation, (error, failure) -> {
            if (failure != null) {
                refusals.error(topic + " could not be created: " + failure);
            } else if (error != ErrorCode.NONE && error != ErrorCode.TOPIC_ALREADY_EXISTS) {
                refusals.warn(topic + " could not be created: "
                        + (error == null ? "it takes longer than " + maxWaitMs + " ms" : error));
            }
            respond(request, context);
        });
    }

    /** {@return the topic that keys of a type live in, null if there is none} */
    private static String topicOf(byte keyType) {
        return switch (keyType) {
            case GROUP -> TopicNames.OFFSETS;
            case TRANSACTION -> TopicNames.TRANSACTIONS;
            default -> null;
        };
    }

    private void respond(FindCoordinatorRequest request, RequestContext context) {
        String listener = context.connection().peer().listenerName();
        if (context.header().apiVersion() < SEVERAL_KEYS_SINCE) {
            Coordinator found = find(request.keyType(), request.key(), listener);
            context.respond(new FindCoordinatorResponse(
                    found.errorCode(), found.errorMessage(), found.nodeId(), found.host(), found.port(), List.of()));
            return;
        }
        List<Coordinator> found = new ArrayList<>(request.coordinatorKeys().size());
        for (String key : new LinkedHashSet<>(request.coordinatorKeys())) {
            found.add(find(request.keyType(), key, listener));
        }
        context.respond(new FindCoordinatorResponse(ErrorCode.NONE, null, NO_NODE, "", NO_NODE, found));
    }

    private Coordinator find(byte keyType, String key, String listener) {
        String name = topicOf(keyType);
        if (name == null) {
            return none(key, ErrorCode.INVALID_REQUEST, "There are no coordinators of key type " + keyType);
        }
        MetadataImage image = metadata.image();
        TopicInfo topic = image.topics().get(name);
        if (topic == null) {
            return none(key, ErrorCode.COORDINATOR_NOT_AVAILABLE, "The topic of such keys cannot be created yet");
        }
        PartitionInfo partition = topic.partitions()
                .get(CoordinatorRuntime.partitionOf(key, topic.partitions().size()));
        BrokerInfo leader = image.brokers().get(partition.leader());
        Endpoint endpoint = leader == null ? null : leader.endpoints().get(listener);
        return endpoint == null
                ? none(key, ErrorCode.COORDINATOR_NOT_AVAILABLE, "The key's partition has no leader at present")
                : new Coordinator(key, leader.id(), endpoint.host(), endpoint.port(), ErrorCode.NONE, null);
    }

    private static Coordinator none(String key, ErrorCode error, String message) {
        return new Coordinator(key, NO_NODE, "", NO_NODE, error, message);
    }
}
