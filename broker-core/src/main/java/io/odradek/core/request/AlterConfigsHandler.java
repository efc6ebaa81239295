package io.odradek.core.request;

import io.odradek.core.config.dynamic.TopicConfigChange.Kind;
import io.odradek.core.config.dynamic.TopicConfigChange.Operation;
import io.odradek.core.request.ConfigAlterations.Outcome;
import io.odradek.core.request.ConfigAlterations.Wanted;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.AlterConfigsRequest;
import io.odradek.protocol.api.AlterConfigsRequest.AlterConfigsResource;
import io.odradek.protocol.api.AlterConfigsRequest.AlterableConfig;
import io.odradek.protocol.api.AlterConfigsResponse;
import io.odradek.protocol.api.AlterConfigsResponse.AlterConfigsResourceResponse;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * AlterConfigs 0 to 2: replaces all that topics override, or brokers are set to while they run, each on its own, and answers when the change is stored and in
 * effect on this broker. With {@code validateOnly} nothing changes.
 *
 * <p>Versions: 0 is KIP-133; from 1 on a throttled client is answered first (KIP-219); 2 is flexible (KIP-482).
 *
 * <p>Errors of a resource: INVALID_REQUEST, INVALID_CONFIG, UNKNOWN_TOPIC_OR_PARTITION, POLICY_VIOLATION for settings too
 * large to be stored, REQUEST_TIMED_OUT, KAFKA_STORAGE_ERROR; see {@link ConfigAlterations}.
 */
public final class AlterConfigsHandler implements RequestHandler<AlterConfigsRequest> {
    private final ConfigAlterations alterations;
    private final EventLoop loop;
    private final TopicLines lines;

    /**
     * @param alterations makes the changes
     * @param loop where waiting requests live
     * @param lines tells of them
     */
    public AlterConfigsHandler(ConfigAlterations alterations, EventLoop loop, TopicLines lines) {
        this.alterations = alterations;
        this.loop = loop;
        this.lines = lines;
    }

    @Override
    public void handle(AlterConfigsRequest request, RequestContext context) {
        List<Wanted> wanted = new ArrayList<>(request.resources().size());
        for (AlterConfigsResource resource : request.resources()) {
            List<Operation> operations = new ArrayList<>(resource.configs().size());
            for (AlterableConfig config : resource.configs()) {
                operations.add(new Operation(config.name(), Kind.SET, config.value()));
            }
            wanted.add(new Wanted(resource.resourceType(), resource.resourceName(), true, operations));
        }
        var alteration = alterations.alter(wanted, request.validateOnly());
        if (!request.validateOnly()) {
            lines.altering(wanted, alteration, context);
        }
        Deadline.await(context, loop, ConfigAlterations.WAIT_MS, alteration, (outcomes, error) -> {
            List<AlterConfigsResourceResponse> responses = new ArrayList<>(wanted.size());
            for (int i = 0; i < wanted.size(); i++) {
                Outcome outcome = ConfigAlterations.outcome(outcomes, i, error);
                responses.add(new AlterConfigsResourceResponse(
                        outcome.error(),
                        outcome.message(),
                        wanted.get(i).type(),
                        wanted.get(i).name()));
            }
            context.respond(new AlterConfigsResponse(responses));
        });
    }
}
