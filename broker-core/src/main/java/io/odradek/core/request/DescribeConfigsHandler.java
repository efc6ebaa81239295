package io.odradek.core.request;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigEntry;
import io.odradek.core.config.ConfigSource;
import io.odradek.core.controller.TopicNames;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.DescribeConfigsRequest;
import io.odradek.protocol.api.DescribeConfigsRequest.DescribeConfigsResource;
import io.odradek.protocol.api.DescribeConfigsResponse;
import io.odradek.protocol.api.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.odradek.protocol.api.DescribeConfigsResponse.DescribeConfigsResult;
import io.odradek.protocol.api.DescribeConfigsResponse.DescribeConfigsSynonym;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * DescribeConfigs 0 to 4: the settings of topics and of this broker, with where each value comes from; from version 1 on
 * with the other places it could come from, if asked; from version 3 on with its type and, if asked, what it does. A null
 * list of names means all. A resource that is named more than once is answered once. Settings of the broker are read-only; those of the cluster as a whole (a broker without name)
 * are none yet.
 *
 * <p>Errors of a resource: INVALID_TOPIC_EXCEPTION, UNKNOWN_TOPIC_OR_PARTITION, and INVALID_REQUEST for another broker's
 * id or another kind of resource.
 */
public final class DescribeConfigsHandler implements RequestHandler<DescribeConfigsRequest> {
    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;

    private final MetadataSource metadata;
    private final BrokerConfig config;
    private final int brokerId;
    private final TopicSettings topicSettings;

    /**
     * @param metadata the image
     * @param config this broker's configuration
     * @param brokerId this broker's id
     */
    public DescribeConfigsHandler(MetadataSource metadata, BrokerConfig config, int brokerId) {
        this.metadata = metadata;
        this.config = config;
        this.brokerId = brokerId;
        this.topicSettings = new TopicSettings(config.given());
    }

    @Override
    public void handle(DescribeConfigsRequest request, RequestContext context) {
        List<DescribeConfigsResult> results = new ArrayList<>();
        for (DescribeConfigsResource resource : distinct(request.resources())) {
            try {
                results.add(new DescribeConfigsResult(
                        ErrorCode.NONE,
                        null,
                        resource.resourceType(),
                        resource.resourceName(),
                        settings(resource, request)));
            } catch (ApiException e) {
                results.add(new DescribeConfigsResult(
                        e.error(), e.getMessage(), resource.resourceType(), resource.resourceName(), List.of()));
            }
        }
        context.respond(new DescribeConfigsResponse(0, results));
    }

    /** {@return each resource once, with all the names of settings that are asked of it} */
    private static Collection<DescribeConfigsResource> distinct(List<DescribeConfigsResource> resources) {
        Map<String, DescribeConfigsResource> distinct = new LinkedHashMap<>();
        for (DescribeConfigsResource resource : resources) {
            distinct.merge(
                    resource.resourceType() + ":" + resource.resourceName(), resource, DescribeConfigsHandler::both);
        }
        return distinct.values();
    }

    private static DescribeConfigsResource both(DescribeConfigsResource one, DescribeConfigsResource other) {
        List<String> keys = null;
        if (one.configurationKeys() != null && other.configurationKeys() != null) {
            keys = new ArrayList<>(one.configurationKeys());
            keys.addAll(other.configurationKeys());
        }
        return new DescribeConfigsResource(one.resourceType(), one.resourceName(), keys);
    }

    /** {@return the names of settings that are asked for; null for all} */
    private static Set<String> keys(DescribeConfigsResource resource) {
        return resource.configurationKeys() == null ? null : new HashSet<>(resource.configurationKeys());
    }

    private List<DescribeConfigsResourceResult> settings(
            DescribeConfigsResource resource, DescribeConfigsRequest request) {
        return switch (resource.resourceType()) {
            case TOPIC -> topic(resource, request);
            case BROKER -> broker(resource, request);
            default ->
                throw new ApiException(
                        ErrorCode.INVALID_REQUEST,
                        "Resources of type " + resource.resourceType() + " have no settings");
        };
    }

    private List<DescribeConfigsResourceResult> topic(
            DescribeConfigsResource resource, DescribeConfigsRequest request) {
        TopicNames.check(resource.resourceName());
        TopicInfo topic = metadata.image().topics().get(resource.resourceName());
        if (topic == null) {
            throw new ApiException(
                    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "There is no topic '" + resource.resourceName() + "'");
        }
        return topicSettings.described(
                topic.config(), keys(resource), request.includeSynonyms(), request.includeDocumentation());
    }

    private List<DescribeConfigsResourceResult> broker(
            DescribeConfigsResource resource, DescribeConfigsRequest request) {
        if (resource.resourceName().isEmpty()) {
            return List.of();
        }
        if (!resource.resourceName().equals(Integer.toString(brokerId))) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    "This is broker " + brokerId + "; the settings of broker " + Quoted.text(resource.resourceName())
                            + " are to be asked of that one");
        }
        List<DescribeConfigsResourceResult> settings = new ArrayList<>();
        Set<String> keys = keys(resource);
        for (ConfigEntry entry : config.entries()) {
            if (keys == null || keys.contains(entry.name())) {
                settings.add(setting(entry, request));
            }
        }
        return settings;
    }

    private static DescribeConfigsResourceResult setting(ConfigEntry entry, DescribeConfigsRequest request) {
        List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
        for (ConfigEntry.Synonym synonym :
                request.includeSynonyms() ? entry.synonyms() : List.<ConfigEntry.Synonym>of()) {
            synonyms.add(new DescribeConfigsSynonym(
                    synonym.name(), synonym.value(), synonym.source().code()));
        }
        return new DescribeConfigsResourceResult(
                entry.name(),
                entry.value(),
                true,
                entry.source() == ConfigSource.DEFAULT_CONFIG,
                entry.source().code(),
                entry.sensitive(),
                synonyms,
                entry.type().code(),
                request.includeDocumentation() ? entry.doc() : null);
    }
}
