package io.odradek.core.request;

import io.odradek.core.config.dynamic.GroupConfigs;
import io.odradek.core.coordination.CoordinationErrors;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ListConfigResourcesRequest;
import io.odradek.protocol.api.ListConfigResourcesResponse;
import io.odradek.protocol.api.ListConfigResourcesResponse.ConfigResource;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * ListConfigResources 0 and 1: the topics, the brokers and their loggers, and the groups that are set to something. Version 0
 * asks for subscriptions to client metrics (KIP-714), of which there are none; 1 for the kinds of resources that it names, or for
 * all if it names none (KIP-1142).
 *
 * <p>Errors: UNSUPPORTED_VERSION for a kind that is not known; REQUEST_TIMED_OUT and the like if the tree does not tell which
 * groups there are.
 */
public final class ListConfigResourcesHandler implements RequestHandler<ListConfigResourcesRequest> {
    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte BROKER_LOGGER = 8;
    private static final byte CLIENT_METRICS = 16;
    private static final byte GROUP = 32;
    private static final SortedSet<Byte> ALL =
            new TreeSet<>(List.of(TOPIC, BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP));
    private static final long WAIT_MS = 30_000;

    private final MetadataSource metadata;
    private final GroupConfigs groups;
    private final EventLoop loop;

    /**
     * @param metadata the image
     * @param groups knows which groups are set to something
     * @param loop where waiting requests live
     */
    public ListConfigResourcesHandler(MetadataSource metadata, GroupConfigs groups, EventLoop loop) {
        this.metadata = metadata;
        this.groups = groups;
        this.loop = loop;
    }

    @Override
    public void handle(ListConfigResourcesRequest request, RequestContext context) {
        if (context.header().apiVersion() == 0) {
            context.respond(new ListConfigResourcesResponse(ErrorCode.NONE, List.of()));
            return;
        }
        Set<Byte> kinds = request.resourceTypes().isEmpty() ? ALL : new TreeSet<>(request.resourceTypes());
        if (!ALL.containsAll(kinds)) {
            context.respond(new ListConfigResourcesResponse(ErrorCode.UNSUPPORTED_VERSION, List.of()));
        } else if (kinds.contains(GROUP)) {
            loop.post(() -> Deadline.await(context, loop, WAIT_MS, groups.groups(), (named, error) -> {
                if (named != null) {
                    context.respond(list(kinds, named));
                } else {
                    ErrorCode code = error == null ? ErrorCode.REQUEST_TIMED_OUT : CoordinationErrors.code(error);
                    context.respond(new ListConfigResourcesResponse(code, List.of()));
                }
            }));
        } else {
            context.respond(list(kinds, new TreeSet<>()));
        }
    }

    private ListConfigResourcesResponse list(Set<Byte> kinds, SortedSet<String> namedGroups) {
        MetadataImage image = metadata.image();
        List<ConfigResource> resources = new ArrayList<>();
        if (kinds.contains(TOPIC)) {
            image.topics().keySet().forEach(topic -> resources.add(new ConfigResource(topic, TOPIC)));
        }
        for (byte kind : new byte[] {BROKER, BROKER_LOGGER}) {
            if (kinds.contains(kind)) {
                image.brokers().keySet().forEach(id -> resources.add(new ConfigResource(Integer.toString(id), kind)));
            }
        }
        namedGroups.forEach(group -> resources.add(new ConfigResource(group, GROUP)));
        return new ListConfigResourcesResponse(ErrorCode.NONE, resources);
    }
}
