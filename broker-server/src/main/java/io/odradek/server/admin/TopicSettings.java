package io.odradek.server.admin;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.DescribeConfigsRequest;
import io.odradek.protocol.api.DescribeConfigsRequest.DescribeConfigsResource;
import io.odradek.protocol.api.DescribeConfigsResponse;
import io.odradek.protocol.api.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.odradek.protocol.api.DescribeConfigsResponse.DescribeConfigsResult;
import io.odradek.server.json.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The settings of topics, with who has set them. */
final class TopicSettings {
    private static final int VERSION = 4;
    private static final byte TOPIC_RESOURCE = 2;
    private static final String OF_TOPIC = "topic";
    private static final List<String> SOURCES =
            List.of("unknown", OF_TOPIC, "broker", "cluster", "broker", "default", "broker");

    private TopicSettings() {}

    /** {@return what topics set themselves, by topic} */
    static Map<String, Map<String, String>> own(Look look, Collection<String> topics) {
        Map<String, Map<String, String>> own = new HashMap<>();
        for (DescribeConfigsResult topic : ask(look, topics, false)) {
            Map<String, String> values = new TreeMap<>();
            for (DescribeConfigsResourceResult setting : topic.configs()) {
                if (source(setting).equals(OF_TOPIC)) {
                    values.put(setting.name(), setting.value());
                }
            }
            own.put(topic.resourceName(), values);
        }
        return own;
    }

    /** {@return all settings that a topic has} */
    static List<Map<String, Object>> all(Look look, String topic) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (DescribeConfigsResult result : ask(look, List.of(topic), true)) {
            for (DescribeConfigsResourceResult setting : result.configs()) {
                all.add(Json.object(
                        "name", setting.name(),
                        "value", setting.value(),
                        "source", source(setting),
                        "documentation", setting.documentation()));
            }
        }
        return all;
    }

    private static List<DescribeConfigsResult> ask(Look look, Collection<String> topics, boolean documentation) {
        DescribeConfigsRequest request = new DescribeConfigsRequest(
                topics.stream()
                        .map(topic -> new DescribeConfigsResource(TOPIC_RESOURCE, topic, null))
                        .toList(),
                false,
                documentation);
        return look.ask(ApiKey.DESCRIBE_CONFIGS, VERSION, request, DescribeConfigsResponse.class)
                .results();
    }

    private static String source(DescribeConfigsResourceResult setting) {
        return SOURCES.get(Math.max(0, Math.min(SOURCES.size() - 1, setting.configSource())));
    }
}
