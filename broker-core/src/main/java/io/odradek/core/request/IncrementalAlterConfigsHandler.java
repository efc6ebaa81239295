package io.odradek.core.request;

import io.odradek.core.config.dynamic.TopicConfigChange.Kind;
import io.odradek.core.config.dynamic.TopicConfigChange.Operation;
import io.odradek.core.request.ConfigAlterations.Outcome;
import io.odradek.core.request.ConfigAlterations.Wanted;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.IncrementalAlterConfigsRequest;
import io.odradek.protocol.api.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.odradek.protocol.api.IncrementalAlterConfigsRequest.AlterableConfig;
import io.odradek.protocol.api.IncrementalAlterConfigsResponse;
import io.odradek.protocol.api.IncrementalAlterConfigsResponse.AlterConfigsResourceResponse;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * IncrementalAlterConfigs 0 and 1 (KIP-339): sets, deletes, appends to or subtracts from single settings of topics and brokers, each
 * of them on its own and all or nothing, and answers when the change is stored and in effect on this broker. With
 * {@code validateOnly} nothing changes.
 *
 * <p>Versions: 0 is KIP-339; 1 is flexible (KIP-482).
 *
 * <p>Errors of a resource: INVALID_REQUEST, INVALID_CONFIG, UNKNOWN_TOPIC_OR_PARTITION, POLICY_VIOLATION for settings too
 * large to be stored, REQUEST_TIMED_OUT, KAFKA_STORAGE_ERROR; see {@link ConfigAlterations}.
 */
public final class IncrementalAlterConfigsHandler implements RequestHandler<IncrementalAlterConfigsRequest> {
    private final ConfigAlterations alterations;
    private final EventLoop loop;
    private final TopicLines lines;

    /**
     * @param alterations makes the changes
     * @param loop where waiting requests live
     * @param lines tells of them
     */
    public IncrementalAlterConfigsHandler(ConfigAlterations alterations, EventLoop loop, TopicLines lines) {
        this.alterations = alterations;
        this.loop = loop;
        this.lines = lines;
    }

    @Override
    public void handle(IncrementalAlterConfigsRequest request, RequestContext context) {
        List<Wanted> wanted = new ArrayList<>(request.resources().size());
        for (AlterConfigsResource resource : request.resources()) {
            List<Operation> operations = new ArrayList<>(resource.configs().size());
            for (AlterableConfig config : resource.configs()) {
                operations.add(new Operation(config.name(), Kind.ofId(config.configOperation()), config.value()));
            }
            wanted.add(new Wanted(resource.resourceType(), resource.resourceName(), false, operations));
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
            context.respond(new IncrementalAlterConfigsResponse(responses));
        });
    }
}
