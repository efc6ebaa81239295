package io.odradek.core.adoption;

import io.odradek.core.adoption.OldTopics.OldTopic;
import io.odradek.core.config.dynamic.StoredTopicConfig;
import io.odradek.core.controller.Adoption;
import io.odradek.core.controller.TopicNames;
import io.odradek.core.coordination.node.TopicConfigNode;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogSetting;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides from what the sources say what a topic's settings are. */
public final class BroughtSettings implements Adoption.Knowledge {
    private static final Logger LOG = LoggerFactory.getLogger(BroughtSettings.class);

    private final List<OldTopics> sources;
    private final Map<String, String> brokerDefaults;

    /**
     * @param sources what is known, the most trusted first
     * @param brokerDefaults this broker's settings by their broker names
     */
    public BroughtSettings(List<OldTopics> sources, Map<String, String> brokerDefaults) {
        this.sources = List.copyOf(sources);
        this.brokerDefaults = brokerDefaults;
    }

    @Override
    public Adoption.Known settingsOf(String topic, Uuid id) {
        Adoption.Known doubtful = null;
        String nobody = "nobody knows them";
        for (OldTopics source : sources) {
            OldTopic topicThere = source.topics().get(topic);
            if (topicThere == null) {
                continue;
            }
            if (!topicThere.mayBe(id)) {
                nobody = source.source() + " knows another topic of that name, with id " + topicThere.id();
                continue;
            }
            Adoption.Known known = new Adoption.Known(
                    overrides(topic, topicThere, source),
                    "from " + source.source(),
                    topicThere.id(),
                    topicThere.partitions());
            if (!known.overrides().containsKey(LogSetting.UNCONFIRMED)) {
                return known;
            }
            doubtful = doubtful == null ? known : doubtful;
        }
        return doubtful != null ? doubtful : new Adoption.Known(Adoption.settings(topic), nobody, Uuid.ZERO, 0);
    }

    private SortedMap<String, String> overrides(String topic, OldTopic known, OldTopics source) {
        SortedMap<String, String> all = new TreeMap<>(inherited(source));
        all.putAll(known.overrides());
        if (TopicNames.internal(topic)) {
            all.putAll(Adoption.settings(topic));
        }
        SortedMap<String, String> usable =
                new TreeMap<>(StoredTopicConfig.usable(topic, new TopicConfigNode(all).encode(), brokerDefaults));
        if (!source.whole() && !TopicNames.internal(topic)) {
            usable.put(LogSetting.UNCONFIRMED, "true");
        }
        return usable;
    }

    /** What the topic had from its former brokers and would not have from this one. */
    private SortedMap<String, String> inherited(OldTopics source) {
        SortedMap<String, String> inherited = new TreeMap<>();
        if (source.brokerSettings().isEmpty()) {
            return inherited;
        }
        try {
            Map<String, String> former = values(source.brokerSettings());
            Map<String, String> own = values(brokerDefaults);
            for (LogSetting setting : LogSetting.values()) {
                String value = former.get(setting.topicName());
                boolean said = setting.brokerNames().stream().anyMatch(source.brokerSettings()::containsKey);
                if (said && !value.equals(own.get(setting.topicName()))) {
                    inherited.put(setting.topicName(), value);
                }
            }
        } catch (ApiException | IllegalArgumentException unreadable) {
            LOG.warn("What {} says of all brokers is ignored: {}", source.source(), unreadable.getMessage());
        }
        return inherited;
    }

    private static Map<String, String> values(Map<String, String> broker) {
        Map<String, String> values = new TreeMap<>();
        LogConfig.of(broker, Map.of()).entries().forEach(entry -> values.put(entry.name(), entry.value()));
        return values;
    }
}
