package io.odradek.server.embedded;

import io.odradek.core.controller.TopicNames;
import io.odradek.protocol.errors.ApiException;
import java.util.Map;
import java.util.TreeMap;

/**
 * A topic to be created.
 *
 * @param name its name
 * @param partitions how many partitions; -1 for the broker's {@code num.partitions}
 * @param replicas how many replicas each; -1 for what the brokers do by themselves
 * @param settings what it sets over the broker's defaults, by Kafka's names of topics' settings
 */
public record TopicSpec(String name, int partitions, int replicas, Map<String, String> settings) {
    /** @throws IllegalArgumentException if no topic can have the name, or so many partitions or replicas */
    public TopicSpec {
        try {
            TopicNames.check(name);
        } catch (ApiException illegal) {
            throw new IllegalArgumentException(illegal.getMessage(), illegal);
        }
        if (partitions < 1 && partitions != -1) {
            throw new IllegalArgumentException("Topic " + name + " cannot have " + partitions + " partitions");
        }
        if ((replicas < 1 && replicas != -1) || replicas > Short.MAX_VALUE) {
            throw new IllegalArgumentException("Topic " + name + " cannot have " + replicas + " replicas");
        }
        settings = Map.copyOf(new TreeMap<>(settings));
    }
}
