package io.odradek.core.request;

import io.odradek.core.config.ConfigEntry;
import io.odradek.core.config.ConfigSource;
import io.odradek.core.config.DescribedSettings;
import io.odradek.core.config.LiveConfig;
import io.odradek.core.config.dynamic.GroupConfigs;
import io.odradek.core.config.dynamic.TopicConfigReader;
import io.odradek.core.controller.TopicNames;
import io.odradek.core.coordination.CoordinationErrors;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.DescribeConfigsRequest;
import io.odradek.protocol.api.DescribeConfigsRequest.DescribeConfigsResource;
import io.odradek.protocol.api.DescribeConfigsResponse;
import io.odradek.protocol.api.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.odradek.protocol.api.DescribeConfigsResponse.DescribeConfigsResult;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * DescribeConfigs 0 to 4: the settings of topics and of this broker, the levels of its loggers (KIP-412), and what
 * groups are set to, with where each value comes from; from version 1 on
 * with the other places it could come from, if asked; from version 3 on with its type and, if asked, what it does. A null
 * list of names means all, and an empty one too, as in Kafka. A resource that is named more than once is answered once.
 * Of a broker without name, those settings are shown that the tree has for all brokers.
 *
 * <p>Versions: 0 is KIP-133; 1 brought sources and synonyms in the place of a mark for defaults (KIP-226); from 2 on a
 * throttled client is answered first (KIP-219); 3 brought types and documentation (KIP-569); 4 is flexible (KIP-482).
 *
 * <p>Errors of the request, if the tree does not tell what topics override: REQUEST_TIMED_OUT and the like. Errors of a
 * resource: INVALID_TOPIC_EXCEPTION, UNKNOWN_TOPIC_OR_PARTITION, and INVALID_REQUEST for another broker's
 * id or another kind of resource.
 */
public final class DescribeConfigsHandler implements RequestHandler<DescribeConfigsRequest> {
    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte BROKER_LOGGER = 8;
    private static final byte GROUP = 32;
    private static final byte UNKNOWN_TYPE = 0;

    /** As the request brings no time of its own for this: how long it waits for the tree. */
    private static final long WAIT_MS = 30_000;

    private final MetadataSource metadata;
    private final TopicConfigReader topics;
    private final GroupConfigs groups;
    private final EventLoop loop;
    private final LiveConfig config;
    private final int brokerId;
    private final TopicSettings topicSettings;

    /**
     * @param metadata the image
     * @param topics reads what topics override; their settings are in the tree, whoever leads them
     * @param groups reads what groups are set to
     * @param loop where waiting requests live
     * @param config this broker's configuration
     * @param brokerId this broker's id
     */
    public DescribeConfigsHandler(
            MetadataSource metadata,
            TopicConfigReader topics,
            GroupConfigs groups,
            EventLoop loop,
            LiveConfig config,
            int brokerId) {
        this.metadata = metadata;
        this.topics = topics.quiet();
        this.groups = groups;
        this.loop = loop;
        this.config = config;
        this.brokerId = brokerId;
        this.topicSettings = new TopicSettings(config);
    }

    @Override
    public void handle(DescribeConfigsRequest request, RequestContext context) {
        Collection<Wanted> wanted = distinct(request.resources());
        Set<String> namedTopics = new TreeSet<>();
        Set<String> namedGroups = new TreeSet<>();
        for (Wanted resource : wanted) {
            if (resource.type == TOPIC && metadata.image().topics().containsKey(resource.name)) {
                namedTopics.add(resource.name);
            } else if (resource.type == GROUP && !resource.name.isEmpty()) {
                namedGroups.add(resource.name);
            }
        }
        if (namedTopics.isEmpty() && namedGroups.isEmpty()) {
            respond(request, wanted, Stored.NOTHING, context);
            return;
        }
        loop.post(() -> Deadline.await(context, loop, WAIT_MS, read(namedTopics, namedGroups), (stored, error) -> {
            if (stored != null) {
                respond(request, wanted, stored, context);
            } else {
                ErrorCode code = error == null ? ErrorCode.REQUEST_TIMED_OUT : CoordinationErrors.code(cause(error));
                context.fail(code, "The settings of topics cannot be read");
            }
        }));
    }

    /** What the tree says of topics and groups, by their names. */
    private record Stored(Map<String, Map<String, String>> topics, Map<String, SortedMap<String, String>> groups) {
        private static final Stored NOTHING = new Stored(Map.of(), Map.of());
    }

    private CompletionStage<Stored> read(Set<String> ofTopics, Set<String> ofGroups) {
        return ofGroups.isEmpty()
                ? topics.read(ofTopics).thenApply(read -> new Stored(read, Map.of()))
                : topics.read(ofTopics).thenCombine(groups.read(ofGroups), Stored::new);
    }

    private static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    private void respond(
            DescribeConfigsRequest request, Collection<Wanted> resources, Stored stored, RequestContext context) {
        List<DescribeConfigsResult> results = new ArrayList<>();
        for (Wanted wanted : resources) {
            try {
                results.add(new DescribeConfigsResult(
                        ErrorCode.NONE, null, wanted.type, wanted.name, settings(wanted, stored, request)));
            } catch (ApiException e) {
                results.add(new DescribeConfigsResult(e.error(), e.getMessage(), wanted.type, wanted.name, List.of()));
            }
        }
        context.respond(new DescribeConfigsResponse(results));
    }

    /** A resource that is asked about, once or more than once. */
    private static final class Wanted {
        private final byte type;
        private final String name;
        private final Set<String> keys = new HashSet<>();
        private boolean all;

        private Wanted(DescribeConfigsResource resource) {
            type = resource.resourceType();
            name = resource.resourceName();
        }

        private void ask(List<String> names) {
            all |= names == null || names.isEmpty();
            keys.addAll(names == null ? List.of() : names);
        }

        private boolean isAsked(String setting) {
            return all || keys.contains(setting);
        }
    }

    /** {@return each resource once, with all the settings that are asked of it} */
    private static Collection<Wanted> distinct(List<DescribeConfigsResource> resources) {
        Map<String, Wanted> distinct = new LinkedHashMap<>();
        for (DescribeConfigsResource resource : resources) {
            String key = resource.resourceType() + ":" + resource.resourceName();
            distinct.computeIfAbsent(key, first -> new Wanted(resource)).ask(resource.configurationKeys());
        }
        return distinct.values();
    }

    private List<DescribeConfigsResourceResult> settings(Wanted wanted, Stored stored, DescribeConfigsRequest request) {
        return switch (wanted.type) {
            case TOPIC -> topic(wanted, stored.topics().get(wanted.name), request);
            case BROKER -> broker(wanted, request);
            case BROKER_LOGGER -> loggers(wanted);
            case GROUP -> group(wanted, stored.groups().get(wanted.name), request);
            default ->
                throw new ApiException(
                        ErrorCode.INVALID_REQUEST, "Resources of type " + wanted.type + " have no settings");
        };
    }

    private List<DescribeConfigsResourceResult> topic(
            Wanted wanted, Map<String, String> overrides, DescribeConfigsRequest request) {
        TopicNames.check(wanted.name);
        if (overrides == null) {
            throw new ApiException(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "There is no topic '" + wanted.name + "'");
        }
        return topicSettings.described(
                overrides, wanted::isAsked, request.includeSynonyms(), request.includeDocumentation());
    }

    private List<DescribeConfigsResourceResult> broker(Wanted wanted, DescribeConfigsRequest request) {
        DescribedSettings described = new DescribedSettings(config.current());
        boolean ofAll = wanted.name.isEmpty();
        if (!ofAll) {
            checkIsThisBroker(wanted);
        }
        List<DescribeConfigsResourceResult> settings = new ArrayList<>();
        for (ConfigEntry entry : ofAll ? described.ofAllBrokers() : described.ofBroker()) {
            if (wanted.isAsked(entry.name())) {
                settings.add(DescribedEntries.of(entry, request.includeSynonyms(), request.includeDocumentation()));
            }
        }
        return settings;
    }

    private List<DescribeConfigsResourceResult> group(
            Wanted wanted, SortedMap<String, String> stored, DescribeConfigsRequest request) {
        if (stored == null) {
            throw new ApiException(ErrorCode.INVALID_REQUEST, "Group name must not be empty");
        }
        List<DescribeConfigsResourceResult> settings = new ArrayList<>();
        for (ConfigEntry entry : DescribedSettings.ofGroup(stored)) {
            if (wanted.isAsked(entry.name())) {
                settings.add(DescribedEntries.of(entry, request.includeSynonyms(), request.includeDocumentation()));
            }
        }
        return settings;
    }

    private List<DescribeConfigsResourceResult> loggers(Wanted wanted) {
        if (wanted.name.isEmpty()) {
            throw new ApiException(ErrorCode.INVALID_REQUEST, "Broker id must not be empty");
        }
        checkIsThisBroker(wanted);
        List<DescribeConfigsResourceResult> levels = new ArrayList<>();
        config.loggers().levels().forEach((logger, level) -> {
            if (wanted.isAsked(logger)) {
                byte source = ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG.code();
                levels.add(new DescribeConfigsResourceResult(
                        logger, level, false, false, source, false, List.of(), UNKNOWN_TYPE, ""));
            }
        });
        return levels;
    }

    private void checkIsThisBroker(Wanted wanted) {
        if (!wanted.name.equals(Integer.toString(brokerId))) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    "Unexpected broker id, expected " + brokerId + " or empty string, but received "
                            + Quoted.text(wanted.name));
        }
    }
}
