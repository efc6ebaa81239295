package io.odradek.server.clients;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/** What a topic overrides, as DescribeConfigs tells it. */
public final class TopicOverrides {
    private TopicOverrides() {}

    /** {@return the overrides of a topic} */
    public static Map<String, String> of(Admin admin, String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Map<String, String> overrides = new TreeMap<>();
        for (ConfigEntry entry : admin.describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .entries()) {
            if (entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG) {
                overrides.put(entry.name(), entry.value());
            }
        }
        return overrides;
    }
}
